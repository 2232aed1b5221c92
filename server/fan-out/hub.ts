// One room in this process: its sockets, and what they are told. Events go out in order, once to each socket,
// gathered for a tick; volatile messages at most four times a second.

import type { RecordedEvent } from '../../core/events.ts';
import type { Game } from '../../core/game.ts';
import type { PlayerId, RoomCode } from '../../core/ids.ts';
import { limits } from '../../core/limits.ts';
import type { PresenceBook } from '../../core/ports.ts';
import type { Room } from '../../core/state.ts';
import { Fault, isAway } from '../../streams/engine.ts';
import type { CommandHandler, Tracer } from '../../streams/parts.ts';
import { createAudience, type Member } from './audience.ts';
import { closeIfAllAnswered, createElsewhere, resumeIfIdle } from './by-presence.ts';
import { createCoalesced } from './coalesced.ts';
import type { Follower } from './follower.ts';
import { createPushSpans } from './push-spans.ts';
import { createVolatile } from './volatile.ts';

export interface HubDeps {
  readonly room: RoomCode;
  readonly follower: Follower;
  readonly presence: PresenceBook;
  readonly rooms: CommandHandler<Game>;
  readonly tracer: Tracer;
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
   * Reads what is new and tells all sockets. Never throws: it is tried again, or people are asked to come
   * back where that would not help.
   */
  wake(): Promise<void>;
  /**
   * Comes to the head of the log; a client that was told what is no longer so is asked to come back. False:
   * there is no such room (any more). Throws Fault, UnreadableEvent.
   */
  catchUp(): Promise<boolean>;
  /** Adds a socket that knows everything up to `member.s`; a second one of a player replaces the first. */
  admit(member: Member): void;
  leave(member: Member): void;
  /** Says that those who are here are still here; a room that paused itself because it was empty goes on. */
  heartbeat(): Promise<void>;
  close(): void;
}

const retryMs = 250;

export function createHub(deps: HubDeps): Hub {
  const { room, follower, presence, rooms, report, clock } = deps;
  const { audience, openRoom, volatile, flush, tell, stop } = createTelling(deps);
  // Players here were not heard of either while the store was away.
  const retry = createCoalesced(() => void heartbeat());
  const lookAgain = createCoalesced(() => void wake());
  const elsewhere = createElsewhere(clock);

  async function touch(): Promise<ReadonlySet<PlayerId>> {
    const { connected } = await presence.touch(room, audience.players(), audience.isAnybodyHere());
    elsewhere.heard();
    return connected;
  }

  async function settleNew(events: readonly RecordedEvent[]): Promise<void> {
    tell(events);
    const unknownMs = elsewhere.knownInMs();
    if (unknownMs > 0) return lookAgain.ask(unknownMs);
    const here = { room, rooms, local: new Set(audience.players()), connected: touch };
    await closeIfAllAnswered(openRoom(), new Set(follower.answers().keys()), here);
  }

  const orFail = (work: () => Promise<void>): Promise<void> =>
    work().catch((error: unknown) => {
      report('hub_behind', { room, error: String(error) });
      if (isAway(error)) elsewhere.lost();
      // What cannot be read will not be readable next time either: people must not wait for ever.
      if (error instanceof Fault && error.retryable) retry.ask(retryMs);
      else audience.dismissAll('comeBack');
    });

  async function catchUp(): Promise<boolean> {
    const pulled = await follower.pull();
    elsewhere.heard();
    if (pulled !== 'there') audience.dismissAll(pulled === 'gone' ? 'roomGone' : 'comeBack');
    return pulled !== 'gone';
  }

  const wake = () => orFail(async () => ((await catchUp()) ? settleNew(follower.fresh()) : undefined));

  const heartbeat = () =>
    orFail(async () => {
      const connected = await touch();
      if (elsewhere.knownInMs() === 0) volatile.presence(connected);
      await wake();
      if (audience.isAnybodyHere()) await resumeIfIdle(openRoom(), { room, rooms });
    });

  return {
    members: audience.members,
    follower,
    wake,
    catchUp,
    admit(member) {
      audience.admit(member);
      volatile.newcomer();
      if (member.s < follower.history().head()) flush.ask(limits.fanOutTickMs);
    },
    leave: audience.leave,
    heartbeat,
    close() {
      stop();
      retry.cancel();
      lookAgain.cancel();
    },
  };
}

/** What sockets are told, and when. */
function createTelling({ follower, tracer, serverTime, clock }: HubDeps) {
  const audience = createAudience();
  const openRoom = () => roomOf(follower);
  const volatile = createVolatile({
    state: openRoom,
    answered: () => follower.answers().size,
    broadcast: (message) => audience.mention(message, serverTime()),
    clock,
  });
  const spans = createPushSpans(tracer);
  const flush = createCoalesced(() => {
    audience.tell(follower.history(), openRoom());
    spans.pushed(audience.members.size);
    volatile.tell();
  });
  return {
    audience,
    openRoom,
    volatile,
    flush,
    tell(events: readonly RecordedEvent[]) {
      spans.read(events);
      if (events.some(({ type }) => type !== 'ANSWER_SUBMITTED')) flush.ask(limits.fanOutTickMs);
      else volatile.tell();
    },
    stop() {
      volatile.close();
      flush.cancel();
    },
  };
}

function roomOf({ folded }: Follower): Room | null {
  const { state } = folded();
  return state.phase === 'none' ? null : state;
}
