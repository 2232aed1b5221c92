// OpenAI's own API, which the table of failures does not go through: the same model behind it, the same
// outcomes.

import { describe, expect, it } from 'vitest';
import { createModel } from '../../agents/ask.ts';
import { createOpenAI } from '../../agents/openai.ts';
import { editorQuestion } from '../../agents/prompts/editor.ts';
import type { Behaviour, Mood } from '../support/fake-model-server.ts';
import { startFakeOpenAI } from '../support/fake-openai.ts';
import { freeOfCharge } from '../support/memory.ts';

const question = editorQuestion('The sum of 2 and 2 is 5.');

async function ask(behave: Behaviour, apiKey: string | null = 'laboratory-key-0123456789') {
  const fake = await startFakeOpenAI({ behave });
  const talk = createOpenAI({ apiKey, baseUrl: `${fake.url}/v1`, model: 'fake', api: 'responses' });
  const model = createModel({ provider: 'openai', model: 'fake', talk }, freeOfCharge);
  const outcome = await Promise.allSettled([model.ask(question, AbortSignal.timeout(5_000))]);
  await fake.stop();
  return { outcome: outcome[0], requests: fake.requests };
}

describe.concurrent('the Responses API', () => {
  it('gives a checked verdict with its tokens', async () => {
    const { outcome } = await ask('good');
    expect(outcome).toMatchObject({
      status: 'fulfilled',
      value: {
        value: { truth: 'FAKE', confidence: 0.97 },
        origin: { provider: 'openai', model: 'fake', inputTokens: 120, outputTokens: 60 },
      },
    });
  });

  it('is asked for the strict shape, and to keep nothing', async () => {
    const { requests } = await ask('good');
    expect(requests[0]).toMatchObject({
      path: '/v1/responses',
      role: 'editor',
      body: { store: false, text: { format: { strict: true, schema: { additionalProperties: false } } } },
    });
  });

  it.each<[Mood, number, RegExp]>([
    ['prose', 2, /^twice: the reply is not JSON/],
    ['half-json', 2, /not JSON/],
    ['truncated', 2, /cut off/],
    ['wrong-shape', 2, /Invalid input/],
    ['nothing', 2, /empty/],
    ['refusing', 2, /the model refused: I am sorry/],
    ['page', 2, /no message/],
    ['no-body', 2, /no message/],
    ['malformed', 2, /JSON/],
    ['dropped', 2, /terminated|closed/],
    ['rate-limited', 2, /HTTP 429/],
    ['failing', 2, /HTTP 500/],
    ['unauthorized', 1, /HTTP 401/],
    ['unknown-model', 1, /HTTP 404/],
  ])('%s: %i requests, and a fault that says why', async (mood, tries, told) => {
    const { outcome, requests } = await ask(mood);
    expect(requests).toHaveLength(tries);
    expect(outcome).toMatchObject({ status: 'rejected', reason: { message: expect.stringMatching(told) } });
  });

  it('needs no key where a server of one’s own stands in', async () => {
    const { outcome, requests } = await ask('good', null);
    expect(outcome.status).toBe('fulfilled');
    expect(requests[0]?.headers.authorization).toBe('Bearer none');
  });
});
