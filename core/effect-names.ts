// The names of what happens once: idempotency keys and timers. Two rules that mean the same effect must meet
// under one name, so no other file of the core writes one.

import type { CycleId, GameId, PlayerId, RoundId } from './ids.ts';

/** A second commit under the same key changes nothing. */
export const keys = {
  research: (cycleId: CycleId) => `research:${cycleId}`,
  draft: (cycleId: CycleId) => `draft:${cycleId}`,
  review: (cycleId: CycleId) => `review:${cycleId}`,
  prepare: (slot: number, attempt: number) => `prepare:${slot}:${attempt}`,
  open: (game: GameId, round: number) => `open:${game}:${round}`,
  close: (roundId: RoundId) => `close:${roundId}`,
  result: (roundId: RoundId) => `result:${roundId}`,
  skip: (roundId: RoundId) => `skip:${roundId}`,
  retract: (roundId: RoundId) => `retract:${roundId}`,
  report: (roundId: RoundId, playerId: PlayerId) => `report:${roundId}:${playerId}`,
  gameOver: (game: GameId) => `over:${game}`,
} as const;

/** Setting a timer again moves it. */
export const timers = {
  stage: (cycleId: CycleId | null) => `stage|${cycleId}`,
  open: (game: GameId | null) => `open|${game}`,
  close: (roundId: RoundId | null) => `close|${roundId}`,
  look: (roundId: RoundId | null) => `look|${roundId}`,
} as const;
