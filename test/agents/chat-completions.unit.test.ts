// Servers of OpenAI's kind that cannot be given a schema, each as it says so: they are asked again in a form
// that they know, and remembered.

import { describe, expect, it } from 'vitest';
import { createModel } from '../../agents/ask.ts';
import { createOpenAI } from '../../agents/openai.ts';
import { editorQuestion } from '../../agents/prompts/editor.ts';
import type { Behaviour, FakeRequest } from '../support/fake-model-server.ts';
import { startFakeOpenAI } from '../support/fake-openai.ts';
import { freeOfCharge } from '../support/memory.ts';

const question = editorQuestion('The sum of 2 and 2 is 5.');

type Form = 'json_schema' | 'json_object' | 'text';

const formOf = ({ body }: FakeRequest): Form =>
  (body as { response_format?: { type: Form } }).response_format?.type ?? 'text';

/** Asks a number of times, one after the other. */
async function ask(behave: (request: FakeRequest) => Behaviour, times = 1) {
  const fake = await startFakeOpenAI({ behave });
  const talk = createOpenAI({ apiKey: null, baseUrl: `${fake.url}/v1`, model: 'fake', api: 'chat' });
  const model = createModel({ provider: 'openai', model: 'fake', talk }, freeOfCharge);
  const outcomes = [];
  for (let time = 0; time < times; time += 1) {
    outcomes.push(...(await Promise.allSettled([model.ask(question, AbortSignal.timeout(5_000))])));
  }
  await fake.stop();
  return { outcomes, forms: fake.requests.map(formOf), requests: fake.requests };
}

const said = (message: string) => ({ error: { message, type: 'invalid_request_error' } });
const pydantic = "[{'type': 'literal_error', 'loc': ('body', 'response_format', 'type')}]";

/** What each says to a form that it does not know, and the forms that it is asked in. */
const servers: readonly (readonly [string, readonly Form[], number, unknown, readonly Form[]])[] = [
  [
    'llama.cpp before it knew schemas',
    ['json_object', 'text'],
    500,
    said('response_format type must be one of "text" or "json_object", but got: json_schema'),
    ['json_schema', 'json_object', 'json_object'],
  ],
  [
    'DeepSeek',
    ['json_object', 'text'],
    400,
    said('This response_format type is unavailable now'),
    ['json_schema', 'json_object', 'json_object'],
  ],
  [
    'an older vLLM',
    ['json_object', 'text'],
    400,
    { object: 'error', message: pydantic, type: 'BadRequestError', code: 400 },
    ['json_schema', 'json_object', 'json_object'],
  ],
  [
    'one on FastAPI',
    ['text'],
    422,
    { detail: [{ loc: ['body', 'response_format', 'type'], msg: 'unexpected value' }] },
    ['json_schema', 'json_object', 'text', 'text'],
  ],
  [
    'one that can but talk',
    ['text'],
    400,
    { error: "'response_format.type' must be 'text'" },
    ['json_schema', 'json_object', 'text', 'text'],
  ],
];

describe.concurrent('a server that knows no schema', () => {
  it.each(servers)('%s is asked in a form that it knows, and from then on', async (_, knows, ...rest) => {
    const [status, answer, asked] = rest;
    const refusing = (request: FakeRequest): Behaviour =>
      knows.includes(formOf(request)) ? 'good' : { status, answer };
    const { outcomes, forms } = await ask(refusing, 2);
    expect(forms).toEqual(asked);
    for (const outcome of outcomes) {
      // The tokens are those of the one reply.
      expect(outcome).toMatchObject({
        status: 'fulfilled',
        value: {
          value: { truth: 'FAKE', confidence: 0.97 },
          origin: { provider: 'openai', model: 'fake', inputTokens: 120, outputTokens: 60 },
        },
      });
    }
  });

  it('has the schema in its instructions, and the older name for the most tokens', async () => {
    const refusal = { status: 400, answer: said('json_schema is not supported') };
    const { requests } = await ask((request) => (formOf(request) === 'text' ? 'good' : refusal));
    expect(requests[0]?.body).toMatchObject({ max_completion_tokens: expect.any(Number) });
    const [, second, last] = requests;
    expect(second?.body).toMatchObject({
      response_format: { type: 'json_object', schema: { type: 'object' } },
    });
    const body = last?.body as { messages: [{ content: string }]; max_tokens: number };
    expect(body.messages[0].content).toMatch(
      /fits this JSON Schema.*\n\{"type":"object","properties":\{"expl/s,
    );
    expect(body).not.toHaveProperty('response_format');
    expect(body).toMatchObject({ max_tokens: expect.any(Number) });
  });
});

describe.concurrent('a refusal', () => {
  it('of every form is told as it was first said', async () => {
    const { outcomes, forms } = await ask((request) => ({
      status: 400,
      answer: said(`no response_format ${formOf(request)}`),
    }));
    expect(forms).toEqual(['json_schema', 'json_object', 'text']);
    expect(outcomes[0]).toMatchObject({ reason: { message: 'HTTP 400: no response_format json_schema' } });
  });

  it('for another reason is no reason to ask in another form', async () => {
    const told = 'the request exceeds the available context size';
    const { outcomes, forms } = await ask(() => ({ status: 400, answer: said(told) }));
    expect(forms).toEqual(['json_schema']);
    expect(outcomes[0]).toMatchObject({ reason: { message: `HTTP 400: ${told}` } });
  });

  it('is told also where it does not look like one of OpenAI', async () => {
    const answer = { object: 'error', message: 'The model `fake` does not exist.', code: 404 };
    const { outcomes } = await ask(() => ({ status: 404, answer }));
    expect(outcomes[0]).toMatchObject({ reason: { message: `HTTP 404: ${answer.message}` } });
  });

  it('of a form, and then trouble that passes: it is asked once more', async () => {
    const refusal = { status: 400, answer: said('json_schema is not known') };
    const { forms, outcomes } = await ask((request) => {
      if (formOf(request) === 'json_schema') return refusal;
      return request.number === 2 ? 'rate-limited' : 'good';
    });
    expect(forms).toEqual(['json_schema', 'json_object', 'json_schema', 'json_object']);
    expect(outcomes[0]).toMatchObject({ status: 'fulfilled' });
  });
});
