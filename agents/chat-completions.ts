// Chat completions: the request that every server of OpenAI's kind knows. They differ in how they can be
// made to answer with JSON, so the strictest form comes first, and a server that refuses a form by its name
// is asked in the next one, at once, and for the rest of this process. Used by the OpenAI adapter.

import type OpenAI from 'openai';
import { z } from 'zod';
import { limits } from '../core/limits.ts';
import type { Reply, TalkRequest } from './model.ts';
import { noMessage } from './model-fault.ts';

export type Chat = (
  client: OpenAI,
  model: string,
  request: TalkRequest,
  signal: AbortSignal,
) => Promise<Reply>;

const forms = ['json_schema', 'json_object', 'text'] as const;
type Form = (typeof forms)[number];

const tokens = z.int().nonnegative();

const ChatReply = z.object({
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
      }),
    )
    .min(1),
  usage: z.object({ prompt_tokens: tokens, completion_tokens: tokens }).nullish(),
});

/** Where no form is taken, it throws what was said of the first. */
export function createChat(): Chat {
  let taken = 0;
  return async (client, model, request, signal) => {
    let refusal: unknown = null;
    for (let place = taken; place < forms.length; place += 1) {
      const body = { model, ...bodyOf(forms[place] ?? 'text', request) };
      try {
        const reply = readReply(await client.post<unknown>('/chat/completions', { body, signal }));
        taken = place;
        return reply;
      } catch (error) {
        refusal ??= error;
        if (!refusesForm(error)) throw error;
      }
    }
    throw refusal;
  };
}

/** As llama.cpp (500), LM Studio, vLLM, DeepSeek (400) and those on FastAPI or serde (422) say it. */
function refusesForm(error: unknown): boolean {
  if (!(error instanceof Error && 'status' in error && typeof error.status === 'number')) return false;
  return /response.?format|json.?(schema|object)/i.test(error.message);
}

function bodyOf(form: Form, { name, instructions, turns, schema }: TalkRequest): object {
  const said = turns.map(({ role, text }) => ({ role, content: text }));
  const messages = (system: string) => [{ role: 'system', content: system }, ...said];
  if (form === 'json_schema') {
    return {
      messages: messages(instructions),
      response_format: { type: 'json_schema', json_schema: { name, schema, strict: true } },
      max_completion_tokens: limits.modelTokensMax,
    };
  }
  const shape = `Answer with one JSON object that fits this JSON Schema, and with nothing else:\n${JSON.stringify(schema)}`;
  return {
    messages: messages(`${instructions}\n\n${shape}`),
    // llama.cpp and its like have always taken a schema here; others overlook it.
    ...(form === 'text' ? {} : { response_format: { type: form, schema } }),
    // Whoever knows no schema is older than the other name of this bound.
    max_tokens: limits.modelTokensMax,
  };
}

function readReply(reply: unknown): Reply {
  const parsed = ChatReply.safeParse(reply);
  const choice = parsed.data?.choices[0];
  if (choice === undefined) throw noMessage();
  return {
    text: choice.message.content ?? '',
    cut: choice.finish_reason === 'length',
    refusal: choice.message.refusal ?? null,
    inputTokens: parsed.data?.usage?.prompt_tokens ?? null,
    outputTokens: parsed.data?.usage?.completion_tokens ?? null,
  };
}
