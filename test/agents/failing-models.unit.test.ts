// Every way in which a model fails, at every agent, over the wire and through the official clients: one more
// try where that may help, then the embedded provider, and the event says what happened.

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Behaviour, FakeRequest, Mood } from '../support/fake-model-server.ts';
import { startFakeOllama } from '../support/fake-ollama.ts';
import { startFakeOpenAI } from '../support/fake-openai.ts';
import { freeOfCharge } from '../support/memory.ts';
import {
  type AgentName,
  agentNames,
  apiKey,
  lastWork,
  onOllama,
  onOpenAI,
  roomWaitingFor,
  thinkersWith,
  wokenBy,
} from '../support/thinking-agents.ts';

const providers = ['ollama', 'openai'] as const;

const printed = vi.fn();

beforeAll(() => {
  for (const call of ['log', 'warn', 'error', 'info', 'debug'] as const) {
    vi.spyOn(console, call).mockImplementation(printed);
  }
});

afterAll(() => {
  vi.restoreAllMocks();
  expect(printed, 'the clients write nothing to the console').not.toHaveBeenCalled();
});

type Provider = (typeof providers)[number];

/** Lets one agent work on a fake that behaves as told; gives what it wrote and what the fake was asked. */
async function work(
  name: AgentName,
  provider: Provider,
  behave: Behaviour | ((request: FakeRequest) => Behaviour),
) {
  const fake = await (provider === 'ollama' ? startFakeOllama : startFakeOpenAI)({ behave });
  const thinkers = thinkersWith({
    [name]: provider === 'ollama' ? onOllama : onOpenAI,
    ollamaUrl: fake.url,
    openaiBaseUrl: `${fake.url}/v1`,
  });
  const room = await roomWaitingFor(name);
  await thinkers[name].handle(room.task(wokenBy[name])).finally(() => fake.stop());
  return { ...lastWork(room), requests: fake.requests, acknowledged: room.acknowledged };
}

// Twice the same failure, as an event tells it.
const afterOneRepair: readonly (readonly [Mood, RegExp])[] = [
  ['prose', /not JSON/],
  ['half-json', /not JSON/],
  ['truncated', /cut off/],
  ['wrong-shape', /Invalid input/],
  ['wrong-language', /not English/],
  ['empty-list', /empty|too short|Invalid input/],
  ['ten-thousand-words', /characters/],
  ['html', /not JSON/],
  ['nothing', /empty/],
  ['refusing', /refused|not JSON/],
];
const afterOneMoreTry: readonly (readonly [Mood, RegExp])[] = [
  ['page', /JSON|no message/],
  ['no-body', /JSON|no message/],
  ['malformed', /JSON/],
  ['dropped', /terminated|closed/],
  ['rate-limited', /HTTP 429: .*too many requests/],
  ['failing', /HTTP 500: .*runner stopped/],
  ['failing-page', /HTTP 502: .*out of sorts/],
];
const atOnce: readonly (readonly [Mood, RegExp])[] = [
  ['unauthorized', /HTTP 401: .*Incorrect API key provided: \*\*\*/],
  ['unknown-model', /HTTP 404: .*model not found/],
];

const table = (moods: readonly (readonly [Mood, RegExp])[]) =>
  agentNames.flatMap((name) =>
    providers.flatMap((provider) => moods.map(([mood, told]) => ({ name, provider, mood, told }))),
  );

