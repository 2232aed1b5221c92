// One room in this process: its sockets, and what they are told. Events go out in order, once to each socket,
// gathered for a tick; volatile messages at most four times a second.

import type { RecordedEvent } from '../../core/events.ts';
import type { PlayerId, RoomCode } from '../../core/ids.ts';
import { limits } from '../../core/limits.ts';
import { Fault, type PresenceBook, type Rooms } from '../../core/ports.ts';
import type { Role } from '../../core/protocol.ts';
import type { Room } from '../../core/state.ts';
import { closeIfAllAnswered } from './early-close.ts';
import type { Follower } from './follower.ts';
import { type Outlet, textFrame } from './outlet.ts';
import { createVolatile } from './volatile.ts';

export interface Member {
  readonly outlet: Outlet;
  readonly role: Role;
  /** Null for screens, and for hosts who do not play. */
  playerId: PlayerId | null;
  /** The revision up to which this socket has been told everything. */
  s: number;
}

export interface HubDeps {
  readonly room: RoomCode;
  readonly follower: Follower;
  readonly presence: PresenceBook;
  readonly rooms: Rooms;
  /** The log's clock in ms. */
  readonly serverTime: () => number;
  /** In ms, only for differences. */
  readonly clock: () => number;
  /** Told of whatever a read, an early close or a heartbeat ended with: no caller awaits them. */
  readonly report: (what: string, detail: Readonly<Record<string, unknown>>) => void;
}

export interface Hub {
  readonly members: ReadonlySet<Member>;
  readonly follower: Follower;
  /**
   * Reads what is new and tells everybody. Never throws: it is tried again, or people are asked to come back
   * where that would not help.
   */
  ring(): Promise<void>;
  /** Adds a socket that knows everything up to `member.s`; a second one of a player replaces the first. */
  admit(member: Member): void;
  leave(member: Member): void;
  /** Says that those who are here are still here. */
  heartbeat(): Promise<void>;
  close(): void;
}

const retryMs = 250;

export function createHub(deps: HubDeps): Hub {
  const { room, follower, presence, rooms, report, serverTime, clock } = deps;
  const members = new Set<Member>();
  let flushing: NodeJS.Timeout | null = null;
  let retrying: NodeJS.Timeout | null = null;

  const openRoom = (): Room | null => {
    const { state } = follower.folded();
    return state.phase === 'none' ? null : state;
  };
  const locals = (): PlayerId[] =>
    [...members].flatMap(({ playerId }) => (playerId === null ? [] : [playerId]));

  function flush(): void {
    flushing = null;
    const history = follower.history();
    for (const member of members) {
      const frames = history.after(member.s, member.playerId);
      member.s = history.head();
      if (frames.length > 0) member.outlet.write(frames);
    }
    dismissKicked();
    volatile.tell();
  }

  const flushSoon = () => {
    flushing ??= setTimeout(flush, limits.fanOutTickMs);
  };

  /** After they were told: whoever was sent away has no business here any more. */
  function dismissKicked(): void {
    const state = openRoom();
    for (const member of members) {
      const player = member.playerId === null ? undefined : state?.players.get(member.playerId);
      if (player?.gone === 'kicked') dismiss(member, 'kicked');
    }
  }

  function dismiss(member: Member, reason: 'kicked' | 'replaced' | 'roomGone' | 'comeBack'): void {
    members.delete(member);
    member.outlet.close(reason);
  }

  const volatile = createVolatile({
    state: openRoom,
    answered: () => follower.answers().size,
    broadcast(t, d) {
      const frame = textFrame(JSON.stringify({ t, at: serverTime(), d }));
      for (const { outlet } of members) outlet.writeVolatile(frame);
    },
    clock,
  });

  const touch = () => presence.touch(room, locals(), members.size > 0);

  async function settleNew(events: readonly RecordedEvent[]): Promise<void> {
    if (events.some(({ type }) => type !== 'ANSWER_SUBMITTED')) flushSoon();
    else volatile.tell();
    const connected = async () => (await touch()).connected;
    const here = { room, rooms, local: new Set(locals()), connected };
    await closeIfAllAnswered(openRoom(), new Set(follower.answers().keys()), here);
  }

  function failed(error: unknown): void {
    report('hub_behind', { room, error: String(error) });
    // What cannot be read will not be readable next time either: people are asked to come back, not to wait
    // for ever.
    if (!(error instanceof Fault && error.retryable))
      for (const member of members) dismiss(member, 'comeBack');
    else {
      retrying ??= setTimeout(() => {
        retrying = null;
        void hub.ring();
      }, retryMs);
    }
  }

  const hub: Hub = {
    members,
    follower,
    async ring() {
      try {
        const events = await follower.pull();
        if (events === 'gone') for (const member of members) dismiss(member, 'roomGone');
        else await settleNew(events);
      } catch (error) {
        failed(error);
      }
    },
    admit(member) {
      for (const other of members) {
        if (member.playerId !== null && other.playerId === member.playerId) dismiss(other, 'replaced');
      }
      members.add(member);
      if (member.s < follower.history().head()) flushSoon();
    },
    leave: (member) => void members.delete(member),
    async heartbeat() {
      try {
        volatile.presence((await touch()).connected);
        await hub.ring();
      } catch (error) {
        failed(error);
      }
    },
    close() {
      volatile.close();
      for (const timer of [flushing, retrying]) if (timer !== null) clearTimeout(timer);
    },
  };
  return hub;
}
