// One room in this process: its sockets, and what they are told. Events go out in order, once to each socket,
// gathered for a tick; volatile messages at most four times a second.

import type { RecordedEvent } from '../../core/events.ts';
import type { Game } from '../../core/game.ts';
import type { PlayerId, RoomCode, RoundId } from '../../core/ids.ts';
import { limits } from '../../core/limits.ts';
import type { PresenceBook } from '../../core/ports.ts';
import type { Room } from '../../core/state.ts';
import { Fault, isAway } from '../../streams/engine.ts';
import type { CommandHandler, Tracer } from '../../streams/parts.ts';
import { type Crowd, createAudience, type Member } from './audience.ts';
import { closeIfAllAnswered, createElsewhere, createStillWaits, resumeIfIdle } from './by-presence.ts';
import { createCoalesced } from './coalesced.ts';
import type { Follower } from './follower.ts';
import { createPushSpans } from './push-spans.ts';
import { createVolatiles, toldEveryMs } from './volatile.ts';

export interface HubDeps {
  readonly room: RoomCode;
  readonly follower: Follower;
  readonly presence: PresenceBook;
  readonly rooms: CommandHandler<Game>;
  readonly tracer: Tracer;
  /** The sockets of this process, which the hub counts with its own. */
  readonly crowd: Crowd;
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
   * Answers were stored, by whatever process. They are read as often as they are told of, however many come.
   */
  hint(): void;
  /** An answer of a player here was stored. The one after which none here is waited for is read at once. */
  answered(roundId: RoundId, playerId: PlayerId): void;
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
  const { room, follower, rooms, report } = deps;
  const telling = createTelling(deps);
  const { audience, openRoom, volatile, flush, tell, stop } = telling;
  const here = createHere(deps, telling);
  // Players here were not heard of either while the store was away.
  const retry = createCoalesced(() => void heartbeat());
  const [lookAgain, hinted] = [createCoalesced(() => void wake()), createCoalesced(() => void wake())];
  const arrivals = createCoalesced(() => void orFail(() => contact(here.arrived)));

  async function settleNew(events: readonly RecordedEvent[]): Promise<void> {
    tell(events);
    const unknownMs = here.elsewhere.knownInMs();
    if (unknownMs > 0) return lookAgain.ask(unknownMs);
    await here.closeIfAllAnswered();
  }

  const orFail = (work: () => Promise<void>): Promise<void> =>
    work().catch((error: unknown) => {
      report('hub_behind', { room, error: String(error) });
      if (isAway(error)) here.elsewhere.lost();
      // What cannot be read will not be readable next time either: people must not wait for ever.
      if (error instanceof Fault && error.retryable) retry.ask(retryMs);
      else audience.dismissAll('comeBack');
    });

  async function catchUp(): Promise<boolean> {
    const pulled = await follower.pull();
    here.elsewhere.heard();
    if (pulled !== 'there') audience.dismissAll(pulled === 'gone' ? 'roomGone' : 'comeBack');
    return pulled !== 'gone';
  }

  const wake = () => orFail(async () => ((await catchUp()) ? settleNew(follower.fresh()) : undefined));

  /** Says who is here, and tells those here who else is. */
  async function contact(say: () => Promise<ReadonlySet<PlayerId>>): Promise<void> {
    const connected = await say();
    if (here.elsewhere.knownInMs() === 0) volatile.presence(connected);
    await wake();
    if (audience.isAnybodyHere()) await resumeIfIdle(openRoom(), { room, rooms });
  }
  const heartbeat = () => orFail(() => contact(here.all));

  return {
    members: audience.members,
    follower,
    wake,
    hint: () => hinted.ask(toldEveryMs(deps.crowd)),
    answered(roundId, playerId) {
      if (here.answered(roundId, playerId)) void wake();
    },
    catchUp,
    admit(member) {
      if (here.admit(member)) arrivals.now();
      else arrivals.ask(limits.volatileEveryMs);
      volatile.newcomer(member);
      if (member.s < follower.history().head()) flush.ask(limits.fanOutTickMs);
    },
    leave: audience.leave,
    heartbeat,
    close() {
      stop();
      for (const later of [retry, lookAgain, hinted, arrivals]) later.cancel();
    },
  };
}

/** Who of the room is at this process, as the store is told, and what follows when all have answered. */
function createHere(
  { room, follower, presence, rooms, clock }: HubDeps,
  { audience, openRoom }: Pick<ReturnType<typeof createTelling>, 'audience' | 'openRoom'>,
) {
  const elsewhere = createElsewhere(clock);
  const stillWaits = createStillWaits(audience.players);
  const stored = createStored();
  let newcomers: PlayerId[] = [];

  /** Gives back all who are connected anywhere. */
  async function touch(players: readonly PlayerId[]): Promise<ReadonlySet<PlayerId>> {
    const { connected } = await presence.touch(room, players, audience.isAnybodyHere());
    elsewhere.heard();
    return connected;
  }
  const all = () => touch([...audience.players.keys()]);

  return {
    elsewhere,
    all,
    /** True for the first who is no screen: a game that is started at once must not find an empty room. */
    admit(member: Member): boolean {
      const nobody = !audience.isAnybodyHere();
      audience.admit(member);
      if (member.playerId !== null) newcomers.push(member.playerId);
      return nobody && audience.isAnybodyHere();
    },
    /** Those alone who came since: the others were told of, and a crowd is many. */
    arrived(): Promise<ReadonlySet<PlayerId>> {
      const players = newcomers;
      newcomers = [];
      return touch(players);
    },
    /** True where no player here is waited for any more, as far as this process knows. */
    answered(roundId: RoundId, playerId: PlayerId): boolean {
      const state = openRoom();
      if (state?.phase !== 'question' || state.question.roundId !== roundId) return false;
      const here = stored.plus(roundId, playerId);
      const read = follower.answers();
      return !stillWaits(state, { has: (id) => here.has(id) || read.has(id) });
    },
    async closeIfAllAnswered(): Promise<void> {
      const answered = follower.answers();
      const state = openRoom();
      if (state?.phase !== 'question' || stillWaits(state, answered)) return;
      await closeIfAllAnswered(state, answered, { room, rooms, local: audience.players, connected: all });
    },
  };
}

/** Players of this process whose answers to one round are stored, read or not. */
function createStored() {
  const players = new Set<PlayerId>();
  let round: RoundId | null = null;
  return {
    plus(roundId: RoundId, playerId: PlayerId): ReadonlySet<PlayerId> {
      if (round !== roundId) players.clear();
      round = roundId;
      return players.add(playerId);
    },
  };
}

/** What sockets are told, and when. */
function createTelling({ follower, tracer, crowd, serverTime, clock }: HubDeps) {
  const audience = createAudience(crowd);
  const openRoom = () => roomOf(follower);
  const volatile = createVolatiles<Member>((role) => ({
    state: openRoom,
    answered: () => follower.answers().size,
    send: (messages, to) => audience.mention(messages, to, serverTime()),
    listeners: audience.inRole(role),
    ofAll: role === 'host',
    crowd,
    clock,
  }));
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