describe.concurrent('a model that keeps failing', () => {
  it.each(table(afterOneRepair))(
    '$name on $provider, $mood: one repair try, then embedded',
    async (given) => {
      const { origin, requests, acknowledged, type } = await work(given.name, given.provider, given.mood);
      expect(requests.map(({ repair }) => repair)).toEqual([false, true]);
      expect(origin).toMatchObject({ provider: 'embedded', fellBackFrom: [{ provider: given.provider }] });
      expect(origin.fellBackFrom?.[0]?.error).toMatch(given.told);
      expect(acknowledged.at(-1)).toBe(type);
    },
  );

  it.each(table(afterOneMoreTry))('$name on $provider, $mood: once more, then embedded', async (given) => {
    const { origin, requests } = await work(given.name, given.provider, given.mood);
    expect(requests.map(({ repair }) => repair)).toEqual([false, false]);
    expect(origin).toMatchObject({ provider: 'embedded', fellBackFrom: [{ provider: given.provider }] });
    expect(origin.fellBackFrom?.[0]?.error).toMatch(given.told);
  });

  it.each(table(atOnce))('$name on $provider, $mood: embedded at once', async (given) => {
    const { origin, requests } = await work(given.name, given.provider, given.mood);
    expect(requests).toHaveLength(1);
    expect(origin.fellBackFrom?.[0]?.error).toMatch(given.told);
    expect(JSON.stringify(origin)).not.toContain('laboratory');
  });

  it.each(providers)('no server at all on %s: embedded at once, and the event says so', async (provider) => {
    const thinkers = thinkersWith({
      researcher: provider === 'ollama' ? onOllama : onOpenAI,
      ollamaUrl: 'http://127.0.0.1:1',
      openaiBaseUrl: 'http://127.0.0.1:1/v1',
    });
    const room = await roomWaitingFor('researcher');
    await thinkers.researcher.handle(room.task('START_ROUND'));
    expect(lastWork(room).origin).toMatchObject({
      provider: 'embedded',
      fellBackFrom: [{ provider, error: expect.stringMatching(/ECONNREFUSED|bad port|Connection error/) }],
    });
  });

  it('OpenAI without a key: embedded at once, and the event says what is missing', async () => {
    const thinkers = thinkersWith({ editor: onOpenAI, openaiApiKey: null });
    const room = await roomWaitingFor('editor');
    await thinkers.editor.handle(room.task('DRAFT_READY'));
    const { origin } = lastWork(room);
    expect(origin.fellBackFrom).toEqual([{ provider: 'openai', error: 'no API key is configured' }]);
  });
});

describe.concurrent('a model that fails once', () => {
  const recovers = table([...afterOneRepair, ...afterOneMoreTry]);
  it.each(recovers)(
    '$name on $provider, $mood: the second answer counts',
    async ({ name, provider, mood }) => {
      const { origin, requests } = await work(name, provider, ({ number }) => (number === 1 ? mood : 'good'));
      expect(requests).toHaveLength(2);
      expect(origin).toMatchObject({ provider, model: 'fake' });
      expect(origin).not.toHaveProperty('fellBackFrom');
      expect(origin.inputTokens).toBeGreaterThan(0);
    },
  );

  it.each(providers)(
    'the repair try on %s shows the answer and why it could not be used',
    async (provider) => {
      const { requests } = await work('writer', provider, ({ number }) => (number === 1 ? 'prose' : 'good'));
      const { messages } = requests[1]?.body as { messages: { role: string; content: string }[] };
      expect(messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user']);
      expect(messages[2]?.content).toMatch(/^Sure!/);
      expect(messages[3]?.content).toMatch(/could not be used: the reply is not JSON/);
    },
  );

  it('the tokens of both tries are counted', async () => {
    const { origin } = await work('editor', 'openai', ({ number }) => (number === 1 ? 'prose' : 'good'));
    expect(origin).toMatchObject({ inputTokens: 240, outputTokens: 120 });
  });
});

describe('a model that asks for patience', () => {
  it('is not asked again when it wants more than there is', async () => {
    const { createModel } = await import('../../agents/ask.ts');
    const { ModelFault } = await import('../../agents/model.ts');
    const { editorQuestion } = await import('../../agents/prompts/editor.ts');
    const busy = new ModelFault('model_http', 'busy', { retryable: true, retryAfterMs: 60_000 });
    const talk = vi.fn().mockRejectedValue(busy);
    const model = createModel({ provider: 'ollama', model: 'fake', talk }, freeOfCharge);
    const asked = model.ask(editorQuestion('Two is a number.'), AbortSignal.timeout(5_000));
    await expect(asked).rejects.toMatchObject({ message: busy.message, retryAfterMs: 60_000 });
    expect(talk).toHaveBeenCalledTimes(1);
  });
});

describe('what is sent', () => {
  it('the key goes to OpenAI as a bearer, and nowhere else', async () => {
    const { requests } = await work('editor', 'openai', 'good');
    expect(requests[0]?.headers.authorization).toBe(`Bearer ${apiKey}`);
    expect(JSON.stringify(requests[0]?.body)).not.toContain(apiKey);
  });
});
