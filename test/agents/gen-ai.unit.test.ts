// What a request to a model looks like in a trace, and what is counted of it.

import { beforeEach, expect, it } from 'vitest';
import { observedTalk } from '../../agents/gen-ai.ts';
import { ModelFault, type Reply, type TalkRequest } from '../../agents/model.ts';
import { createRegistry } from '../../server/telemetry/registry.ts';
import { createTracer } from '../../server/telemetry/tracer.ts';
import type { FinishedSpan } from '../../streams/trace/telemetry.ts';

const request: TalkRequest = {
  name: 'research',
  instructions: 'You are a researcher.',
  turns: [{ role: 'user', text: 'A topic that somebody typed.' }],
  schema: {},
  temperature: 0.4,
};
const reply: Reply = { text: 'A claim.', cut: false, refusal: null, inputTokens: 120, outputTokens: 60 };

let spans: FinishedSpan[];
let registry: ReturnType<typeof createRegistry>;

beforeEach(() => {
  spans = [];
  registry = createRegistry();
});

function ask(talk: () => Promise<Reply>, content = false): Promise<Reply> {
  const tracer = createTracer({ take: (span) => void spans.push(span), flush: async () => undefined });
  const observing = { tracer, meter: registry.meter, content };
  const adapter = { provider: 'ollama', model: 'llama3.2', talk };
  return observedTalk(adapter, observing)(request, new AbortController().signal);
}

it('names model, tokens and why the reply ended, and nothing of what was asked or said', async () => {
  await ask(async () => reply);
  expect(spans).toMatchObject([{ name: 'chat llama3.2', kind: 'client', error: null }]);
  expect(spans[0]?.attributes).toEqual({
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'ollama',
    'gen_ai.request.model': 'llama3.2',
    'gen_ai.request.temperature': 0.4,
    'gen_ai.output.type': 'json',
    'gen_ai.response.finish_reasons': ['stop'],
    'gen_ai.usage.input_tokens': 120,
    'gen_ai.usage.output_tokens': 60,
    'arena.request': 'research',
  });
  const { arena_model_tokens_total: tokens } = registry.snapshot();
  expect(tokens?.map(({ labels, value }) => [labels['direction'], value])).toEqual([
    ['input', 120],
    ['output', 60],
  ]);
});

it('holds what was asked and said only where somebody opted in', async () => {
  await ask(async () => reply, true);
  const { attributes } = spans[0] as FinishedSpan;
  expect(attributes['gen_ai.system_instructions']).toBe(request.instructions);
  expect(attributes['gen_ai.input.messages']).toContain('A topic that somebody typed.');
  expect(attributes['gen_ai.output.messages']).toContain('A claim.');
});

it.each([
  ['was cut off', { cut: true }, 'length'],
  ['was a refusal', { refusal: 'I cannot help.' }, 'content_filter'],
])('tells that a reply %s', async (_how, change, reason) => {
  await ask(async () => ({ ...reply, ...change }));
  expect(spans[0]?.attributes['gen_ai.response.finish_reasons']).toEqual([reason]);
});

it('tells a failure by its code, never by what the model’s server said', async () => {
  const fault = new ModelFault('model_http', 'HTTP 500: a topic that somebody typed', { retryable: true });
  await expect(ask(() => Promise.reject(fault))).rejects.toBe(fault);
  expect(spans).toMatchObject([{ error: 'model_http' }]);
  expect(JSON.stringify(spans)).not.toContain('typed');
  const [calls] = registry.snapshot().arena_model_calls_total ?? [];
  expect(calls?.labels['outcome']).toBe('model_http');
});
