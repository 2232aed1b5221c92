// Entries about one stream that a group was given and has not finished, with what became of each try.

import { z } from 'zod';
import { attemptFields } from '../consume/feed.ts';
import { asFault, orFault } from '../valkey/connection.ts';
import { fieldsOf } from '../valkey/fields.ts';
import type { Administered } from './administered.ts';

export interface PendingEntry {
  readonly group: string;
  /** Its id in the feed. */
  readonly entry: string;
  /** Who holds it. */
  readonly consumer: string;
  /** For how long that one has been silent about it, in ms. */
  readonly idleMs: number;
  /** How often a handler was started for it, and how often one has thrown. */
  readonly starts: number;
  readonly exceptions: number;
  /** What the last exception said, or null. */
  readonly lastError: string | null;
}

const Pending = z.array(z.tuple([z.string(), z.string(), z.number(), z.number()]));
const lookedAtMax = 1_000;

/**
 * The oldest first; looks at the first 1,000 entries that the group holds in the stream's partition. None for
 * a group that is not there. Throws Fault.
 */
export async function pendingOf(
  { commands, keys, definition }: Administered,
  stream: string,
  { group }: { readonly group: string },
): Promise<PendingEntry[]> {
  const { feed, attempts } = keys.of(stream);
  const raw = await commands.xpending(feed, group, '-', '+', lookedAtMax).catch((error: unknown) => {
    if (/NOGROUP/.test(String(error))) return [];
    throw asFault(error);
  });
  const looks = Pending.parse(raw).map(async ([entry, consumer, idleMs]) => {
    const [found] = await orFault(() => commands.xrange(feed, entry, entry));
    if (fieldsOf(found?.[1] ?? [])[definition.idField] !== stream) return [];
    const names = Object.values(attemptFields(group, entry));
    const [starts, exceptions, lastError] = await orFault(() => commands.hmget(attempts, ...names));
    const counts = { starts: Number(starts ?? 0), exceptions: Number(exceptions ?? 0) };
    return [{ group, entry, consumer, idleMs, ...counts, lastError: lastError ?? null }];
  });
  return (await Promise.all(looks)).flat();
}
