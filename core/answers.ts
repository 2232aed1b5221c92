// The answers to a question as they come: part of the room, so that a round is scored by what was folded on
// the way, and its log is not read again when thousands wait for the result.

import type { Truth } from './claim.ts';
import type { PlayerId } from './ids.ts';
import { type PersistentMap, valuesOf, withValue } from './persistent-map.ts';

/** An answer as the log keeps it; `at` in ms of the log's clock. */
export interface GivenAnswer {
  readonly playerId: PlayerId;
  readonly answer: Truth;
  readonly at: number;
}

export class Answers {
  static readonly none = new Answers(null);
  readonly byPlayer: PersistentMap<GivenAnswer>;

  private constructor(byPlayer: PersistentMap<GivenAnswer>) {
    this.byPlayer = byPlayer;
  }

  with(given: GivenAnswer): Answers {
    return new Answers(withValue(this.byPlayer, given.playerId, given));
  }

  /** In no order that means anything. */
  values(): GivenAnswer[] {
    return [...valuesOf(this.byPlayer)];
  }
}
