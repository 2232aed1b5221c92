// OpenAI through the official client; servers that speak its language go the older way, `chat-completions`.
// The client would try again by itself and wait ten minutes; here the step's signal rules and the one other
// try is the caller's. Replies are read as text and checked by the caller, because the client's own parsing
// throws the text away together with its tokens.

import type OpenAI from 'openai';
import { z } from 'zod';
import { chatBody, failedGeneration, readChat, shapeInWords } from './chat-completions.ts';
import { ModelFault, type Reply, type Talk, type TalkRequest } from './model.ts';
import { faultInSuccess, httpFault, lostFault, noMessage, retryAfterOf } from './model-fault.ts';
import { createAdapting } from './wire/adapting.ts';
import { anything } from './wire/anything.ts';
import { saidBy } from './wire/message.ts';
import { errorIn, saidIn } from './wire/server-error.ts';
import { usageOf } from './wire/token-count.ts';
import type { Ways } from './wire/ways.ts';
import { textOf, wholeReply } from './wire/whole-reply.ts';

export interface OpenAIOptions {
  /** Null where a server of one's own needs none. */
  readonly apiKey: string | null;
  /** Null is OpenAI itself. */
  readonly baseUrl: string | null;
  readonly model: string;
  /** OpenAI's own API, or the older one that every compatible server speaks. */
  readonly api: 'responses' | 'chat';
  /** In ms, only for differences. */
  readonly clock?: () => number;
}

const apis = {
  responses: { path: '/responses', bodyOf: responsesBody, read: readResponse },
  chat: { path: '/chat/completions', bodyOf: chatBody, read: readChat },
} as const;

/** The client is loaded and made at the first request: without a key its constructor throws. */
export function createOpenAI(options: OpenAIOptions): Talk {
  const { apiKey, baseUrl, model, api, clock = () => performance.now() } = options;
  let client: Promise<OpenAI> | null = null;
  const secrets = apiKey === null ? [] : [apiKey];
  const { path, bodyOf, read } = apis[api];
  const adapting = createAdapting(clock);
  return async (request, signal) => {
    if (apiKey === null && baseUrl === null) {
      throw new ModelFault('model_unset', 'no API key is configured', { retryable: false });
    }
    return adapting(async (ways) => {
      try {
        client ??= openClient(apiKey, baseUrl);
        const body = { model, ...bodyOf(ways, request) };
        // Not `responses.create`: it looks into the reply before it knows that there is one, and fails on a
        // page or on nothing.
        return read(await (await client).post<unknown>(path, { body, signal }), secrets);
      } catch (error) {
        signal.throwIfAborted();
        return failedGeneration(error) ?? Promise.reject(faultOf(error, secrets));
      }
    });
  };
}

/** The official client, told of every error in its own form; without retries and without a log. */
export async function openClient(apiKey: string | null, baseUrl: string | null): Promise<OpenAI> {
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
  if (response.ok) return wholeReply(response);
  const body = await textOf(response);
  const error = { message: saidIn(body, response.status), ...generatedIn(body) };
  return Response.json({ error }, { status: statusOf(response), headers: { ...retryHeaders(response) } });
}

// A response that says nothing new is no answer to a request, and may not have a body.
const statusOf = ({ status }: Response): number => (status < 400 ? 502 : status);

function retryHeaders({ headers }: Response): Record<string, string> {
  return Object.fromEntries([...headers].filter(([name]) => name.startsWith('retry-after')));
}

function generatedIn(body: string): object {
  const Failed = z.object({ error: z.object({ failed_generation: z.string().min(1) }) });
  try {
    const { failed_generation } = Failed.parse(JSON.parse(body)).error;
    return { failed_generation };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return {};
    throw error;
  }
}

function responsesBody(ways: Ways, { name, instructions, turns, schema }: TalkRequest): object {
  const { form, tokensMax } = ways;
  const asked: OpenAI.Responses.ResponseCreateParamsNonStreaming = {
    instructions: form === 'json_schema' ? instructions : `${instructions}\n\n${shapeInWords(schema)}`,
    input: turns.map(({ role, text }) => ({ role, content: text })),
    text: { format: form === 'json_schema' ? { type: form, name, schema, strict: true } : { type: form } },
    max_output_tokens: tokensMax,
    // What people typed as a topic is not to be kept there.
    store: false,
  };
  return asked;
}

const ResponsesReply = z.looseObject({
  status: z.string().nullish(),
  incomplete_details: z.looseObject({ reason: z.string().nullish() }).nullish(),
  output: z.array(z.looseObject({ content: z.array(z.unknown()).nullish() })),
  usage: anything,
});

function readResponse(reply: unknown, secrets: readonly string[]): Reply {
  const error = errorIn(reply);
  if (error !== null) throw faultInSuccess(error, secrets);
  const parsed = ResponsesReply.safeParse(reply);
  if (!parsed.success) throw noMessage();
  const { status, output, usage, incomplete_details } = parsed.data;
  const said = saidBy({ content: output.flatMap(({ content }) => content ?? []) });
  if (said === null) throw noMessage();
  const filtered = incomplete_details?.reason === 'content_filter';
  const { text, thought } = said;
  return {
    ...{ text, thought },
    cut: status === 'incomplete' && !filtered,
    refusal: said.refusal ?? (filtered ? 'it was stopped by a content filter' : null),
    ...usageOf(usage),
  };
}

/** The client's errors carry a status where there was a response; without one the line was lost. */
export function faultOf(error: unknown, secrets: readonly string[]): ModelFault {
  if (error instanceof Error && 'status' in error && typeof error.status === 'number') {
    const headers = 'headers' in error && error.headers instanceof Headers ? error.headers : new Headers();
    // The client's message begins with the status.
    const said = error.message.replace(/^\d{3} /, '');
    return httpFault(error.status, said, { retryAfterMs: retryAfterOf(headers), secrets });
  }
  return lostFault(error, secrets);
}
