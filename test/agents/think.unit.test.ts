// One step: its one deadline, its models in turn, its abort, and the answer that always comes.

import { describe, expect, it, vi } from 'vitest';
import { createModel } from '../../agents/ask.ts';
import { noBudget } from '../../agents/budget.ts';
import { type Model, ModelFault, type Talk } from '../../agents/model.ts';
import { createOllama } from '../../agents/ollama.ts';
import { createOpenAI } from '../../agents/openai.ts';
import { writerQuestion } from '../../agents/prompts/writer.ts';
import { createThink, type Step } from '../../agents/think.ts';
import { nothingSpent } from '../../core/claim.ts';
import type { Behaviour, FakeRequest } from '../support/fake-model-server.ts';
import { startFakeOllama } from '../support/fake-ollama.ts';
import { startFakeOpenAI } from '../support/fake-openai.ts';
import { ledgerInAVariable } from '../support/memory.ts';
import { newEmbeddedClaim } from '../support/world.ts';

const { candidate } = newEmbeddedClaim();
const clock = () => performance.now();
const asking = { clock, prices: {}, onCost: async () => undefined };
const thinking = { clock, budget: noBudget, ledger: ledgerInAVariable() };
// For what is told of a deadline to the millisecond.
const timeless = { ...thinking, clock: () => 0 };

function step(changes: Partial<Step<string>> = {}): Step<string> {
  return {
    question: writerQuestion(candidate),
    embedded: async () => 'as it stands',
    withinMs: 60_000,
    spent: nothingSpent,
    signal: new AbortController().signal,
    ...changes,
  };
}

function modelOf(provider: string, talk: Talk): Model {
  return createModel({ provider, model: 'fake', talk }, asking);
}

function failing(provider: string, message: string): Model {
  return modelOf(provider, () => Promise.reject(new ModelFault('model_http', message, { retryable: false })));
}

const answering = (provider: string): Model =>
  modelOf(provider, async () => ({
    text: '{"statement":"A claim in other words"}',
    ...{ cut: false, refusal: null, inputTokens: 7, outputTokens: 3 },
  }));

/** Never answers and does not listen to its signal either. */
const deaf = (provider: string): Model => modelOf(provider, () => new Promise(() => undefined));

async function onOllama<T>(
  behave: (request: FakeRequest) => Behaviour,
  use: (model: Model, requests: readonly FakeRequest[]) => Promise<T>,
): Promise<T> {
  const fake = await startFakeOllama({ behave });
  try {
    return await use(modelOf('ollama', createOllama({ url: fake.url, model: 'fake' })), fake.requests);
  } finally {
    await fake.stop();
  }
}

describe('the models of a step', () => {
  it('are asked in turn, and the answer names those that failed before', async () => {
    const models = [failing('ollama', 'no such model'), failing('local', 'overloaded'), answering('openai')];
    const think = createThink({ ...thinking, models, timeoutMs: 5_000 });
    const { value, origin } = await think(step());
    expect(value).toBe('A claim in other words');
    expect(origin).toMatchObject({
      ...{ provider: 'openai', model: 'fake', inputTokens: 7, outputTokens: 3 },
      fellBackFrom: [
        { provider: 'ollama', error: 'no such model' },
        { provider: 'local', error: 'overloaded' },
      ],
    });
  });

  it('are not asked when there are none: the embedded provider is not a fall-back then', async () => {
    const { value, origin } = await createThink({
      ...thinking,
      models: [],
      timeoutMs: 5_000,
      clock: () => 0,
    })(step());
    expect({ value, origin }).toEqual({
      value: 'as it stands',
      origin: { provider: 'embedded', model: 'knowledge', ms: 0 },
    });
  });

  it('a bug in one is a failure like any other', async () => {
    const broken: Model = {
      provider: 'x',
      model: 'y',
      ask: () => Promise.reject(new TypeError('undefined is it')),
    };
    const { origin } = await createThink({ ...thinking, models: [broken], timeoutMs: 5_000 })(step());
    expect(origin.fellBackFrom).toEqual([{ provider: 'x', error: 'undefined is it' }]);
  });
});

