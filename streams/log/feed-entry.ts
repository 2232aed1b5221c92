// The one codec of feed entries: what wakes consumer groups, as the functions write it, as consumers read it,
// and as dead letters keep it. A timer's entry is stored under the name that it had from the first version
// on, `alarm`, so that old and new processes read each other's.

import { z } from 'zod';
import type { StreamDefinition, StreamTypes } from '../contract/definition.ts';
import { fieldsOf } from '../valkey/fields.ts';

/** What an entry points to: events of a stream, `first` to `last`, or a timer that fired. */
export type Pointed =
  | {
      readonly kind: 'events';
      readonly first: number;
      readonly last: number;
      readonly types: readonly string[];
      readonly traceparent: string;
    }
  | { readonly kind: 'timer'; readonly name: string; readonly dueAt: number };

export interface Pointer<S extends StreamTypes = StreamTypes> {
  readonly id: string;
  readonly stream: S['id'];
  /** How often it was a dead letter and was put back. */
  readonly requeues: number;
  /** Whose dead letter it was, and who put it back; null where it was none, or an older version did. */
  readonly requeued: { readonly group: string; readonly by: string } | null;
  readonly what: Pointed;
}

/** An entry that no version of this program wrote; kept whole for the dead letter. */
export interface Unreadable {
  readonly id: string;
  readonly unreadable: string;
}
export type FeedEntry<S extends StreamTypes = StreamTypes> = Pointer<S> | Unreadable;

export type RawFeedEntry = readonly [id: string, fields: readonly string[] | null];

type Naming<S extends StreamTypes> = Pick<StreamDefinition<S>, 'idField' | 'parseId'>;

/** Never throws: what cannot be read is data, too. */
export function readFeedEntry<S extends StreamTypes>(
  naming: Naming<S>,
  [id, fields]: RawFeedEntry,
): FeedEntry<S> {
  const record = fieldsOf(fields ?? []);
  const stream = naming.parseId(record[naming.idField] ?? '');
  const what = pointedBy(record);
  const requeues = countIn(record['requeues'] ?? '0');
  if (stream === null || what === null || requeues === null) {
    return { id, unreadable: JSON.stringify(record) };
  }
  const { requeuedFor, requeuedBy } = record;
  const isBack = requeuedFor !== undefined && requeuedBy !== undefined;
  return { id, stream, requeues, requeued: isBack ? { group: requeuedFor, by: requeuedBy } : null, what };
}

/** A whole number in a field, 0 in an empty one; null where it holds none. */
function countIn(text: string | undefined): number | null {
  const number = Number(text ?? Number.NaN);
  return Number.isSafeInteger(number) ? number : null;
}

function pointedBy(record: Readonly<Record<string, string>>): Pointed | null {
  const { types, traceparent, alarm, due } = record;
  const [first, last] = [countIn(record['first']), countIn(record['last'])];
  if (first !== null && first > 0 && last !== null && last > 0) {
    if (types !== undefined && traceparent !== undefined) {
      return { kind: 'events', first, last, types: types.split(','), traceparent };
    }
  }
  const dueAt = Number(due ?? Number.NaN);
  return alarm === undefined || alarm === '' || !Number.isFinite(dueAt)
    ? null
    : { kind: 'timer', name: alarm, dueAt };
}

/** Field, value, …: an entry that points to this again. */
export function feedFieldsOf(idField: string, stream: string, what: Pointed): (string | number)[] {
  if (what.kind === 'timer') return [idField, stream, 'alarm', what.name, 'due', what.dueAt];
  const { first, last, types, traceparent } = what;
  return [
    idField,
    stream,
    'first',
    first,
    'last',
    last,
    'types',
    types.join(','),
    'traceparent',
    traceparent,
  ];
}

const StoredPointed = z.union([
  z.object({
    kind: z.literal('events'),
    first: z.number(),
    last: z.number(),
    types: z.array(z.string()),
    traceparent: z.string().default(''),
  }),
  z.object({ kind: z.literal('alarm'), name: z.string(), dueAt: z.number() }),
]);

/** As a dead letter keeps it. */
export const pointedText = (what: Pointed): string =>
  JSON.stringify(what.kind === 'timer' ? { ...what, kind: 'alarm' } : what);

/** What a dead letter points to; null where it cannot be read: it is kept as it stood in the feed. */
export function readPointed(text: string): Pointed | null {
  try {
    const stored = StoredPointed.safeParse(JSON.parse(text)).data;
    if (stored === undefined) return null;
    return stored.kind === 'alarm' ? { ...stored, kind: 'timer' } : stored;
  } catch {
    return null;
  }
}

/** The first event of an entry, or what its timer is for. */
export function wokenBy({ what }: Pick<Pointer, 'what'>): string {
  return what.kind === 'events' ? (what.types[0] ?? '') : `timer ${what.name.split('|')[0]}`;
}
