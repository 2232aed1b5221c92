// Rooms that rest for longer than the operator wants them in memory leave it by themselves, as with `arena
// retain`. Any number of servers may do so at once: each room leaves once.

import type { Logger } from 'pino';
import { Fault, isAway } from '../../streams/engine.ts';
import { awayOr, dayMs, repeat } from '../../streams/parts.ts';
import type { TellShortfall } from '../health/shortfalls.ts';
import type { Operator } from './operator.ts';
import { idleRooms, retireRoom } from './retain.ts';
import { forEachRoom } from './room-list.ts';

// A server that starts anew has people coming back first; and what has rested for days may rest an hour more.
const firstMs = 300_000;
const everyMs = 3_600_000;

export interface Retaining {
  /** Anew for each turn: it keeps the rooms that it has read. */
  readonly operator: () => Operator;
  readonly days: number;
  readonly folder: string;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  readonly tell: TellShortfall;
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Looks now and then until aborted. Rejects only for a bug. */
export async function keepRetaining(retaining: Retaining, signal: AbortSignal): Promise<void> {
  // Servers that started together should not read the same rooms at once.
  const about = (ms: number) => ms * (0.5 + Math.random());
  const turn = async () => {
    await retainOnce(retaining, signal);
    return about(everyMs);
  };
  const { wait } = retaining;
  await repeat(signal, turn, { firstMs: about(firstMs), ...(wait === undefined ? {} : { wait }) });
}

/** What cannot be done now is tried at the next turn: nothing has left the store then. */
async function retainOnce(
  { operator: newOperator, days, folder, log, tell }: Retaining,
  signal: AbortSignal,
): Promise<void> {
  const operator = newOperator();
  try {
    const { idle, leftOut } = await idleRooms(operator, days * dayMs);
    const codes = idle.map(({ room }) => room);
    const stayed = await forEachRoom(codes, async (room) => {
      if (signal.aborted) return;
      log.info({ room, file: await retireRoom(operator, room, folder) }, 'archived');
    });
    // Another server was quicker, or a player came back.
    if (stayed.length > 0) log.info({ rooms: stayed }, 'left_alone');
    tell('rooms_not_archived', null);
    if (leftOut.length > 0) log.warn({ rooms: leftOut }, 'not_archived');
  } catch (thrown) {
    const error = awayOr(thrown);
    const known = isAway(error) || (error instanceof Fault && error.code === 'archive_unwritable');
    if (!known) throw error;
    tell('rooms_not_archived', error.message);
    log.warn({ error: error.message }, 'not_archived');
  }
}
