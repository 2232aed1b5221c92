// Counts of tokens as servers give them. What cannot be a count is unknown, and unknown is null: a budget
// counts an estimate then, where 0 would be free of charge.

import { z } from 'zod';
import { limits } from '../../core/limits.ts';
import { anything } from './anything.ts';

/** A number, or text of one; whole, since some servers count averages. */
export function countOf(value: unknown): number | null {
  const given = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof given !== 'number' || !(given >= 0 && given <= limits.tokensCountedMax)) return null;
  return Math.round(given);
}

const Usage = z.looseObject({
  prompt_tokens: anything,
  completion_tokens: anything,
  input_tokens: anything,
  output_tokens: anything,
  total_tokens: anything,
});

export interface Counted {
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
}

/** Of a reply in OpenAI's form. Nothing is asked and answered with no tokens, so 0 is unknown, too. */
export function usageOf(usage: unknown): Counted {
  const given = Usage.safeParse(usage).data;
  const first = (...counts: unknown[]) =>
    counts.map(countOf).find((count) => count !== null && count > 0) ?? null;
  const inputTokens = first(given?.prompt_tokens, given?.input_tokens);
  const outputTokens = first(given?.completion_tokens, given?.output_tokens);
  const total = countOf(given?.total_tokens);
  // Gemini leaves the other one out and counts its thoughts in the sum alone.
  if (total === null || (inputTokens === null) === (outputTokens === null))
    return { inputTokens, outputTokens };
  const rest = total - (inputTokens ?? outputTokens ?? 0);
  const other = rest > 0 ? rest : null;
  return { inputTokens: inputTokens ?? other, outputTokens: outputTokens ?? other };
}

/** How many tokens a text may have, rather more than less. */
export function estimatedTokens(...texts: readonly string[]): number {
  return Math.ceil(texts.reduce((sum, text) => sum + text.length, 0) / limits.charsPerToken);
}
