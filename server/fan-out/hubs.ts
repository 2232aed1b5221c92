// The rooms that have sockets in this process. A hub is made at the first join and forgotten when the last
// socket has left.

import type { Game } from '../../core/game.ts';
import type { RoomCode } from '../../core/ids.ts';
import { limits } from '../../core/limits.ts';
import type { Room } from '../../core/state.ts';
import type { EventLog, Wake } from '../../streams/parts.ts';
import { createFollower } from './follower.ts';
import { createHub, type Hub, type HubDeps } from './hub.ts';

export interface Hubs {
  /** The hub of a room; it stays while it has members, or while `use` runs. */
  use<T>(room: RoomCode, work: (hub: Hub) => Promise<T>): Promise<T>;
  /** A room that has sockets here, as they were told last; null where it has none. */
  peek(room: RoomCode): Room | null;
  wake(wake: Wake<Game>): void;
  all(): Iterable<Hub>;
  close(): void;
}

export type HubsDeps = Omit<HubDeps, 'room' | 'follower' | 'crowd'> & { readonly log: EventLog<Game> };

export function createHubs({ log, ...deps }: HubsDeps): Hubs {
  const crowd = { size: 0 };
  const hubs = new Map<RoomCode, { hub: Hub; users: number }>();
  // Presence of all who are here, and a look for whatever a lost wake left unread.
  const beats = setInterval(() => {
    for (const [room, { hub }] of hubs) {
      forgetIfEmpty(room);
      void hub.heartbeat();
    }
  }, limits.presenceEveryMs);

  function forgetIfEmpty(room: RoomCode): void {
    const known = hubs.get(room);
    if (known === undefined || known.users > 0 || known.hub.members.size > 0) return;
    known.hub.close();
    hubs.delete(room);
  }

  return {
    async use(room, work) {
      const known = hubs.get(room) ?? {
        hub: createHub({ ...deps, room, crowd, follower: createFollower(log, room) }),
        users: 0,
      };
      hubs.set(room, known);
      known.users += 1;
      try {
        return await work(known.hub);
      } finally {
        known.users -= 1;
        forgetIfEmpty(room);
      }
    },
    peek(room) {
      const { state } = hubs.get(room)?.hub.follower.folded() ?? { state: null };
      return state === null || state.phase === 'none' ? null : state;
    },
    wake({ stream: room, what }) {
      const hub = hubs.get(room)?.hub;
      if (what === 'quiet') hub?.hint();
      else void hub?.wake();
    },
    all: () => [...hubs.values()].map(({ hub }) => hub),
    close() {
      clearInterval(beats);
      for (const { hub } of hubs.values()) hub.close();
    },
  };
}
