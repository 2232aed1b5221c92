// How much models may cost, from the settings. Where a model may cost money and no bound for a day is set, a
// default bound holds: anybody may make rooms, and each room asks models for claims.

import { z } from 'zod';
import type { Bounds, Budget } from '../../agents/budget.ts';
import { limits } from '../../core/limits.ts';

/** `none` means no bound and gives null. 0 is a bound: no model is asked. */
const bound = (amount: RegExp, what: string) =>
  z
    .string()
    .regex(amount, what)
    .transform((text) => (text === 'none' ? null : Number(text)))
    .optional();

const tokens = bound(/^(none|\d{1,12})$/, 'a whole number, or none');
const usd = bound(/^(none|\d{1,9}(\.\d+)?)$/, 'a number such as 2.5, or none');

export const BudgetSettings = {
  BUDGET_GAME_TOKENS: tokens,
  BUDGET_GAME_USD: usd,
  BUDGET_DAY_TOKENS: tokens,
  BUDGET_DAY_USD: usd,
};

type Given = { readonly [Name in keyof typeof BudgetSettings]?: number | null | undefined };

const dayByDefault: Bounds = { tokens: limits.dayTokensByDefault, usd: limits.dayUsdByDefault };

/** `mayCost`: an agent asks a provider that may cost money. */
export function budgetFrom(given: Given, mayCost: boolean): Budget & { readonly dayIsDefault: boolean } {
  const { BUDGET_DAY_TOKENS: dayTokens, BUDGET_DAY_USD: dayUsd } = given;
  const dayIsDefault = mayCost && dayTokens === undefined && dayUsd === undefined;
  return {
    game: { tokens: given.BUDGET_GAME_TOKENS ?? null, usd: given.BUDGET_GAME_USD ?? null },
    day: dayIsDefault ? dayByDefault : { tokens: dayTokens ?? null, usd: dayUsd ?? null },
    dayIsDefault,
  };
}

interface Models {
  /** The agents that may cost money. */
  readonly payable: readonly string[];
  readonly budget: { readonly dayIsDefault: boolean };
}

/**
 * What the operator is told of the default bound when these agents start, or null. Only the process with the
 * first agent that may cost money says it, so that several processes say it once.
 */
export function saidOfBudget({ payable, budget }: Models, names: readonly string[]): string | null {
  if (!budget.dayIsDefault || !names.some((name) => name === payable[0])) return null;
  const most = `$${limits.dayUsdByDefault} or ${limits.dayTokensByDefault} tokens`;
  const other = 'BUDGET_DAY_USD or BUDGET_DAY_TOKENS set another bound, none lifts it';
  return `models may cost ${most} a day (UTC), then claims come from the data; ${other}`;
}
