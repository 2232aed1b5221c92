// Keeps a game master at the head of a crowd's log while its question is open, so that the result of ten
// thousand answers does not begin with reading them. Whether it does changes nothing but the time: whatever
// it has not read is read when the round is over.

import type { Game } from '../core/game.ts';
import type { RoomCode } from '../core/ids.ts';
import { limits } from '../core/limits.ts';
import type { Folded } from '../streams/engine.ts';

export type KeepUp = (room: RoomCode, folded: Folded<Game>) => void;

/** `load` folds a room to the head of its log and keeps it. Stops by itself when the question is closed. */
export function createKeepUp(load: (room: RoomCode) => Promise<Folded<Game>>): KeepUp {
  const following = new Set<RoomCode>();
  const isAsking = ({ state }: Folded<Game>): boolean =>
    state.phase === 'question' && state.players.memberCount >= limits.crowdFollowedFrom;

  function goOn(room: RoomCode): void {
    const stop = (): void => void following.delete(room);
    const look = async (): Promise<void> => (isAsking(await load(room)) ? goOn(room) : stop());
    // A store that is away, or an entry that cannot be read, is met by whatever handles the round.
    setTimeout(() => void look().catch(stop), limits.crowdFollowedEveryMs).unref();
  }

  return (room, folded) => {
    if (following.has(room) || !isAsking(folded)) return;
    following.add(room);
    goOn(room);
  };
}
