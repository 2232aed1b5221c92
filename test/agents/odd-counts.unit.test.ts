// Counts of tokens as servers give them. A good answer is never thrown away for its count; what is unknown
// is not 0, and budgets count an estimate for it.

import { describe, expect, it } from 'vitest';
import { createModel } from '../../agents/ask.ts';
import { noBudget } from '../../agents/budget.ts';
import { ModelFault, type Talk } from '../../agents/model.ts';
import { writerQuestion } from '../../agents/prompts/writer.ts';
import { createThink } from '../../agents/think.ts';
import { nothingSpent, plusOrigin } from '../../core/claim.ts';
import { ledgerInAVariable } from '../support/memory.ts';
import { askQuirky, completion, goodText, ollamaReply } from '../support/quirky-server.ts';
import { newEmbeddedClaim } from '../support/world.ts';

type Count = number | undefined;

const counts: readonly (readonly [string, unknown, Count, Count])[] = [
  ['no usage', undefined, undefined, undefined],
  ['null for usage', null, undefined, undefined],
  ['text for usage', 'none', undefined, undefined],
  ['a list for usage', [1, 2], undefined, undefined],
  ['no count of its own words', { prompt_tokens: 120 }, 120, undefined],
  ['null for its own words', { prompt_tokens: 120, completion_tokens: null }, 120, undefined],
  ['a fraction', { prompt_tokens: 120.4, completion_tokens: 59.5 }, 120, 60],
  ['text of numbers', { prompt_tokens: '120', completion_tokens: '60' }, 120, 60],
  ['a negative number', { prompt_tokens: 120, completion_tokens: -1 }, 120, undefined],
  ['a number out of all reason', { prompt_tokens: 120, completion_tokens: 1e15 }, 120, undefined],
  ['nothing but noughts', { prompt_tokens: 0, completion_tokens: 0 }, undefined, undefined],
  ['the sum in place of one', { prompt_tokens: 120, total_tokens: 200 }, 120, 80],
  ['the names of another API', { input_tokens: 120, output_tokens: 60 }, 120, 60],
];

describe.concurrent('a server that counts with', () => {
  it.each(counts)(
    '%s is understood, and what it leaves out is estimated',
    async (_, usage, input, output) => {
      const { answer, costs, requests } = await askQuirky({
        behave: completion({ content: goodText }, { usage }),
      });
      expect(requests).toHaveLength(1);
      const { origin } = answer();
      const { inputTokens, outputTokens, estimatedTokens = 0, usd = 0 } = origin;
      expect({ inputTokens, outputTokens }).toEqual({ inputTokens: input, outputTokens: output });
      const atLeast = (input === undefined ? 300 : 0) + (output === undefined ? goodText.length / 4 : 0);
      expect(estimatedTokens).toBeGreaterThanOrEqual(atLeast);
      if (atLeast === 0) expect(estimatedTokens).toBe(0);
      // One dollar for a million of either.
      expect(usd * 1_000_000).toBeCloseTo((input ?? 0) + (output ?? 0) + estimatedTokens, 6);
      expect(plusOrigin(nothingSpent, origin).tokens).toBe((input ?? 0) + (output ?? 0) + estimatedTokens);
      expect(costs).toHaveLength(1);
    },
  );

  it.each<[string, object, Count, Count]>([
    ['no count of the prompt, which it still knew', { prompt_eval_count: undefined }, undefined, 60],
    ['no count at all', { prompt_eval_count: undefined, eval_count: null }, undefined, undefined],
    ['fractions', { prompt_eval_count: 119.6, eval_count: '60' }, 120, 60],
  ])('%s is understood (Ollama)', async (_, rest, input, output) => {
    const { answer } = await askQuirky({ api: 'ollama', behave: ollamaReply({ content: goodText }, rest) });
    const { origin } = answer();
    const { inputTokens, outputTokens, estimatedTokens = 0 } = origin;
    expect({ inputTokens, outputTokens }).toEqual({ inputTokens: input, outputTokens: output });
    expect(estimatedTokens > 0).toBe(input === undefined || output === undefined);
  });
});

describe('a budget', () => {
  const { candidate } = newEmbeddedClaim();
  const spentBy = async (talk: Talk, timeoutMs = 1_000) => {
    const ledger = ledgerInAVariable();
    const clock = () => 0;
    const model = createModel({ provider: 'x', model: 'y', talk }, { clock, prices: {}, onCost: ledger.add });
    const budget = { ...noBudget, day: { tokens: 1, usd: null } };
    const think = createThink({ models: [model], timeoutMs, budget, ledger, clock });
    const step = () =>
      think({
        question: writerQuestion(candidate),
        embedded: async () => 'as it stands',
        withinMs: 60_000,
        spent: nothingSpent,
        signal: new AbortController().signal,
      });
    const first = await step();
    return { first, second: await step() };
  };
  const uncounted = { cut: false, refusal: null, inputTokens: null, outputTokens: null };
  const overspent = [{ error: expect.stringMatching(/budget of this day is spent/) }];

  it('is spent by a model whose server counts nothing', async () => {
    const { second } = await spentBy(async () => ({
      text: '{"statement":"A claim in other words"}',
      ...uncounted,
    }));
    expect(second.origin.fellBackFrom).toMatchObject(overspent);
  });

  it('is spent by replies that were lost on the way: the server worked for them', async () => {
    const lost = new ModelFault('model_lost', 'terminated', { retryable: true });
    const { first, second } = await spentBy(() => Promise.reject(lost));
    expect(first.origin.fellBackFrom?.[0]?.estimatedTokens).toBeGreaterThan(100);
    expect(second.origin.fellBackFrom).toMatchObject(overspent);
  });

  it('is spent by a model that takes too long', async () => {
    const { second } = await spentBy(() => new Promise(() => undefined), 50);
    expect(second.origin.fellBackFrom).toMatchObject(overspent);
  });

  it('is not spent by a server that is not there', async () => {
    const away = new ModelFault('model_lost', 'connect ECONNREFUSED', { retryable: false });
    const { second } = await spentBy(() => Promise.reject(away));
    expect(second.origin.fellBackFrom).toMatchObject([{ error: 'connect ECONNREFUSED' }]);
  });
});
