// Ollama through its official client. The client has no time limit, no signal per call and writes to the
// console when a server answers with something else than JSON; a fetch of our own gives it the first two and
// keeps it from the third.

import { Ollama } from 'ollama';
import { z } from 'zod';
import { limits } from '../core/limits.ts';
import type { Reply, Talk } from './model.ts';
import { httpFault, lostFault, noMessage, retryAfterOf } from './model-fault.ts';

const ChatReply = z.object({
  message: z.object({ content: z.string() }),
  done_reason: z.string().optional(),
  prompt_eval_count: z.int().nonnegative().optional(),
  eval_count: z.int().nonnegative().optional(),
});

/** `url` of the server, `model` as `ollama list` names it. Nothing is opened before the first request. */
export function createOllama({ url, model }: { url: string; model: string }): Talk {
  return async ({ instructions, turns, schema, temperature }, signal) => {
    try {
      // A client per call: that is what binds it to the call's signal. It is a plain object without
      // connections.
      const client = new Ollama({ host: url, fetch: fetchWith(signal) });
      const reply: unknown = await client.chat({
        model,
        messages: [
          { role: 'system', content: instructions },
          ...turns.map(({ role, text }) => ({ role, content: text })),
        ],
        format: schema,
        stream: false,
        // `think` stays unset: with `false` several model families ignore `format` or answer with nothing.
        options: { temperature, num_predict: limits.modelTokensMax },
      });
      return readReply(reply);
    } catch (error) {
      signal.throwIfAborted();
      throw lostFault(error, []);
    }
  };
}

/** Fetches under the call's signal; a status that is no success never reaches the client. */
export function fetchWith(signal: AbortSignal): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, { ...init, signal });
    if (response.ok) return response;
    const retryAfterMs = retryAfterOf(response.headers);
    throw httpFault(response.status, errorIn(await response.text()), { retryAfterMs, secrets: [] });
  };
}

/** Ollama says `{"error": "…"}`; proxies before it say anything. */
function errorIn(body: string): string {
  try {
    const said = z.object({ error: z.string() }).safeParse(JSON.parse(body));
    return said.success ? said.data.error : body;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return body;
  }
}

function readReply(reply: unknown): Reply {
  const parsed = ChatReply.safeParse(reply);
  if (!parsed.success) throw noMessage();
  const { message, done_reason, prompt_eval_count, eval_count } = parsed.data;
  return {
    text: message.content,
    cut: done_reason === 'length',
    refusal: null,
    inputTokens: prompt_eval_count ?? null,
    outputTokens: eval_count ?? null,
  };
}
