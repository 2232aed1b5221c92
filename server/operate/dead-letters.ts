// Dead letters as operators of the game see them: selected, grouped by what went wrong, put back, dropped.

import type { RoomCode } from '../../core/ids.ts';
import { limits } from '../../core/limits.ts';
import {
  deadLettersOf,
  dropDeadLetter,
  type DeadLetter as Letter,
  readPointed,
  requeueDeadLetter,
} from '../../streams/admin.ts';
import { administered, type Operator } from './operator.ts';

/** `room` is empty where the entry could not be read. */
export type DeadLetter = Omit<Letter, 'stream'> & { readonly room: RoomCode | '' };

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

export async function readLetters(operator: Store): Promise<DeadLetter[]> {
  return (await deadLettersOf(administered(operator))).map(({ stream, ...letter }) => ({
    ...letter,
    room: stream as RoomCode | '',
  }));
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

const unreadable = 'what it pointed to cannot be read';

/** Why a letter is not put back, or null. */
export function whyNot({ pointer, requeues, room }: DeadLetter, force: boolean): string | null {
  if (room === '' || readPointed(pointer) === null) return unreadable;
  return requeues >= limits.requeuesMax && !force ? `it was put back ${requeues} times already` : null;
}

/**
 * Puts a letter back, once, also when two operators do so.
 * @returns why it was not put back: `gone`, where another operator was first, or a sentence; null for done.
 */
export async function requeue(operator: Acting, letter: DeadLetter): Promise<'gone' | Refusal | null> {
  const outcome = await requeueDeadLetter(administered(operator), plain(letter), operator);
  if (outcome === 'requeued') return null;
  if (outcome === 'gone') return 'gone';
  return { why: outcome === 'unreadable' ? unreadable : 'its room has left the store: drop it' };
}

export interface Refusal {
  readonly why: string;
}

/** @returns `gone` where another operator was first; null for done. */
export async function drop(operator: Acting, letter: DeadLetter): Promise<'gone' | null> {
  return (await dropDeadLetter(administered(operator), plain(letter), operator)) ? null : 'gone';
}

const plain = ({ room, ...letter }: DeadLetter): Letter => ({ ...letter, stream: room });
