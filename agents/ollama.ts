// Ollama through its official client. The client has no time limit, no signal per call and writes to the
// console when a server answers with something else than JSON; a fetch of our own gives it the first two and
// keeps it from the third.

import { Ollama } from 'ollama';
import { z } from 'zod';
import { messagesOf, shapeInWords } from './chat-completions.ts';
import type { Reply, Talk, TalkRequest } from './model.ts';
import { faultInSuccess, httpFault, lostFault, noMessage, retryAfterOf } from './model-fault.ts';
import { createAdapting } from './wire/adapting.ts';
import { anything } from './wire/anything.ts';
import { saidBy } from './wire/message.ts';
import { errorIn, saidIn } from './wire/server-error.ts';
import { countOf } from './wire/token-count.ts';
import type { Ways } from './wire/ways.ts';
import { textOf, wholeReply } from './wire/whole-reply.ts';

export interface OllamaOptions {
  readonly url: string;
  /** As `ollama list` names it. */
  readonly model: string;
  /** In ms, only for differences. */
  readonly clock?: () => number;
}

/** Nothing is opened before the first request. */
export function createOllama({ url, model, clock = () => performance.now() }: OllamaOptions): Talk {
  const adapting = createAdapting(clock);
  return (request, signal) =>
    adapting(async (ways) => {
      try {
        // A client per call: that is what binds it to the call's signal. It is a plain object without
        // connections.
        const client = new Ollama({ host: url, fetch: fetchWith(signal) });
        return readReply(await client.chat({ model, ...bodyOf(ways, request) }));
      } catch (error) {
        signal.throwIfAborted();
        throw lostFault(error, []);
      }
    });
}

function bodyOf(
  { form, tokensMax, system }: Ways,
  { instructions, turns, schema, temperature }: TalkRequest,
) {
  const told = form === 'json_schema' ? instructions : `${instructions}\n\n${shapeInWords(schema)}`;
  return {
    messages: messagesOf(told, turns, system),
    // Before 0.5 it knew no schema.
    ...(form === 'text' ? {} : { format: form === 'json_schema' ? schema : 'json' }),
    stream: false as const,
    // `think` stays unset: with `false` several model families ignore `format` or answer with nothing.
    options: { temperature, num_predict: tokensMax },
  };
}

/** Fetches under the call's signal; a status that is no success never reaches the client. */
export function fetchWith(signal: AbortSignal): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, { ...init, signal });
    if (response.ok) return wholeReply(response);
    const retryAfterMs = retryAfterOf(response.headers);
    const said = saidIn(await textOf(response), response.status);
    throw httpFault(response.status, said, { retryAfterMs, secrets: [] });
  };
}

const ChatReply = z.looseObject({
  message: z.looseObject({}),
  done_reason: anything,
  prompt_eval_count: anything,
  eval_count: anything,
});

function readReply(reply: unknown): Reply {
  const error = errorIn(reply);
  if (error !== null) throw faultInSuccess(error, []);
  const parsed = ChatReply.safeParse(reply);
  const said = parsed.success ? saidBy(parsed.data.message) : null;
  if (!parsed.success || said === null) throw noMessage();
  const { done_reason, prompt_eval_count, eval_count } = parsed.data;
  return {
    ...said,
    // As it does while it loads the model: nothing was asked yet.
    ...(done_reason === 'load' ? { refusal: 'it only loaded the model' } : {}),
    cut: done_reason === 'length',
    // A prompt that it still knew is not counted.
    inputTokens: countOf(prompt_eval_count) || null,
    outputTokens: countOf(eval_count) || null,
  };
}
