// What all in a room are told, and may miss: how many have answered, how far the agents are, who is
// connected. Told when it changes, at most four times a second; the last value wins. One of these speaks to
// all in one role, since hosts hear of each player of a crowd, and a crowd hears less often.

import type { PlayerId } from '../../core/ids.ts';
import { limits } from '../../core/limits.ts';
import type { VolatileData, VolatileMessage } from '../../core/messages.ts';
import { agentsView } from '../../core/player-view.ts';
import { Role } from '../../core/protocol.ts';
import { eligiblePlayers, membersOf, type Room } from '../../core/state.ts';
import { createCoalesced } from './coalesced.ts';

/** `L`: one who listens. */
export interface Volatile<L> {
  /** Tells what has changed since, now or as soon as it may. */
  tell(): void;
  presence(connected: ReadonlySet<PlayerId>): void;
  /** A client came, which was told nothing: the next `tell` and `presence` say all of it to this one. */
  newcomer(listener: L): void;
  close(): void;
}

/** What all in the room are told. */
export type Broadcast = Unstamped<Exclude<VolatileMessage, { t: 'you' }>>;
type Unstamped<M> = M extends VolatileMessage ? Omit<M, 'at'> : never;

export interface VolatileDeps<L> {
  readonly state: () => Room | null;
  /** Answers to the open question so far. */
  readonly answered: () => number;
  /** To these, in one write for each. */
  readonly send: (messages: readonly Broadcast[], to: Iterable<L>) => void;
  /** Who listens now. */
  readonly listeners: ReadonlySet<L>;
  /** How many sockets there are at this process, which shares its time among them. */
  readonly crowd: { readonly size: number };
  /** Whether they are told of each player of a crowd, or of those whom all know by name. */
  readonly ofAll: boolean;
  /** In ms, only for differences. */
  readonly clock: () => number;
}

/** How often one room is told, at a process with so many sockets. */
export const toldEveryMs = ({ size }: { readonly size: number }): number =>
  Math.max(limits.volatileEveryMs, size / limits.volatileWritesPerMs);

export function createVolatile<L>(deps: VolatileDeps<L>): Volatile<L> {
  const { state, answered, send, listeners, ofAll, crowd, clock } = deps;
  const told = new Map<string, string>();
  let untold: L[] = [];
  let toldAt = Number.NEGATIVE_INFINITY;
  let wasCrowd = false;
  const later = createCoalesced(() => tell());
  const presence = createPresenceTelling(deps);

  /** All that may be told as things stand. */
  function messagesOf(room: Room): Broadcast[] {
    const { memberCount } = room.players;
    wasCrowd ||= room.players.isCrowd();
    return [
      { t: 'agents', d: agentsView(room) },
      ...(wasCrowd && !ofAll ? [{ t: 'crowd', d: { members: memberCount } } as const] : []),
      ...(room.phase === 'question' ? [{ t: 'tick', d: tickOf(room) } as const] : []),
    ];
  }

  function isNew({ t, d }: Broadcast): boolean {
    const text = JSON.stringify(d);
    if (text === told.get(t)) return false;
    told.set(t, text);
    return true;
  }

  function tickOf(room: Extract<Room, { phase: 'question' }>): VolatileData<'tick'> {
    const { roundId } = room.question;
    return { roundId, answered: answered(), players: eligiblePlayers(room, room.question).length };
  }

  function tell(): void {
    const waitMs = toldAt + toldEveryMs(crowd) - clock();
    if (waitMs > 0) return later.ask(waitMs);
    const room = state();
    if (room === null || listeners.size === 0) return;
    const messages = messagesOf(room);
    const fresh = messages.filter(isNew);
    const [newcomers, rest] = [untold, messages.filter((message) => !fresh.includes(message))];
    untold = [];
    if (fresh.length > 0) {
      toldAt = clock();
      send(fresh, listeners);
    }
    if (newcomers.length > 0 && rest.length > 0) send(rest, newcomers);
  }

  return {
    tell,
    presence: presence.tell,
    newcomer(listener) {
      untold.push(listener);
      presence.newcomer(listener);
    },
    close: later.cancel,
  };
}

/** Who is connected: what has changed to all, and who is away to newcomers. */
function createPresenceTelling<L>({ state, send, listeners, ofAll }: VolatileDeps<L>) {
  let present: ReadonlySet<PlayerId> = new Set();
  let untold: L[] = [];

  /** Those of whom these are told. */
  function known(ids: readonly PlayerId[]): readonly PlayerId[] {
    const players = state()?.players;
    if (ofAll || players?.isCrowd() !== true) return ids;
    return ids.filter((id) => players.get(id)?.unnamed !== true);
  }

  function say(came: readonly PlayerId[], went: readonly PlayerId[], to: Iterable<L>): void {
    const d: VolatileData<'presence'> = [
      ...came.map((playerId) => ({ playerId, connected: true })),
      ...went.map((playerId) => ({ playerId, connected: false })),
    ];
    if (d.length > 0) send([{ t: 'presence', d }], to);
  }

  return {
    newcomer: (listener: L) => void untold.push(listener),
    tell(connected: ReadonlySet<PlayerId>): void {
      const newcomers = untold;
      const before = present;
      untold = [];
      present = new Set(connected);
      if (listeners.size === 0) return;
      const went = known([...before].filter((id) => !connected.has(id)));
      say(known([...connected].filter((id) => !before.has(id))), went, listeners);
      if (newcomers.length === 0) return;
      const told = new Set(went);
      const away = membersIn(state(), ofAll).filter((id) => !connected.has(id) && !told.has(id));
      say([], away, newcomers);
    },
  };
}

/** The same to all, each role by its own. */
export function createVolatiles<L extends { readonly role: Role }>(
  depsOf: (role: Role) => VolatileDeps<L>,
): Volatile<L> {
  const all = new Map(Role.options.map((role) => [role, createVolatile(depsOf(role))]));
  const each = (work: (one: Volatile<L>) => void) => {
    for (const one of all.values()) work(one);
  };
  return {
    tell: () => each(({ tell }) => tell()),
    presence: (connected) => each(({ presence }) => presence(connected)),
    newcomer: (listener) => all.get(listener.role)?.newcomer(listener),
    close: () => each(({ close }) => close()),
  };
}

function membersIn(room: Room | null, ofAll: boolean): PlayerId[] {
  if (room === null) return [];
  return (ofAll ? membersOf(room) : room.players.named()).map(({ id }) => id);
}
