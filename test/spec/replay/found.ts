// What the store holds, in the words of `consume.pml`: read by its commands alone, past the engine.

import type { Valkey } from '../../../streams/valkey/connection.ts';
import { fieldsOf } from '../../../streams/valkey/fields.ts';
import type { Keys, PartitionKeys } from '../../../streams/valkey/keys.ts';

const [unread, pending, acknowledged, letter] = [1, 2, 3, 4];

export interface Found {
  readonly entry: Map<number, readonly number[]>;
  readonly stream: Map<number, readonly number[]>;
}

export interface Looked {
  readonly store: Valkey;
  readonly keys: Keys;
  readonly partition: PartitionKeys;
  readonly group: string;
  readonly streams: number;
}

/** The ids of all entries of the feed, in order. */
export async function entriesOf({ store, partition }: Looked): Promise<readonly string[]> {
  const entries = await store.xrange(partition.feed, '-', '+');
  return entries.map(([id]) => id);
}

export async function lookAt(looked: Looked): Promise<Found> {
  const { store, partition, group } = looked;
  const [entries, info, held, letters, counts] = await Promise.all([
    store.xrange(partition.feed, '-', '+'),
    store.xinfo('GROUPS', partition.feed).catch(() => []) as Promise<string[][]>,
    store.xpending(partition.feed, group, '-', '+', 100).catch(() => []) as Promise<string[][]>,
    store.xrange(partition.dead, '-', '+'),
    store.hgetall(partition.attempts),
  ]);
  const logs = await Promise.all(Array.from({ length: looked.streams }, (_, at) => logOf(looked, at)));
  const last = String(fieldsOf((info[0] ?? []).map(String))['last-delivered-id'] ?? '0-0');
  const owners = new Map(held.map(([id, consumer]) => [String(id), Number(String(consumer).split('-')[1])]));
  const dead = new Set(letters.map(([, fields]) => fieldsOf(fields)['entry']));
  const entry = new Map<number, readonly number[]>();
  for (const [at, [id, fields]] of entries.entries()) {
    const owner = owners.get(id) ?? 0;
    const ended = dead.has(id) ? letter : acknowledged;
    const where = isAfter(id, last) ? unread : owner > 0 ? pending : ended;
    const { stream = '', first = '0' } = fieldsOf(fields);
    const event = logs[Number(stream.slice(1))]?.[Number(first) - 1];
    const command = event?.type === 'Asked' ? event.command : 0;
    const [starts, exceptions] = [counts[`${group}:${id}`], counts[`${group}:${id}:x`]];
    entry.set(at + 1, [where ?? 0, owner, command, Number(starts ?? 0), Number(exceptions ?? 0)]);
  }
  return { entry, stream: new Map(logs.map((log, at) => [at, standOf(log)])) };
}

interface Event {
  readonly type: string;
  readonly command: number;
  readonly number: number;
}

async function logOf({ store, keys }: Looked, at: number): Promise<readonly Event[]> {
  const entries = await store.xrange(keys.of(`s${at}`).log, '-', '+');
  return entries.map(([, fields]) => {
    const { type = '', e = '{}' } = fieldsOf(fields);
    const { data } = JSON.parse(e) as { data: { command?: number; number?: number } };
    return { type, command: data.command ?? 0, number: data.number ?? 0 };
  });
}

/** Events that are not quiet, and effects; these have to be numbered from 1 on, none of a command twice. */
function standOf(log: readonly Event[]): readonly number[] {
  const effects = log.filter(({ type }) => type === 'Answered');
  const inOrder = effects.every(({ number }, at) => number === at + 1);
  const once = new Set(effects.map(({ command }) => command)).size === effects.length;
  if (!inOrder || !once) throw new Error(`the effects of a stream are ${JSON.stringify(effects)}`);
  return [log.filter(({ type }) => type !== 'Opened').length, effects.length];
}

function isAfter(id: string, other: string): boolean {
  const [ms = 0, seq = 0] = id.split('-').map(Number);
  const [otherMs = 0, otherSeq = 0] = other.split('-').map(Number);
  return ms > otherMs || (ms === otherMs && seq > otherSeq);
}
