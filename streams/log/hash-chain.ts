// A log as it is stored, entry by entry, before anything is decoded; and the hash by which an entry tells
// that it is what was written, stored as `seal`. `commit.lua` makes them; operators check them, imports
// carry them on.

import { createHash } from 'node:crypto';
import { limits } from '../contract/limits.ts';
import { orFault, type Valkey } from '../valkey/connection.ts';
import { fieldsOf } from '../valkey/fields.ts';

export interface RawEntry {
  readonly rev: number;
  /** Valkey's clock, in ms. */
  readonly at: number;
  readonly type: string;
  /** JSON text of the envelope. */
  readonly e: string;
  /** 40 hex digits; null where there is none. */
  readonly seal: string | null;
}

export function rawEntryOf([id, flat]: readonly [string, readonly string[]]): RawEntry {
  const rev = Number.parseInt(id, 10);
  // As `commit.lua` writes them: a log is read by place, which costs half of what it does by name.
  const [typeName, type = '', atName, at, textName, e = '', sealName, seal = null] = flat;
  if (typeName === 'type' && atName === 'at' && textName === 'e' && (sealName ?? 'seal') === 'seal') {
    return { rev, at: Number(at ?? Number.NaN), type, e, seal };
  }
  const named = fieldsOf(flat);
  const { type: ofType = '', e: text = '', seal: hash = null } = named;
  return { rev, at: Number(named['at'] ?? Number.NaN), type: ofType, e: text, seal: hash };
}

/** Every entry of a log, in order, page by page. Throws Fault `unavailable` when the store is away. */
export async function* rawEntries(connection: Valkey, log: string): AsyncGenerator<RawEntry> {
  for (let after = '0'; ; ) {
    const from = `(${after}`;
    const page = await orFault(() => connection.xrange(log, from, '+', 'COUNT', limits.readPageEntries));
    for (const entry of page) yield rawEntryOf(entry);
    const last = page.at(-1);
    if (last === undefined) return;
    after = last[0];
  }
}

/** The hash of an entry that follows one with the hash `before`; '' before the first. */
export function hashOf(before: string, { type, at, e }: Pick<RawEntry, 'type' | 'at' | 'e'>): string {
  return createHash('sha1').update([before, type, at, e].join('|')).digest('hex');
}