describe('the deadline', () => {
  it('is one for the first answer and the repair try together', async () => {
    await onOllama(
      ({ number }) => (number === 1 ? 'prose' : 'hanging'),
      async (model, requests) => {
        const { origin } = await createThink({ ...timeless, models: [model], timeoutMs: 500 })(step());
        expect(requests).toHaveLength(2);
        expect(origin.fellBackFrom).toEqual([{ provider: 'ollama', error: 'no answer within 500 ms' }]);
        await requests[1]?.closed;
      },
    );
  });

  it('leaves a share to the models after one that hangs', async () => {
    const think = createThink({ ...timeless, models: [deaf('ollama'), answering('openai')], timeoutMs: 200 });
    const { origin } = await think(step());
    expect(origin.provider).toBe('openai');
    expect(origin.fellBackFrom?.[0]?.error).toBe('no answer within 100 ms');
  });

  it('holds against a client that does not listen to its signal', async () => {
    const { value } = await createThink({ ...thinking, models: [deaf('ollama')], timeoutMs: 50 })(step());
    expect(value).toBe('as it stands');
  });

  it('is nearer when the stage ends sooner, and no model is asked when it has ended', async () => {
    const late = await createThink({ ...timeless, models: [deaf('ollama')], timeoutMs: 60_000 })(
      step({ withinMs: 50 }),
    );
    expect(late.origin.fellBackFrom?.[0]?.error).toBe('no answer within 50 ms');
    const ask = vi.fn();
    const models = [{ provider: 'ollama', model: 'fake', ask }];
    const over = await createThink({ ...thinking, models, timeoutMs: 60_000 })(step({ withinMs: -1 }));
    expect(over.origin.fellBackFrom).toEqual([{ provider: 'ollama', error: 'no time was left' }]);
    expect(ask).not.toHaveBeenCalled();
  });
});

describe('an abort', () => {
  it.each(['ollama', 'responses', 'chat'] as const)('propagates at once and hangs up (%s)', async (kind) => {
    const fake = await (kind === 'ollama' ? startFakeOllama : startFakeOpenAI)({ behave: 'hanging' });
    const talk =
      kind === 'ollama'
        ? createOllama({ url: fake.url, model: 'fake' })
        : createOpenAI({ apiKey: 'key', baseUrl: `${fake.url}/v1`, model: 'fake', api: kind });
    const abort = new AbortController();
    const reason = new Error('the entry is another’s');
    const embedded = vi.fn(async () => 'nobody wants it any more');
    const next = { provider: 'next', model: 'fake', ask: vi.fn() };
    const think = createThink({ ...thinking, models: [modelOf(kind, talk), next], timeoutMs: 60_000 });
    const outcome = expect(think(step({ signal: abort.signal, embedded }))).rejects.toBe(reason);
    await vi.waitFor(() => expect(fake.requests).toHaveLength(1), { interval: 5 });
    abort.abort(reason);
    await outcome;
    await fake.requests[0]?.closed;
    await fake.stop();
    expect(embedded).not.toHaveBeenCalled();
    expect(next.ask).not.toHaveBeenCalled();
  });

  it('propagates from the wait before another try', async () => {
    const abort = new AbortController();
    const busy = new ModelFault('model_http', 'busy', { retryable: true, retryAfterMs: 2_000 });
    const talk = vi.fn().mockImplementation(() => {
      queueMicrotask(() => abort.abort(new Error('gone')));
      return Promise.reject(busy);
    });
    const think = createThink({ ...thinking, models: [modelOf('ollama', talk)], timeoutMs: 60_000 });
    await expect(think(step({ signal: abort.signal }))).rejects.toThrow('gone');
    expect(talk).toHaveBeenCalledTimes(1);
  });

  it('that came before is noticed before anything is asked', async () => {
    const ask = vi.fn();
    const models = [{ provider: 'ollama', model: 'fake', ask }];
    const signal = AbortSignal.abort(new Error('gone'));
    await expect(createThink({ ...thinking, models, timeoutMs: 50 })(step({ signal }))).rejects.toThrow(
      'gone',
    );
    expect(ask).not.toHaveBeenCalled();
  });
});
