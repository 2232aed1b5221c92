// What models cost, where a table gives it: US dollars per million tokens, as OpenAI's price list had it in
// 2026 (https://openai.com/api/pricing/). A model on a machine of one's own costs nothing here. Prices
// change; MODEL_PRICES overrides and adds.

import type { Cost } from '../core/claim.ts';

/** US dollars per million tokens. */
export interface Price {
  readonly input: number;
  readonly output: number;
}

export type Prices = Readonly<Record<string, Price>>;

export const listPrices: Prices = {
  'gpt-5': { input: 1.25, output: 10 },
  'gpt-5-mini': { input: 0.25, output: 2 },
  'gpt-5-nano': { input: 0.05, output: 0.4 },
  'gpt-4.1': { input: 2, output: 8 },
  'gpt-4.1-mini': { input: 0.4, output: 1.6 },
  'gpt-4.1-nano': { input: 0.1, output: 0.4 },
  'gpt-4o': { input: 2.5, output: 10 },
  'gpt-4o-mini': { input: 0.15, output: 0.6 },
};

/**
 * The cost of these tokens; without dollars where no price is known. A dated model costs what its family
 * does.
 */
export function costOf(model: string, prices: Prices, counted: Omit<Cost, 'usd'>): Cost {
  const price = prices[model] ?? prices[model.replace(/-\d{4}-\d{2}-\d{2}$/, '')];
  if (price === undefined) return counted;
  const { inputTokens = 0, outputTokens = 0 } = counted;
  const usd = (inputTokens * price.input + outputTokens * price.output) / 1_000_000;
  return { ...counted, usd: Number(usd.toFixed(9)) };
}
