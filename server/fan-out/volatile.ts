// What all in a room are told, and may miss: how many have answered, how far the agents are,
// who is connected. Told when it changes, at most four times a second; the last value wins.

import type { PlayerId } from '../../core/ids.ts';
import { limits } from '../../core/limits.ts';
import type { VolatileData, VolatileMessage } from '../../core/messages.ts';
import { agentsView } from '../../core/player-view.ts';
import { eligiblePlayers, membersOf, type Room } from '../../core/state.ts';
import { createCoalesced } from './coalesced.ts';

export interface Volatile {
  /** Tells what has changed since, now or as soon as it may. */
  tell(): void;
  presence(connected: ReadonlySet<PlayerId>): void;
  /** A client came, which was told nothing of this: the next `tell` and `presence` say all of it again. */
  newcomer(): void;
  close(): void;
}

/** What all in the room are told. */
export type Broadcast = Unstamped<Exclude<VolatileMessage, { t: 'you' }>>;
type Unstamped<M> = M extends VolatileMessage ? Omit<M, 'at'> : never;

export interface VolatileDeps {
  readonly state: () => Room | null;
  /** Answers to the open question so far. */
  readonly answered: () => number;
  readonly broadcast: (message: Broadcast) => void;
  /** In ms, only for differences. */
  readonly clock: () => number;
}

export function createVolatile({ state, answered, broadcast, clock }: VolatileDeps): Volatile {
  let told = { tick: '', agents: '' };
  let present: ReadonlySet<PlayerId> = new Set();
  let newcomers = false;
  let toldAt = Number.NEGATIVE_INFINITY;
  const later = createCoalesced(() => tell());

  function tellNow(room: Room): void {
    tellIfNew({ t: 'agents', d: agentsView(room) });
    if (room.phase === 'question') tellIfNew({ t: 'tick', d: tickOf(room) });
  }

  function tellIfNew(message: Exclude<Broadcast, { t: 'presence' }>): void {
    const text = JSON.stringify(message.d);
    if (text === told[message.t]) return;
    told[message.t] = text;
    toldAt = clock();
    broadcast(message);
  }

  function tickOf(room: Extract<Room, { phase: 'question' }>): VolatileData<'tick'> {
    const { roundId } = room.question;
    return { roundId, answered: answered(), players: eligiblePlayers(room, room.question).length };
  }

  function tell(): void {
    const waitMs = toldAt + limits.volatileEveryMs - clock();
    if (waitMs > 0) return later.ask(waitMs);
    const room = state();
    if (room !== null) tellNow(room);
  }

  return {
    tell,
    presence(connected) {
      const came = [...connected].filter((id) => !present.has(id));
      const members = newcomers ? membersIn(state()) : [];
      const went = [...new Set([...present, ...members])].filter((id) => !connected.has(id));
      newcomers = false;
      present = new Set(connected);
      const d: VolatileData<'presence'> = [
        ...came.map((playerId) => ({ playerId, connected: true })),
        ...went.map((playerId) => ({ playerId, connected: false })),
      ];
      if (d.length > 0) broadcast({ t: 'presence', d });
    },
    newcomer() {
      told = { tick: '', agents: '' };
      newcomers = true;
    },
    close: later.cancel,
  };
}

const membersIn = (room: Room | null): PlayerId[] =>
  room === null ? [] : membersOf(room).map(({ id }) => id);
