// What deciding comes to. Shared by the files that hold the rules.

import type { Rejection } from './errors.ts';
import type { EventScope, NewEvent } from './events.ts';
import type { TimerChange } from './ports.ts';
import type { Room } from './state.ts';

/** `note` is kept with the key: what a repeat of the request is answered with. */
export interface Decided {
  readonly events: readonly NewEvent[];
  readonly key: string | null;
  readonly note?: string;
  /** Timers to set although nothing happened. */
  readonly timers?: readonly TimerChange[];
}

/** Work for a cycle that is no longer current: acknowledged, counted, nothing appended. */
export interface Stale {
  readonly stale: true;
}

export type Decision = Decided | Rejection | Stale;

export const nothing: Decided = { events: [], key: null };
export const stale: Stale = { stale: true };
export const roomScope: EventScope = { game: null, round: null, cycleId: null, roundId: null };

/** The scope of an event about the game that runs or ran last. */
export function gameScope(room: Room): EventScope {
  return { ...roomScope, game: room.game };
}
