// Rooms that no player and no host has entered. Each costs only one anonymous request, so their number is
// bounded, in all and for each address. After a day, or where too many wait, they are forgotten without an
// archive, since nothing has happened in them. A room leaves this list for good when a player or a host
// enters it. Rooms of older versions never stood on it.

import { z } from 'zod';
import { type Game, game } from '../../core/game.ts';
import { RoomCode } from '../../core/ids.ts';
import { keepNewest } from '../../core/keep-newest.ts';
import { limits } from '../../core/limits.ts';
import type { Presence } from '../../core/ports.ts';
import { isEntered } from '../../core/state.ts';
import { createDeleteStream } from '../../streams/admin.ts';
import { isAway, UnreadableEvent } from '../../streams/engine.ts';
import { type CommandHandler, type EventLog, orFault, readAfter, type Valkey } from '../../streams/parts.ts';
import { besideTheStream } from '../operate/retain.ts';
import { callStore } from '../stores/functions.ts';
import type { GameKeys } from '../stores/keys.ts';

export interface Unentered {
  /** For how many ms this address may make no room; 0 where it may. */
  whyWait(address: string): Promise<number>;
  /** Notes a room that is about to be made, and gives 0; or for how many ms there is no place for it. */
  expect(room: RoomCode): Promise<number>;
  made(room: RoomCode, address: string): void;
  /** Called when a player or a host comes. May run twice. */
  entered(room: RoomCode): Promise<void>;
  /** Forgets rooms that have waited too long; gives how many. Several servers may do so at once. */
  deleteOld(): Promise<number>;
}

export interface UnenteredDeps {
  readonly commands: Valkey;
  readonly keys: GameKeys;
  readonly log: EventLog<Game>;
  readonly rooms: CommandHandler<Game>;
  readonly presence: Presence;
}

type Most = Readonly<
  Record<
    | 'unenteredRoomsMax'
    | 'unenteredRoomsPerAddress'
    | 'unenteredKeptMs'
    | 'unenteredYoungMs'
    | 'unenteredLot',
    number
  >
>;

const Expected = z.tuple([z.number()], z.string());

/** On a cluster the node of the list may be away. The rooms of the other nodes do not wait for it. */
const orWithout = <T>(work: Promise<T>, without: T): Promise<T> =>
  work.catch((error: unknown) => {
    if (isAway(error)) return without;
    throw error;
  });

export function createUnentered(deps: UnenteredDeps, most: Most = limits): Unentered {
  const { commands, keys, log } = deps;
  const list = keys.unentered;
  const addresses = new Map<RoomCode, string>();

  /** How many rooms of this address wait, counting those that this server made. */
  async function waitingOf(address: string): Promise<number> {
    const own = [...addresses].flatMap(([room, maker]) => (maker === address ? [room] : []));
    if (own.length < most.unenteredRoomsPerAddress) return own.length;
    // Some may have been entered at another server, or forgotten. The store knows.
    const scores = await orFault(() => commands.zmscore(list, ...own));
    for (const [index, room] of own.entries()) if (scores[index] === null) addresses.delete(room);
    return scores.filter((score) => score !== null).length;
  }

  async function forget(room: RoomCode): Promise<boolean> {
    addresses.delete(room);
    const gone = await takeOut(deps, room);
    // The list comes after the room: where this process dies in between, the next look forgets it again.
    await orFault(() => commands.zrem(list, room));
    return gone;
  }

  return {
    whyWait: (address) =>
      orWithout(
        waitingOf(address).then((own) => (own < most.unenteredRoomsPerAddress ? 0 : most.unenteredYoungMs)),
        0,
      ),
    async expect(room) {
      const { unenteredRoomsMax, unenteredYoungMs, unenteredLot } = most;
      const args = [room, unenteredRoomsMax, unenteredYoungMs, unenteredLot];
      const noted = callStore(commands, 'expect', [list], args).then((reply) => Expected.parse(reply));
      const [waitMs, ...going] = await orWithout(noted, [0]);
      for (const old of going) await orWithout(forget(RoomCode.parse(old)), false);
      return waitMs;
    },
    made: (room, address) => keepNewest(addresses, room, address, most.unenteredRoomsMax),
    async entered(room) {
      addresses.delete(room);
      await orWithout(
        orFault(() => commands.zrem(list, room)),
        0,
      );
    },
    async deleteOld() {
      const until = (await log.now(null)) - most.unenteredKeptMs;
      let forgotten = 0;
      for (const room of await orFault(() => commands.zrange(list, '-inf', until, 'BYSCORE'))) {
        if (await orWithout(forget(RoomCode.parse(room)), false)) forgotten += 1;
      }
      return forgotten;
    },
  };
}

/** True when the room was taken out of the store. A room that has or had people in it stays. */
async function takeOut(
  { commands, keys, log, rooms, presence }: UnenteredDeps,
  room: RoomCode,
): Promise<boolean> {
  const folded = await rooms.load(room).catch((error: unknown) => {
    // An operator has to look at a room whose log cannot be read.
    if (error instanceof UnreadableEvent) return null;
    throw error;
  });
  if (folded === null) return false;
  const { state, rev } = folded;
  if (state.phase === 'none' || isEntered(state) || state.players.size > 0) return false;
  const { silentMs } = await presence.look(room);
  if (silentMs < limits.presenceKeptMs) return false;
  const { rooms: listed } = keys.of(room);
  const rest = besideTheStream(keys, room, await readAfter(log, room, 0));
  // Agents have nothing to lose with it, and a lot of such rooms must not stay because they lag.
  const deleting = { rev, epoch: folded.epoch, how: 'force', hashes: [listed], keys: rest } as const;
  return (await createDeleteStream<Game>(commands, keys, game)(room, deleting)) === 'deleted';
}
