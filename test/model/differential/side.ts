// What both logs are asked through: the port of the log, the write path on it, one consumer of each group,
// and timers that fire when they are told to.

import type { Attempts } from '../../../streams/consume/attempts.ts';
import type { EventLog } from '../../../streams/contract/event-log.ts';
import type { CommandHandler } from '../../../streams/contract/task.ts';
import type { Pointer } from '../../../streams/log/feed-entry.ts';
import type { Notes } from './notes.ts';

export interface Side {
  readonly log: EventLog<Notes>;
  readonly handler: CommandHandler<Notes>;
  tell(now: number): Promise<void>;
  /** The group's next entries. */
  take(group: string, count: number): Promise<readonly Pointer<Notes>[]>;
  ack(group: string, ids: readonly string[]): Promise<void>;
  attempts(group: string): Attempts;
  /** Puts every timer that is due into the feed. */
  fire(): Promise<void>;
  /** Every entry of the feed, the oldest first. */
  feed(): Promise<readonly Pointer<Notes>[]>;
  /** What no port tells: fields, secrets and timers of streams, entries in hand, dead letters. */
  kept(): Promise<Kept>;
}

export interface Kept {
  readonly meta: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly secrets: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** By `<stream>|<name>`. */
  readonly timers: Readonly<Record<string, number>>;
  /** Ids of entries that a group was given and has not acknowledged. */
  readonly pending: Readonly<Record<string, readonly string[]>>;
  readonly deadLetters: readonly Readonly<Record<string, string>>[];
}

export const streams = ['a', 'b', 'ä-\u{1f4d3}'] as const;
export const groups = ['one', 'two'] as const;
export const consumer = 'memory';

/** An object with a value for each name. */
export const each = <T>(names: readonly string[], make: (name: string) => T): Record<string, T> =>
  Object.fromEntries(names.map((name) => [name, make(name)]));
