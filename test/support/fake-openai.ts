// A fake OpenAI: the Responses API and chat completions with structured output, request ids, refusals and
// usage. `url` is the server's, the client's base address is `<url>/v1`.

import { z } from 'zod';
import { runFake } from './fake-cli.ts';
import {
  type FakeOptions,
  type FakeServer,
  type Said,
  schemaInWords,
  startFake,
  type Wire,
} from './fake-model-server.ts';
import { fakeVectors } from './fake-vectors.ts';

const Turns = z.array(z.object({ role: z.string(), content: z.string() }));
const Responses = z.object({
  model: z.string(),
  input: Turns,
  instructions: z.string(),
  text: z.object({ format: z.object({ type: z.string(), schema: z.unknown().optional() }) }),
});
const Chat = z.object({
  model: z.string(),
  messages: Turns,
  response_format: z
    .discriminatedUnion('type', [
      z.object({
        type: z.literal('json_schema'),
        json_schema: z.object({ name: z.string(), schema: z.unknown() }),
      }),
      z.object({ type: z.literal('json_object') }),
    ])
    .optional(),
});

const usersOf = (turns: z.infer<typeof Turns>): string[] =>
  turns.filter(({ role }) => role === 'user').map(({ content }) => content);

const textsOf = (turns: z.infer<typeof Turns>): string[] => turns.map(({ content }) => content);

const wire: Wire = {
  asked(path, body) {
    if (path === '/v1/responses') {
      const { input, instructions, text } = Responses.parse(body);
      return { schema: text.format.schema ?? schemaInWords([instructions]), userTurns: usersOf(input) };
    }
    if (path !== '/v1/chat/completions') return undefined;
    const { messages, response_format: form } = Chat.parse(body);
    const schema = form?.type === 'json_schema' ? form.json_schema.schema : schemaInWords(textsOf(messages));
    return { schema, userTurns: usersOf(messages) };
  },
  answer(path, body, said) {
    const { model } = z.object({ model: z.string() }).parse(body);
    return path === '/v1/responses' ? response(model, said) : completion(model, said);
  },
  other(path, body) {
    if (path === '/v1/embeddings') return embeddings(body);
    return path === '/v1/models' ? { object: 'list', data: [{ id: 'fake', object: 'model' }] } : undefined;
  },
  error: (status, message) => ({
    error: { message, type: status === 429 ? 'rate_limit_error' : 'server_error', param: null, code: null },
  }),
};

function response(model: string, { text, cut, refusal }: Said) {
  const part =
    refusal === null ? { type: 'output_text', text, annotations: [] } : { type: 'refusal', refusal };
  const status = cut ? 'incomplete' : 'completed';
  return {
    id: 'resp_fake',
    object: 'response',
    created_at: 0,
    model,
    status,
    error: null,
    incomplete_details: cut ? { reason: 'max_output_tokens' } : null,
    output: [{ id: 'msg_fake', type: 'message', role: 'assistant', status, content: [part] }],
    usage: { input_tokens: 120, output_tokens: 60, total_tokens: 180 },
  };
}

/** Out of order on purpose: each says its own place. */
async function embeddings(body: unknown) {
  const asked = z.object({ model: z.string(), input: z.array(z.string()), dimensions: z.int() }).parse(body);
  const vectors = await fakeVectors(asked.input, asked.dimensions);
  const data = vectors.map((embedding, index) => ({ object: 'embedding', index, embedding })).reverse();
  return { object: 'list', model: asked.model, data, usage: { prompt_tokens: 1, total_tokens: 1 } };
}

function completion(model: string, { text, cut, refusal }: Said) {
  const content = refusal === null ? text : null;
  return {
    id: 'chatcmpl_fake',
    object: 'chat.completion',
    created: 0,
    model,
    choices: [
      { index: 0, finish_reason: cut ? 'length' : 'stop', message: { role: 'assistant', content, refusal } },
    ],
    usage: { prompt_tokens: 120, completion_tokens: 60, total_tokens: 180 },
  };
}

export function startFakeOpenAI(options: FakeOptions = {}): Promise<FakeServer> {
  return startFake(wire, options);
}

if (import.meta.main) await runFake(startFakeOpenAI);
