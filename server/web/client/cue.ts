// Which sound belongs to what has just changed on screen. Pure; whether it is heard is decided elsewhere.

import type { Screen } from './reducer.ts';
import type { RoomState } from './wire.ts';

export type Cue = 'ask' | 'lock' | 'right' | 'wrong' | 'reveal' | 'over' | 'hurry';

/** Null where nothing is to be heard, as when one has just come: what was there before is no news. */
export function cueBetween(before: Screen, after: Screen): Cue | null {
  const [was, is] = [before.room, after.room];
  if (was === null || is === null || was === is) return lockedIn(before, after) ? 'lock' : null;
  if (is.phase === 'over' && was.phase !== 'over') return 'over';
  const told = outcomeOf(is, after.playerId);
  if (told !== null && outcomeOf(was, before.playerId) === null) return told;
  if (is.question !== null && is.question.roundId !== was.lastRoundId) return 'ask';
  return lockedIn(before, after) ? 'lock' : null;
}

const lockedIn = (before: Screen, after: Screen): boolean => before.locked === null && after.locked !== null;

/** How the round ended for this player; null before one's own outcome is known. */
function outcomeOf({ result, you }: RoomState, playerId: string | null): Cue | null {
  if (result === null) return null;
  if (playerId === null) return 'reveal';
  if (you?.roundId !== result.roundId) return null;
  return you.answer === null ? 'reveal' : you.correct ? 'right' : 'wrong';
}
