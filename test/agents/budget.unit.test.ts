import { describe, expect, test, vi } from 'vitest';
import { createModel } from '../../agents/ask.ts';
import { noBudget, whySpent } from '../../agents/budget.ts';
import type { Talk } from '../../agents/model.ts';
import { costOf, listPrices } from '../../agents/prices.ts';
import { writerQuestion } from '../../agents/prompts/writer.ts';
import { createThink } from '../../agents/think.ts';
import { nothingSpent } from '../../core/claim.ts';
import { Fault } from '../../streams/contract/fault.ts';
import { startFakeOllama } from '../support/fake-ollama.ts';
import { ledgerInAVariable } from '../support/memory.ts';
import { lastWork, onOllama, roomWaitingFor, thinkersWith } from '../support/thinking-agents.ts';
import { newEmbeddedClaim } from '../support/world.ts';

const counted = { inputTokens: 1_000_000, outputTokens: 100_000, estimated: { input: 0, output: 0 } };
const clock = () => 0;

describe('the price', () => {
  test('of a listed model is per million tokens', () => {
    expect(costOf('gpt-5-mini', listPrices, [counted]).usd).toBeCloseTo(0.25 + 0.2, 9);
  });
  test('of a dated model is its family’s', () => {
    expect(costOf('gpt-5-mini-2025-08-07', listPrices, [counted]).usd).toBeCloseTo(0.45, 9);
  });
  test('of an unknown model is left out, its tokens are not', () => {
    const { estimated: _none, ...tokens } = counted;
    expect(costOf('llama3.2', listPrices, [counted])).toEqual(tokens);
  });
});

describe('a budget', () => {
  const ledger = ledgerInAVariable();
  const day = { ...noBudget, day: { tokens: 100, usd: null } };

  test('without bounds is never spent, and asks nobody', async () => {
    const today = vi.fn();
    expect(await whySpent(noBudget, { tokens: 1e9, usd: 1e9 }, { ...ledger, today })).toBeNull();
    expect(today).not.toHaveBeenCalled();
  });
  test('of a game is spent when its tokens or its dollars are', async () => {
    const game = { ...noBudget, game: { tokens: 100, usd: 1 } };
    expect(await whySpent(game, { tokens: 99, usd: 0.99 }, ledger)).toBeNull();
    expect(await whySpent(game, { tokens: 100, usd: 0 }, ledger)).toMatch('100 of 100 tokens');
    expect(await whySpent(game, { tokens: 0, usd: 1.5 }, ledger)).toMatch('$1.5000 of $1');
  });
  test('of a day is spent by all games together', async () => {
    await ledger.add({ inputTokens: 90, outputTokens: 9 });
    expect(await whySpent(day, nothingSpent, ledger)).toBeNull();
    await ledger.add({ inputTokens: 1 });
    expect(await whySpent(day, nothingSpent, ledger)).toMatch('this day');
  });
});

describe('a ledger that is away', () => {
  const away = () => Promise.reject(new Fault('unavailable', 'its node is away', { retryable: true }));
  const ledger = { add: away, today: away };
  test('lets no model be asked where a day has a bound', async () => {
    const day = { ...noBudget, day: { tokens: 100, usd: null } };
    expect(await whySpent(day, nothingSpent, ledger)).toBe('what was spent today cannot be known now');
    expect(await whySpent(noBudget, nothingSpent, ledger)).toBeNull();
  });
  test('is no reason to ask a model again that has answered', async () => {
    const ollama = await startFakeOllama();
    const room = await roomWaitingFor('writer');
    const { writer } = thinkersWith({ writer: onOllama, ollamaUrl: ollama.url }, { ledger });
    await writer.handle(room.task('RESEARCH_DONE'));
    await ollama.stop();
    expect(lastWork(room)).toMatchObject({ origin: { provider: 'ollama' } });
    expect(ollama.requests).toHaveLength(1);
  });
});

describe('a step of an agent', () => {
  const { candidate } = newEmbeddedClaim();
  const replying = (...texts: readonly string[]): Talk => {
    const left = [...texts];
    const reply = { cut: false, refusal: null, inputTokens: 100, outputTokens: 10 };
    return async () => ({ text: left.shift() ?? '', ...reply });
  };
  const stepWith = (talk: Talk, ledger: ReturnType<typeof ledgerInAVariable>, bound: number | null) => {
    const model = createModel(
      { provider: 'openai', model: 'gpt-5-mini', talk },
      { clock, prices: listPrices, onCost: ledger.add },
    );
    const budget = { ...noBudget, day: { tokens: bound, usd: null } };
    const think = createThink({ models: [model], timeoutMs: 1_000, budget, ledger, clock });
    const { signal } = new AbortController();
    const embedded = async () => 'as it stands';
    return think({
      question: writerQuestion(candidate),
      embedded,
      withinMs: 1_000,
      spent: nothingSpent,
      signal,
    });
  };
  const good = '{"statement":"A claim in other words"}';

  test('counts what a reply cost, in the ledger and in the origin', async () => {
    const ledger = ledgerInAVariable();
    const { origin } = await stepWith(replying(good), ledger, null);
    expect(origin).toMatchObject({ inputTokens: 100, outputTokens: 10, usd: 0.000045 });
    expect(await ledger.today()).toEqual({ tokens: 110, usd: 0.000045 });
  });
  test('counts useless replies, too: both tries stand with the provider it fell back from', async () => {
    const ledger = ledgerInAVariable();
    const { origin } = await stepWith(replying('prose', 'more prose'), ledger, null);
    expect(origin.provider).toBe('embedded');
    expect(origin.fellBackFrom).toMatchObject([{ provider: 'openai', inputTokens: 200, outputTokens: 20 }]);
    expect((await ledger.today()).tokens).toBe(220);
  });
  test('asks no model when the budget is spent, and says so', async () => {
    const ledger = ledgerInAVariable();
    await ledger.add({ inputTokens: 500 });
    const talk = vi.fn(replying(good));
    const { value, origin } = await stepWith(talk, ledger, 500);
    expect(talk).not.toHaveBeenCalled();
    expect(value).toBe('as it stands');
    expect(origin.fellBackFrom?.[0]?.error).toMatch('the budget of this day is spent');
  });
});
