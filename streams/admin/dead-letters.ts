// Dead letters of one kind of stream as operators handle them: read, put back into the feed, dropped. Putting
// back is safe: what was done before is known by its key, and the letter goes in the same step.

import { z } from 'zod';
import { limits } from '../contract/limits.ts';
import { feedFieldsOf, readPointed } from '../log/feed-entry.ts';
import { orFault, type Valkey } from '../valkey/connection.ts';
import { fieldsOf } from '../valkey/fields.ts';
import { callFunction } from '../valkey/functions.ts';
import type { PartitionKeys } from '../valkey/keys.ts';
import type { Administered } from './administered.ts';
import { noteOf } from './operations.ts';

/** One entry that a group could not handle. */
export interface DeadLetter {
  /** Of the letter; two partitions of a cluster may have one of the same id. */
  readonly id: string;
  /** `exceptions`, `deaths`, `not_retryable` or `unreadable`. */
  readonly reason: string;
  /** Of what was thrown last: its name, its message, its stack. */
  readonly errorClass: string;
  readonly message: string;
  readonly stack: string;
  /** Twelve hex digits, equal for failures of one kind. */
  readonly fingerprint: string;
  readonly group: string;
  readonly consumer: string;
  /** Id of the entry of the feed. */
  readonly entry: string;
  /** Empty where the entry could not be read. */
  readonly stream: string;
  /** What the entry pointed to, as JSON text: `readPointed` reads it. */
  readonly pointer: string;
  readonly traceparent: string;
  /** When the consumer gave it up, by the clock of its process, in ms. */
  readonly lastAt: number;
  /** How often it was put back before. */
  readonly requeues: number;
}

/** Every letter there is, the oldest of each partition first. Throws Fault. */
export async function deadLettersOf({ commands, keys, definition }: Administered): Promise<DeadLetter[]> {
  const { idField } = definition;
  const all = await Promise.all(
    keys.partitions.map(async ({ dead, attempts }) => {
      const letters = await lettersIn(commands, dead, idField);
      if (letters.length === 0) return [];
      const old = await orFault(() => commands.hmget(attempts, ...letters.map(oldCountField)));
      return letters.map((letter, index) => ({
        ...letter,
        requeues: Math.max(letter.requeues, Number(old[index] ?? 0)),
      }));
    }),
  );
  return all.flat();
}

async function lettersIn(commands: Valkey, dead: string, idField: string): Promise<DeadLetter[]> {
  const letters: DeadLetter[] = [];
  for (let from = '-'; ; from = `(${letters.at(-1)?.id}`) {
    const page = await orFault(() => commands.xrange(dead, from, '+', 'COUNT', limits.readPageEntries));
    letters.push(...page.map(([id, fields]) => letterOf(idField, id, fields)));
    if (page.length < limits.readPageEntries) return letters;
  }
}

function letterOf(idField: string, id: string, fields: readonly string[]): DeadLetter {
  const known = fieldsOf(fields);
  const text = (name: string) => known[name] ?? '';
  return {
    id,
    reason: text('reason'),
    errorClass: text('errorClass'),
    message: text('message'),
    stack: text('stack'),
    fingerprint: text('fingerprint'),
    group: text('group'),
    consumer: text('consumer'),
    entry: text('entry'),
    stream: text(idField),
    pointer: text('pointer'),
    traceparent: text('traceparent'),
    lastAt: Number(text('lastAt')),
    requeues: Number(text('requeues')),
  };
}

/** Where older versions counted, in the hash of attempts, how often such a letter was put back. */
const oldCountField = ({ group, stream, pointer }: Pick<DeadLetter, 'group' | 'stream' | 'pointer'>) =>
  `requeued:${group}:${stream}:${pointer}`;

/**
 * `requeued`: it is in the feed again. `gone`: another operator has put it back or dropped it. `no_stream`:
 * its stream has left the store, so there is nothing to do for it: drop the letter. `unreadable`: what it
 * was about cannot be read. All but the first leave everything as it was.
 */
