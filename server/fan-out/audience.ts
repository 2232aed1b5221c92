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
  /** By player: who is here. */
  readonly players: ReadonlyMap<PlayerId, Member>;
  readonly inRole: (role: Role) => ReadonlySet<Member>;
  /** True while a player or a host is here. A screen on a wall does not count, and models cost money. */
  readonly isAnybodyHere: () => boolean;
  /** Lets a socket in; a second one of a player replaces the first. */
  admit(member: Member): void;
  leave(member: Member): void;
  /** Gives each socket what it has not had yet, once and in order, and sends away players who were kicked. */
  tell(history: History, room: Room | null): void;
  /** Messages that may be left out: sockets that are behind do without. `at` in ms of the log's clock. */
  mention(messages: readonly Broadcast[], to: Iterable<Member>, at: number): void;
  dismissAll(reason: Dismissal): void;
}

/** All sockets of a process, in whatever room. */
export interface Crowd {
  size: number;
}

/** `crowd`: where those who are here are counted, too. */
export function createAudience(crowd: Crowd): Audience {
  const members = new Set<Member>();
  const players = new Map<PlayerId, Member>();
  const byRole: Readonly<Record<Role, Set<Member>>> = {
    player: new Set(),
    host: new Set(),
    screen: new Set(),
  };

  function remove(member: Member): void {
    if (members.delete(member)) crowd.size -= 1;
    byRole[member.role].delete(member);
    if (member.playerId !== null && players.get(member.playerId) === member) players.delete(member.playerId);
  }

  function dismiss(member: Member, reason: Dismissal): void {
    remove(member);
    member.socket.close(reason);
  }

  return {
    members,
    players,
    inRole: (role) => byRole[role],
    isAnybodyHere: () => byRole.player.size + byRole.host.size > 0,
    admit(member) {
      const { playerId } = member;
      const other = playerId === null ? undefined : players.get(playerId);
      if (other !== undefined) dismiss(other, 'replaced');
      if (!members.has(member)) crowd.size += 1;
      members.add(member);
      byRole[member.role].add(member);
      if (playerId !== null) players.set(playerId, member);
    },
    leave: remove,
    tell(history, room) {
      for (const member of members) {
        const frames = history.after(member.s, member.playerId, member.role);
        member.s = history.head();
        if (frames.length > 0) member.socket.write(frames);
      }
      // After they were told: a player who was sent away is not served any more.
      for (const member of members) if (wasKicked(member, room)) dismiss(member, 'kicked');
    },
    mention(messages, to, at) {
      const frames = Buffer.concat(messages.map(({ t, d }) => textFrame(JSON.stringify({ t, at, d }))));
      for (const { socket } of to) socket.writeVolatile(frames);
    },
    dismissAll(reason) {
      for (const member of members) dismiss(member, reason);
    },
  };
}

function wasKicked({ playerId }: Member, room: Room | null): boolean {
  return playerId !== null && room?.players.get(playerId)?.gone === 'kicked';
}
