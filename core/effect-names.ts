// The names of what happens once: idempotency keys and timers. Two rules that mean the same effect must meet
// under one name, so they are written nowhere else.

import type { CycleId, GameId, PlayerId, RoundId } from './ids.ts';

/** A second commit under the same key changes nothing. */
export const keys = {
  create: 'create',
  join: (nonceHash: string) => `join:${nonceHash}`,
  leave: (playerId: PlayerId) => `leave:${playerId}`,
  kick: (playerId: PlayerId) => `kick:${playerId}`,
  ban: (playerId: PlayerId) => `ban:${playerId}`,
  settings: (requestId: string) => `settings:${requestId}`,
  start: (after: GameId | null) => `start:${after ?? 'first'}`,
  research: (cycleId: CycleId) => `research:${cycleId}`,
  draft: (cycleId: CycleId) => `draft:${cycleId}`,
  review: (cycleId: CycleId) => `review:${cycleId}`,
  prepare: (slot: number, attempt: number) => `prepare:${slot}:${attempt}`,
  open: (game: GameId, round: number) => `open:${game}:${round}`,
  answer: (roundId: RoundId, playerId: PlayerId) => `answer:${roundId}:${playerId}`,
  extend: (requestId: string) => `extend:${requestId}`,
  close: (roundId: RoundId) => `close:${roundId}`,
  result: (roundId: RoundId) => `result:${roundId}`,
  skip: (roundId: RoundId) => `skip:${roundId}`,
  retract: (roundId: RoundId) => `retract:${roundId}`,
  report: (roundId: RoundId, playerId: PlayerId) => `report:${roundId}:${playerId}`,
  gameOver: (game: GameId | null) => `over:${game}`,
  /** Beside the key of the effect: names the request that a client may send again. */
  intent: (keyHash: string) => `intent:${keyHash}`,
} as const;

/** Setting a timer again moves it. */
export const timers = {
  /** Rings at once: the first player sat down, and claims are wanted. */
  prepare: 'prepare|first',
  stage: (cycleId: CycleId | null) => `stage|${cycleId}`,
  open: (game: GameId | null) => `open|${game}`,
  close: (roundId: RoundId | null) => `close|${roundId}`,
  look: (roundId: RoundId | null) => `look|${roundId}`,
} as const;