export type RequeueOutcome = 'requeued' | 'gone' | 'no_stream' | 'unreadable';

/**
 * Puts a letter back into the feed and takes it out of the dead letters, in one step: of two operators who
 * do so at once one does it. What was done before it failed is known by its keys and not done again. What it
 * points to is read from the log anew, so an event of an older version is lifted to the present one. `by`:
 * who does so, recorded with what operators did. May run twice. Throws Fault.
 */
export async function requeueDeadLetter(
  { commands, keys, definition }: Administered,
  letter: DeadLetter,
  { by }: { readonly by: string },
): Promise<RequeueOutcome> {
  const { stream } = letter;
  const pointed = readPointed(letter.pointer);
  const { idField } = definition;
  if (stream === '' || pointed === null) return 'unreadable';
  const { feed, dead, attempts, operations, meta } = keys.of(stream);
  const note = noteOf(idField, { verb: 'requeue', by, stream, about: aboutOf(letter) });
  const back = ['requeuedFor', letter.group, 'requeuedBy', by];
  const entry = feedFieldsOf(idField, stream, { ...pointed, ...traced(letter) });
  const args = [letter.id, oldCountField(letter), ...note, ...back, ...entry];
  const reply = await callFunction(commands, 'requeue', [feed, dead, attempts, operations, meta], args);
  const times = z.number().parse(reply);
  if (times > 0) return 'requeued';
  return times === 0 ? 'gone' : 'no_stream';
}

const aboutOf = ({ id, group, fingerprint, message }: DeadLetter): string =>
  `${id} of ${group}, ${fingerprint}: ${message.slice(0, 100)}`;

/** Older letters keep the trace beside what they point to. */
const traced = ({ traceparent }: DeadLetter) => (traceparent === '' ? {} : { traceparent });

/**
 * Throws a letter away, and notes who did so. May run twice. Throws Fault.
 * @returns false when it was gone.
 */
export async function dropDeadLetter(
  { commands, keys, definition }: Administered,
  letter: DeadLetter,
  { by }: { readonly by: string },
): Promise<boolean> {
  const { stream } = letter;
  const note = noteOf(definition.idField, { verb: 'drop', by, stream, about: aboutOf(letter) });
  // A letter that cannot be read names no stream, so it may stand in any partition.
  const places = stream === '' ? keys.partitions : [keys.of(stream)];
  const dropped = await Promise.all(
    places.map(({ dead, operations }) =>
      callFunction(commands, 'drop', [dead, operations], [letter.id, ...note]),
    ),
  );
  return dropped.some((count) => Number(count) > 0);
}

/**
 * Takes away what older versions counted for letters that are no more: a letter carries its own count now.
 * May run twice, and beside older processes. Throws Fault.
 * @returns whether some are left, of letters that still stand.
 */
export async function forgetOldCounts(
  commands: Valkey,
  { dead, attempts }: Pick<PartitionKeys, 'dead' | 'attempts'>,
  idField: string,
): Promise<boolean> {
  const old: string[] = [];
  for (let cursor = '0'; ; ) {
    // The fields of a group called `requeued` do not end in JSON.
    const scan = () => commands.hscan(attempts, cursor, 'MATCH', 'requeued:*}', 'COUNT', scannedAtOnce);
    const [next, flat] = await orFault(scan);
    old.push(...flat.filter((_, index) => index % 2 === 0));
    if (next === '0') break;
    cursor = next;
  }
  if (old.length === 0) return false;
  const standing = new Set((await lettersIn(commands, dead, idField)).map(oldCountField));
  const over = old.filter((field) => !standing.has(field));
  if (over.length > 0) await orFault(() => commands.hdel(attempts, ...over));
  return over.length < old.length;
}

const scannedAtOnce = 1_000;
