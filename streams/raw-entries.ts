// A log as it is stored, entry by entry, before anything is decoded; and the seal by which an entry tells
// that it is what was written. `commit.lua` makes seals; operators check them, imports carry them on.

import { createHash } from 'node:crypto';
import { asFault, type Valkey } from './connection.ts';

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

const pageEntries = 1_000;

export function rawEntryOf([id, fields]: readonly [string, readonly string[]]): RawEntry {
  const field = (name: string): string | null => {
    for (let at = 0; at < fields.length; at += 2) if (fields[at] === name) return fields[at + 1] ?? '';
    return null;
  };
  const [rev, at] = [Number(id.split('-', 1)[0]), Number(field('at') ?? Number.NaN)];
  return { rev, at, type: field('type') ?? '', e: field('e') ?? '', seal: field('seal') };
}

/** Every entry of a log, in order, page by page. Throws Fault `unavailable` when the store is away. */
export async function* rawEntries(connection: Valkey, log: string): AsyncGenerator<RawEntry> {
  for (let after = '0'; ; ) {
    const page = await connection
      .xrange(log, `(${after}`, '+', 'COUNT', pageEntries)
      .catch((error: unknown) => {
        throw asFault(error);
      });
    for (const entry of page) yield rawEntryOf(entry);
    const last = page.at(-1);
    if (last === undefined) return;
    after = last[0];
  }
}

/** The seal of an entry that follows one with the seal `before`; '' before the first. */
export function sealOf(before: string, { type, at, e }: Pick<RawEntry, 'type' | 'at' | 'e'>): string {
  return createHash('sha1').update([before, type, at, e].join('|')).digest('hex');
}
