// Dead letters as operators handle them: read, grouped by what went wrong, put back into the feed, dropped.
// Putting back is safe: what was done before is recognised by its key, and the entry is removed in the same
// step.

import { game } from '../../core/game.ts';
import type { RoomCode } from '../../core/ids.ts';
import { limits } from '../../core/limits.ts';
import { callFunction, feedFieldsOf, noteOf, readPointed } from '../../streams/admin.ts';
import { fieldsOf } from '../../streams/parts.ts';
import type { Operator } from './operator.ts';

export interface DeadLetter {
  readonly id: string;
  readonly reason: string;
  readonly errorClass: string;
  readonly message: string;
  readonly stack: string;
  /** Equal for failures of one kind. */
  readonly fingerprint: string;
  readonly group: string;
  readonly consumer: string;
  readonly entry: string;
  readonly room: RoomCode | '';
  /** What the feed entry said, as JSON. */
  readonly pointer: string;
  readonly traceparent: string;
  /** ms */
  readonly lastAt: number;
  /** How often it was put back before. */
  readonly requeues: number;
}

export interface Selection {
  readonly room?: string;
  readonly group?: string;
  readonly fingerprint?: string;
  /** Of an event that it points to, or what a timer is for. */
  readonly type?: string;
  readonly id?: string;
  /** At least so old, in ms. */
  readonly olderThanMs?: number;
  /** Was there at this moment, in ms. */
  readonly asOf?: number;
}

type Store = Pick<Operator, 'connection' | 'keys'>;
type Acting = Store & Pick<Operator, 'by'>;

export async function readLetters({ connection, keys }: Store): Promise<DeadLetter[]> {
  const all = await Promise.all(
    keys.partitions.map(async ({ dead, attempts }) => {
      const entries = await connection.xrange(dead, '-', '+');
      const letters = entries.map(([id, fields]) => letterOf(id, fields));
      if (letters.length === 0) return [];
      const counts = await connection.hmget(attempts, ...letters.map(countField));
      return letters.map((letter, index) => ({ ...letter, requeues: Number(counts[index] ?? 0) }));
    }),
  );
  return all.flat();
}

/** The same work that failed again is known by what it was about, whatever entry it had. */
const countField = ({ group, room, pointer }: Pick<DeadLetter, 'group' | 'room' | 'pointer'>): string =>
  `requeued:${group}:${room}:${pointer}`;

function letterOf(id: string, fields: readonly string[]): DeadLetter {
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
    room: text('room') as RoomCode | '',
    pointer: text('pointer'),
    traceparent: text('traceparent'),
    lastAt: Number(text('lastAt')),
    requeues: 0,
  };
}

export function select(letters: readonly DeadLetter[], wish: Selection, now: number): DeadLetter[] {
  return letters.filter(
    (letter) =>
      (wish.id === undefined || letter.id === wish.id) &&
      (wish.room === undefined || letter.room === wish.room.toUpperCase()) &&
      (wish.group === undefined || letter.group === wish.group) &&
      (wish.fingerprint === undefined || letter.fingerprint === wish.fingerprint) &&
      (wish.type === undefined || typesOf(letter).includes(wish.type)) &&
      (wish.asOf === undefined || buriedAt(letter) <= wish.asOf) &&
      (wish.olderThanMs === undefined || now - letter.lastAt >= wish.olderThanMs),
  );
}

/** The store's time in ms, which is the first part of an id. */
const buriedAt = ({ id }: DeadLetter): number => Number(id.split('-')[0]);

/** Types of the events that a letter points to, or the effect of its timer; none where nobody can read it. */
export function typesOf({ pointer }: Pick<DeadLetter, 'pointer'>): readonly string[] {
  const what = readPointed(pointer);
  if (what === null) return [];
  return what.kind === 'events' ? what.types : [what.name.split('|')[0] ?? ''];
}

export interface Kind {
  readonly fingerprint: string;
  readonly group: string;
  readonly message: string;
  readonly count: number;
  readonly rooms: number;
  readonly lastAt: number;
}

/** Failures of one kind on one line, the most frequent first. */
export function kindsOf(letters: readonly DeadLetter[]): Kind[] {
  const kinds = [...Map.groupBy(letters, ({ fingerprint }) => fingerprint)].map(([fingerprint, all]) => ({
    fingerprint,
    group: all[0]?.group ?? '',
    message: all[0]?.message ?? '',
    count: all.length,
    rooms: new Set(all.map(({ room }) => room)).size,
    lastAt: Math.max(...all.map(({ lastAt }) => lastAt)),
  }));
  return kinds.sort((a, b) => b.count - a.count);
}

/** Why a letter is not put back, or null. */
export function whyNot({ pointer, requeues, room }: DeadLetter, force: boolean): string | null {
  if (room === '' || readPointed(pointer) === null) return 'nobody can read what it pointed to';
  return requeues >= limits.requeuesMax && !force ? `it was put back ${requeues} times already` : null;
}

/**
 * Puts a letter back for whoever failed, and takes it out of the dead letters, in one step. What was done
 * before it failed is known by its keys and not done again. What it points to is read from the log anew, so
 * an event of an older version is lifted to the present one.
 * @returns false when somebody else has done so, or dropped it.
 */
export async function requeue({ by, connection, keys }: Acting, letter: DeadLetter): Promise<boolean> {
  const { room } = letter;
  const what = readPointed(letter.pointer);
  if (room === '' || what === null) return false;
  const { feed, dead, attempts, operations } = keys.of(room);
  const note = noteOf(game.idField, { verb: 'requeue', by, stream: room, about: aboutOf(letter) });
  const back = ['requeuedFor', letter.group, 'requeuedBy', by];
  const args = [
    letter.id,
    countField(letter),
    ...note,
    ...back,
    ...feedFieldsOf(game.idField, room, { ...what, ...traced(letter) }),
  ];
  return Number(await callFunction(connection, 'requeue', [feed, dead, attempts, operations], args)) > 0;
}

const aboutOf = ({ id, group, fingerprint, message }: DeadLetter): string =>
  `${id} of ${group}, ${fingerprint}: ${message.slice(0, 100)}`;

/** Older letters keep the trace beside what they point to. */
const traced = ({ traceparent }: DeadLetter) => (traceparent === '' ? {} : { traceparent });

/** @returns false when it was gone. */
export async function drop({ by, connection, keys }: Acting, letter: DeadLetter): Promise<boolean> {
  const { room } = letter;
  const note = noteOf(game.idField, { verb: 'drop', by, stream: room, about: aboutOf(letter) });
  // A letter that nobody can read names no room, so it may stand in any partition.
  const places = room === '' ? keys.partitions : [keys.of(room)];
  const dropped = await Promise.all(
    places.map(({ dead, operations }) =>
      callFunction(connection, 'drop', [dead, operations], [letter.id, ...note]),
    ),
  );
  return dropped.some((count) => Number(count) > 0);
}
