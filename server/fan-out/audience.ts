// The sockets of one room in this process: who is here, and up to where each has been told. A hub says when
// there is something to tell.

import type { PlayerId } from '../../core/ids.ts';
import type { Role } from '../../core/protocol.ts';
import type { Room } from '../../core/state.ts';
import { type ClientSocket, textFrame } from './client-socket.ts';
import type { History } from './history.ts';
import type { Broadcast } from './volatile.ts';

export interface Member {
  readonly socket: ClientSocket;
  readonly role: Role;
  /** Null for screens, and for hosts who do not play. */
  playerId: PlayerId | null;
  /** The revision up to which this socket has been told everything. */
  s: number;
}

type Dismissal = 'kicked' | 'replaced' | 'roomGone' | 'comeBack';

export interface Audience {
  readonly members: ReadonlySet<Member>;
  readonly players: () => PlayerId[];
  /** True while a player or a host is here. A screen on a wall does not count, and models cost money. */
  readonly isAnybodyHere: () => boolean;
  /** Lets a socket in; a second one of a player replaces the first. */
  admit(member: Member): void;
  leave(member: Member): void;
  /** Gives each socket what it has not had yet, once and in order, and sends away players who were kicked. */
  tell(history: History, room: Room | null): void;
  /** A message that may be left out; sockets that are behind do not. `at` in ms of the log's clock. */
  mention(message: Broadcast, at: number): void;
  dismissAll(reason: Dismissal): void;
}

export function createAudience(): Audience {
  const members = new Set<Member>();

  function dismiss(member: Member, reason: Dismissal): void {
    members.delete(member);
    member.socket.close(reason);
  }

  return {
    members,
    players: () => [...members].flatMap(({ playerId }) => (playerId === null ? [] : [playerId])),
    isAnybodyHere: () => [...members].some(({ role }) => role !== 'screen'),
    admit(member) {
      for (const other of members) {
        if (member.playerId !== null && other.playerId === member.playerId) dismiss(other, 'replaced');
      }
      members.add(member);
    },
    leave: (member) => void members.delete(member),
    tell(history, room) {
      for (const member of members) {
        const frames = history.after(member.s, member.playerId);
        member.s = history.head();
        if (frames.length > 0) member.socket.write(frames);
      }
      // After they were told: a player who was sent away is not served any more.
      for (const member of members) if (wasKicked(member, room)) dismiss(member, 'kicked');
    },
    mention({ t, d }, at) {
      const frame = textFrame(JSON.stringify({ t, at, d }));
      for (const { socket } of members) socket.writeVolatile(frame);
    },
    dismissAll(reason) {
      for (const member of members) dismiss(member, reason);
    },
  };
}

function wasKicked({ playerId }: Member, room: Room | null): boolean {
  return playerId !== null && room?.players.get(playerId)?.gone === 'kicked';
}
