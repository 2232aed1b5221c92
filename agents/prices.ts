// What models cost, where a table gives it: US dollars per million tokens, as OpenAI's price list had it in
// 2026 (https://openai.com/api/pricing/). A model on a machine of one's own costs nothing here. Prices
// change; MODEL_PRICES overrides and adds.

import type { Cost } from '../core/claim.ts';
import type { Reply, TalkRequest } from './model.ts';
import { estimatedTokens } from './wire/token-count.ts';

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

/** Of one request: what the provider counted, null where it did not, and what stands for that. */
export interface TokenCounts {
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly estimated: { readonly input: number; readonly output: number };
}

/** Of a request that was answered. */
export function repliedCounts(request: TalkRequest, reply: Reply): TokenCounts {
  const { inputTokens, outputTokens, text, thought = '' } = reply;
  const input = inputTokens === null ? inputEstimate(request) : 0;
  const output = outputTokens === null ? estimatedTokens(text, thought) : 0;
  return { inputTokens, outputTokens, estimated: { input, output } };
}

/** Of a request whose answer was lost: it was read, and how much was written is not known. */
export function lostCounts(request: TalkRequest): TokenCounts {
  const estimated = { input: inputEstimate(request), output: 0 };
  return { inputTokens: null, outputTokens: null, estimated };
}

function inputEstimate({ instructions, schema, turns }: TalkRequest): number {
  return estimatedTokens(instructions, JSON.stringify(schema), ...turns.map(({ text }) => text));
}

/**
 * The cost of these requests; without dollars where no price is known. A dated model costs what its family
 * does.
 */
export function costOf(model: string, prices: Prices, counts: readonly TokenCounts[]): Cost {
  const sum = (of: (one: TokenCounts) => number | null) =>
    counts.reduce((all, one) => all + (of(one) ?? 0), 0);
  const known = (of: (one: TokenCounts) => number | null) => counts.some((one) => of(one) !== null);
  const input = ({ inputTokens }: TokenCounts) => inputTokens;
  const output = ({ outputTokens }: TokenCounts) => outputTokens;
  const estimated = { input: sum((one) => one.estimated.input), output: sum((one) => one.estimated.output) };
  const estimate = estimated.input + estimated.output;
  const cost: Cost = {
    ...(known(input) ? { inputTokens: sum(input) } : {}),
    ...(known(output) ? { outputTokens: sum(output) } : {}),
    ...(estimate === 0 ? {} : { estimatedTokens: estimate }),
  };
  const price = prices[model] ?? prices[model.replace(/-\d{4}-\d{2}-\d{2}$/, '')];
  if (price === undefined) return cost;
  const millions =
    (sum(input) + estimated.input) * price.input + (sum(output) + estimated.output) * price.output;
  return { ...cost, usd: Number((millions / 1_000_000).toFixed(9)) };
}
