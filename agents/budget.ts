// What models may cost: per game, as the room's events add it up, and per day, as the ledger does for all
// rooms. Spent means spent: the agents fall back until the next game or day.

import type { Cost, Spent } from '../core/claim.ts';
import { isAway } from '../streams/engine.ts';

/** Costs of all rooms by day. Throws Fault when the store is away. */
export interface Ledger {
  /** Counted once per call: what is uncertain is counted rather than not. */
  add(cost: Cost): Promise<void>;
  /** Since midnight UTC. */
  today(): Promise<Spent>;
}

/** Null is no bound. Tokens count input and output; dollars only where a price is known. */
export interface Bounds {
  readonly tokens: number | null;
  readonly usd: number | null;
}

export interface Budget {
  readonly game: Bounds;
  readonly day: Bounds;
}

export const noBudget: Budget = { game: { tokens: null, usd: null }, day: { tokens: null, usd: null } };

/** Why no model may be asked now, or null. The ledger is asked only where a day has a bound. */
export async function whySpent({ game, day }: Budget, ofGame: Spent, ledger: Ledger): Promise<string | null> {
  const reason = exceeded('game', game, ofGame);
  if (reason !== null || (day.tokens === null && day.usd === null)) return reason;
  try {
    return exceeded('day', day, await ledger.today());
  } catch (error) {
    if (!isAway(error)) throw error;
    return 'what was spent today cannot be known now';
  }
}

function exceeded(of: 'game' | 'day', bounds: Bounds, spent: Spent): string | null {
  if (bounds.tokens !== null && spent.tokens >= bounds.tokens) {
    return `the budget of this ${of} is spent: ${spent.tokens} of ${bounds.tokens} tokens`;
  }
  if (bounds.usd !== null && spent.usd >= bounds.usd) {
    return `the budget of this ${of} is spent: $${spent.usd.toFixed(4)} of $${bounds.usd}`;
  }
  return null;
}
