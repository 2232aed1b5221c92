// What follows for a game from who is connected: a round closes as soon as every player who may answer and is
// there has answered, and a room that paused itself goes on when a player or host is there. The server that
// sees it asks for it; the commit does it once, however many ask.

import { type Among, everyoneAnswered } from '../../core/advance.ts';
import type { Game } from '../../core/game.ts';
import type { PlayerId, RoomCode } from '../../core/ids.ts';
import { limits } from '../../core/limits.ts';
import { type Asking, isEligible, type Room } from '../../core/state.ts';
import type { CommandHandler } from '../../streams/parts.ts';
import { newTraceparent } from '../../streams/parts.ts';

interface Where {
  readonly room: RoomCode;
  readonly rooms: CommandHandler<Game>;
}

export interface Present extends Where {
  /** Players connected to this process. */
  readonly local: Among;
  /** Players connected anywhere; asked only when all here have answered. */
  readonly connected: () => Promise<Among>;
}

/** Closes the open question if no answer is waited for any more. Throws Fault. May run twice. */
export async function closeIfAllAnswered(
  state: Room | null,
  answered: Among,
  { room, rooms, local, connected }: Present,
): Promise<void> {
  if (state?.phase !== 'question') return;
  if (!everyoneAnswered(state, answered, local)) return;
  if (!everyoneAnswered(state, answered, await connected())) return;
  const { roundId } = state.question;
  const command = { type: 'closeRound', roundId, reason: 'all_answered' } as const;
  await rooms.handle(room, command, { by: 'server', traceparent: newTraceparent() });
}

/** Whether a player here is still waited for: it would be in vain to look at all of them. */
export type StillWaits = (question: Asking, answered: Among) => boolean;

/**
 * Remembers one who is waited for, and looks for another only when that one has answered or gone. It goes
 * through all in turn, so that a round costs one look at each, not one for each answer. When it says no, all
 * have to be looked at; it then begins anew.
 */
export function createStillWaits(players: ReadonlyMap<PlayerId, unknown>): StillWaits {
  let round: string | null = null;
  let rest = players.keys();
  let witness: PlayerId | null = null;
  return (room, answered) => {
    const { question } = room;
    const isWaitedFor = (id: PlayerId | null): id is PlayerId => {
      const player = id === null || !players.has(id) || answered.has(id) ? undefined : room.players.get(id);
      return player !== undefined && isEligible(player, question);
    };
    if (round !== question.roundId) {
      round = question.roundId;
      rest = players.keys();
    } else if (isWaitedFor(witness)) return true;
    for (let next = rest.next(); !next.done; next = rest.next()) {
      if (!isWaitedFor(next.value)) continue;
      witness = next.value;
      return true;
    }
    rest = players.keys();
    witness = null;
    return false;
  };
}

/** A player or a host is here. Throws Fault. May run twice. */
export async function resumeIfIdle(state: Room | null, { room, rooms }: Where): Promise<void> {
  if (state?.phase !== 'paused' || state.reason !== 'idle') return;
  const command = { type: 'resumeGame' } as const;
  await rooms.handle(room, command, { by: 'server', traceparent: newTraceparent() });
}

// After a loss one server comes back so much later than another: it waits to connect, and to try again.
const backMs = 1_500;
// In a loss that is no longer no player becomes absent: heard of shortly before it, and again after it.
const harmlessMs = limits.lastContactMs - limits.presenceEveryMs - backMs;

export interface Elsewhere {
  /** The store answered. */
  heard(): void;
  /** It is away. */
  lost(): void;
  /** In so many ms it is known again who is connected elsewhere; 0 when it is. */
  knownInMs(): number;
}

/**
 * After a long loss players at other servers count as absent until each of these has had a heartbeat. `clock`
 * in ms, only for differences.
 */
export function createElsewhere(clock: () => number): Elsewhere {
  let heardAt = clock();
  let isLost = false;
  let knownFrom = Number.NEGATIVE_INFINITY;
  return {
    heard() {
      const now = clock();
      if (isLost && now - heardAt > harmlessMs) knownFrom = now + limits.presenceEveryMs;
      isLost = false;
      heardAt = now;
    },
    lost() {
      isLost = true;
    },
    knownInMs: () => Math.max(0, knownFrom - clock()),
  };
}
