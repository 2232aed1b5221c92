// Dead letters: what could not be handled, with all that somebody needs to understand and to requeue it.
// Moving an entry here and acknowledging it is one step.

import { createHash } from 'node:crypto';
import { limits } from '../core/limits.ts';
import type { Valkey } from './connection.ts';
import type { FeedEntry } from './feed.ts';
import { callFunction } from './functions.ts';
import type { PartitionKeys } from './keys.ts';

export interface Burial {
  readonly reason: 'exceptions' | 'deaths' | 'unreadable' | 'not_retryable';
  readonly error: unknown;
  readonly starts: number;
  readonly exceptions: number;
  readonly group: string;
  readonly consumer: string;
  readonly entry: FeedEntry;
  /** ms, when this consumer first met it and now. */
  readonly firstAt: number;
  readonly lastAt: number;
}

/**
 * Buries an entry.
 * @returns the id of the dead letter, or null if the entry was no longer ours.
 */
export async function bury(connection: Valkey, keys: PartitionKeys, burial: Burial): Promise<string | null> {
  const { group, consumer, entry } = burial;
  const fields = Object.entries(letterOf(burial)).flat();
  const names = [keys.feed, keys.attempts, keys.dead];
  const id = await callFunction(connection, 'bury', names, [group, consumer, entry.id, ...fields]);
  return typeof id === 'string' && id !== '' ? id : null;
}

function letterOf(burial: Burial): Record<string, string> {
  const { reason, error, starts, exceptions, group, consumer, entry, firstAt, lastAt } = burial;
  const known = error instanceof Error ? error : new Error(String(error));
  const what = 'unreadable' in entry ? null : entry.what;
  return {
    reason,
    errorClass: known.name,
    message: known.message.slice(0, limits.stackCharsMax),
    stack: (known.stack ?? '').slice(0, limits.stackCharsMax),
    fingerprint: fingerprint(group, known),
    starts: String(starts),
    exceptions: String(exceptions),
    firstAt: String(firstAt),
    lastAt: String(lastAt),
    group,
    consumer,
    entry: entry.id,
    room: 'unreadable' in entry ? '' : entry.room,
    pointer: 'unreadable' in entry ? entry.unreadable : JSON.stringify(entry.what),
    traceparent: what?.kind === 'events' ? what.traceparent : '',
  };
}

/** Equal for failures of one kind: ids and numbers in the message do not count. */
function fingerprint(group: string, { name, message, stack }: Error): string {
  const shape = message.replace(/[0-9A-HJKMNP-TV-Z]{26}|[0-9a-f]{8,}|\d+/g, '#');
  const place = (stack ?? '').split('\n').find((line) => line.trimStart().startsWith('at ')) ?? '';
  const where = place.replace(/^.*\/((?:core|streams|agents|projections|server)\/)/, '$1');
  return createHash('sha256').update([group, name, shape, where].join('\n')).digest('hex').slice(0, 12);
}
