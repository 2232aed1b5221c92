// What a projection is: a fold of a room's events made for reading, and the documents it comes to. Throw it
// away and fold again at any time: the log is the truth.

import type { RecordedEvent } from '../core/events.ts';
import type { Room } from '../core/state.ts';

/** `evolve` sees each event with the room as it is after it. Both functions are pure. */
export interface Projection<S> {
  readonly initial: S;
  evolve(state: S, event: RecordedEvent, after: Room): S;
  /** Documents by name, without a cluster's prefix. */
  documents(state: S, room: Room): ReadonlyMap<string, unknown>;
}
