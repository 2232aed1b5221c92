// Who is connected to a room, by heartbeat and by the store's clock. Volatile: losing it costs ten seconds,
// never a point.

import { z } from 'zod';
import { PlayerId } from '../../core/ids.ts';
import { limits } from '../../core/limits.ts';
import type { PresenceBook } from '../../core/ports.ts';
import type { Valkey } from '../../streams/parts.ts';
import { callStore } from './functions.ts';
import type { GameKeys } from './keys.ts';

const anybody = '*';
const Reply = z.array(z.string()).min(1);

export function createPresence(connection: Valkey, keys: GameKeys): PresenceBook {
  const touch: PresenceBook['touch'] = async (room, players, someone) => {
    const args = [someone ? '1' : '', limits.presenceKeptMs, ...players];
    const reply = Reply.parse(await callStore(connection, 'touch', [keys.of(room).presence], args));
    return read(reply);
  };
  return { touch, look: (room) => touch(room, [], false) };
}

function read([clock, ...pairs]: string[]): { connected: ReadonlySet<PlayerId>; silentMs: number } {
  const now = Number(clock);
  const connected = new Set<PlayerId>();
  let silentMs = Number.POSITIVE_INFINITY;
  for (let i = 0; i + 1 < pairs.length; i += 2) {
    const ago = now - Number(pairs[i + 1]);
    if (pairs[i] === anybody) silentMs = ago;
    else if (ago < limits.lastContactMs) connected.add(PlayerId.parse(pairs[i]));
  }
  return { connected, silentMs };
}
