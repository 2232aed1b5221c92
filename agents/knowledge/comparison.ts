// "A is larger than B": one fact told the right way round and bent by turning it. Called by every source that
// compares two values; the sources say which pairs are worth comparing and how.

import type { Difficulty, Source } from '../../core/claim.ts';
import { oneOf, sentence } from './phrase.ts';
import { assertionOf, pairKey, type Statement } from './source.ts';

export interface Side {
  /** Short and stable; the side's part of the fact key. */
  readonly key: string;
  /** As it stands in a sentence. */
  readonly inText: string;
}

export interface Comparison<T extends Side> {
  readonly predicate: string;
  /** The one with more of it, in all sources. */
  readonly more: T;
  readonly less: T;
  readonly difficulty: Difficulty;
  readonly kind?: string;
  /** Says that the first has more of it than the second, in several ways. */
  templates(first: T, second: T): readonly [string, ...string[]];
  explain(first: T, second: T): string;
  source(first: T): Source;
}

/** The fact and its fake. */
export function compared<T extends Side>(comparison: Comparison<T>): Statement[] {
  const { more, less } = comparison;
  return [told(comparison, more, less), told(comparison, less, more)];
}

function told<T extends Side>(comparison: Comparison<T>, first: T, second: T): Statement {
  const { predicate, more, difficulty } = comparison;
  const assertion = assertionOf(predicate, first.key, second.key);
  return {
    factKey: pairKey(predicate, first.key, second.key),
    assertion,
    truth: first === more ? 'FACT' : 'FAKE',
    difficulty,
    kind: comparison.kind ?? predicate,
    write: (wording) => ({
      claim: sentence(oneOf(comparison.templates(first, second), assertion, wording)),
      explanation: comparison.explain(first, second),
      source: comparison.source(first),
    }),
  };
}

/** All pairs of different items, each once, in the order of the list. */
export function pairsOf<T>(items: readonly T[]): (readonly [T, T])[] {
  return items.flatMap((one, index) => items.slice(index + 1).map((two) => [one, two] as const));
}
