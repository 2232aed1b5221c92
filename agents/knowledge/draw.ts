// Draws statements out of sources: the wanted truth and difficulty, kinds in turn, no fact twice. Chance
// comes from the caller, so the same numbers draw the same claims. Called by `knowledge.ts`.

import type { Difficulty, Truth } from '../../core/claim.ts';
import type { LoadedSource, Statement } from './source.ts';

export interface Wanted {
  readonly truth: Truth;
  readonly difficulty: Difficulty | null;
  /** Fact keys that must not come. */
  readonly taken: ReadonlySet<string>;
  /** 0 <= x < 1 */
  readonly random: () => number;
}

/** A loaded source, sorted for drawing. */
export interface Deck {
  draw(wanted: Wanted): Statement | null;
}

export function deckOf(source: LoadedSource): Deck {
  const piles = new Map<string, Map<string, Statement[]>>();
  for (const statement of source.statements) {
    for (const difficulty of [statement.difficulty, 'any']) {
      const pile = `${statement.truth} ${difficulty}`;
      const kinds = piles.get(pile) ?? new Map<string, Statement[]>();
      const kind = kinds.get(statement.kind) ?? [];
      kind.push(statement);
      kinds.set(statement.kind, kind);
      piles.set(pile, kinds);
    }
  }
  return {
    draw({ truth, difficulty, taken, random }) {
      const kinds = [...(piles.get(`${truth} ${difficulty ?? 'any'}`)?.values() ?? [])];
      for (const kind of weightedOrder(kinds, (statements) => Math.sqrt(statements.length), random)) {
        const start = Math.floor(random() * kind.length);
        for (let step = 0; step < kind.length; step++) {
          const statement = kind[(start + step) % kind.length];
          if (statement && !taken.has(statement.factKey)) return statement;
        }
      }
      return null;
    },
  };
}

/** All items, each placed by chance in proportion to its weight among those left. */
export function weightedOrder<T>(
  items: readonly T[],
  weight: (item: T) => number,
  random: () => number,
): T[] {
  const left = [...items];
  const order: T[] = [];
  while (left.length > 0) {
    const total = left.reduce((sum, item) => sum + weight(item), 0);
    let point = random() * total;
    const found = left.findIndex((item) => {
      point -= weight(item);
      return point < 0;
    });
    order.push(...left.splice(found < 0 ? left.length - 1 : found, 1));
  }
  return order;
}
