// OpenAI through the official client; servers that speak its language go the older way, `chat-completions`.
// The client would try again by itself and wait ten minutes; here the step's signal rules and the one other
// try is the caller's. Replies are read as text and checked by the caller, because the client's own parsing
// throws the text away together with its tokens.

import type OpenAI from 'openai';
import { z } from 'zod';
import { limits } from '../core/limits.ts';
import { type Chat, createChat } from './chat-completions.ts';
import { ModelFault, type Talk } from './model.ts';
import { httpFault, lostFault, noMessage, retryAfterOf } from './model-fault.ts';

export interface OpenAIOptions {
  /** Null where a server of one's own needs none. */
  readonly apiKey: string | null;
  /** Null is OpenAI itself. */
  readonly baseUrl: string | null;
  readonly model: string;
  /** OpenAI's own API, or the older one that every compatible server speaks. */
  readonly api: 'responses' | 'chat';
}

const tokens = z.int().nonnegative();

const ResponsesReply = z.object({
  status: z.string().nullish(),
  output: z.array(
    z.object({
      content: z
        .array(z.object({ type: z.string(), text: z.string().optional(), refusal: z.string().optional() }))
        .nullish(),
    }),
  ),
  usage: z.object({ input_tokens: tokens, output_tokens: tokens }).nullish(),
});

/** The client is loaded and made at the first request: without a key its constructor throws. */
export function createOpenAI({ apiKey, baseUrl, model, api }: OpenAIOptions): Talk {
  let client: Promise<OpenAI> | null = null;
  const secrets = apiKey === null ? [] : [apiKey];
  const send = api === 'responses' ? sendResponses : createChat();
  return async (request, signal) => {
    if (apiKey === null && baseUrl === null) {
      throw new ModelFault('model_unset', 'no API key is configured', { retryable: false });
    }
    try {
      client ??= open(apiKey, baseUrl);
      return await send(await client, model, request, signal);
    } catch (error) {
      signal.throwIfAborted();
      throw faultOf(error, secrets);
    }
  };
}

async function open(apiKey: string | null, baseUrl: string | null): Promise<OpenAI> {
  const { default: Client } = await import('openai');
  // A null address keeps the client from looking for one in the environment.
  return new Client({
    ...{ apiKey: apiKey ?? 'none', baseURL: baseUrl, maxRetries: 0, logLevel: 'off' },
    fetch: fetchTelling,
  });
}

/** The client reads an error in OpenAI's own form and says "no body" of any other: it gets that form. */
async function fetchTelling(...request: Parameters<typeof fetch>): Promise<Response> {
  const response = await fetch(...request);
  if (response.ok) return response;
  const { status, headers } = response;
  return new Response(inOwnForm(await response.text()), { status, headers });
}

const OtherForm = z.union([
  z.object({ message: z.string() }).transform(({ message }) => message),
  z.object({ detail: z.unknown() }).transform(({ detail }) => JSON.stringify(detail)),
]);

function inOwnForm(body: string): string {
  try {
    const message = OtherForm.safeParse(JSON.parse(body)).data;
    return message === undefined ? body : JSON.stringify({ error: { message } });
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return body;
  }
}

const sendResponses: Chat = async (client, model, { name, instructions, turns, schema }, signal) => {
  const body: OpenAI.Responses.ResponseCreateParamsNonStreaming = {
    model,
    instructions,
    input: turns.map(({ role, text }) => ({ role, content: text })),
    text: { format: { type: 'json_schema', name, schema, strict: true } },
    max_output_tokens: limits.modelTokensMax,
    // What people typed as a topic is not to be kept there.
    store: false,
  };
  // Not `responses.create`: it looks into the reply before it knows that there is one, and fails on a page or
  // on nothing.
  const reply = await client.post<unknown>('/responses', { body, signal });
  const parsed = ResponsesReply.safeParse(reply);
  if (!parsed.success) throw noMessage();
  const { status, output, usage } = parsed.data;
  const parts = output.flatMap(({ content }) => content ?? []);
  return {
    text: parts.map((part) => (part.type === 'output_text' ? (part.text ?? '') : '')).join(''),
    cut: status === 'incomplete',
    refusal: parts.find((part) => part.type === 'refusal')?.refusal ?? null,
    inputTokens: usage?.input_tokens ?? null,
    outputTokens: usage?.output_tokens ?? null,
  };
};

/** The client's errors carry a status where there was a response; without one the line was lost. */
function faultOf(error: unknown, secrets: readonly string[]): ModelFault {
  if (error instanceof Error && 'status' in error && typeof error.status === 'number') {
    const headers = 'headers' in error && error.headers instanceof Headers ? error.headers : new Headers();
    // The client's message begins with the status.
    const said = error.message.replace(/^\d{3} /, '');
    return httpFault(error.status, said, { retryAfterMs: retryAfterOf(headers), secrets });
  }
  return lostFault(error, secrets);
}
