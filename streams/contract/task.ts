// What an agent sees of the engine: a task for each wake, and the one write path.

import type { Folded } from '../handle/fold.ts';
import type { StreamTypes } from './definition.ts';
import type { Guard } from './effects.ts';
import type { CommitOutcome, CommitRequest, Intent, Look, Settled } from './event-log.ts';

/** Makes a command from the stream as it stands; asked again after a conflict. */
export type MakeCommand<S extends StreamTypes> = (folded: Folded<S>) => S['command'] | Promise<S['command']>;

/** A command, or what makes it of the stream as it stands. */
export type CommandOf<S extends StreamTypes> = S['command'] | MakeCommand<S>;

/** What came of a command. `dup` carries the note of the first time. */
export type Handled<S extends StreamTypes = StreamTypes> =
  | { readonly status: 'done'; readonly events: readonly S['event'][]; readonly folded: Folded<S> }
  | { readonly status: 'dup'; readonly note: string; readonly folded: Folded<S> }
  | { readonly status: 'nothing'; readonly folded: Folded<S> }
  | { readonly status: 'stale'; readonly folded: Folded<S> }
  | {
      readonly status: 'rejected';
      readonly code: S['code'];
      readonly detail: string | null;
      readonly reason?: string;
    };

/** What a step that calls the outside world is given. */
export interface OutsideCall {
  /**
   * An idempotency key to hand over: 64 hex digits, the same at every call of this step, and of no other kind
   * of stream, stream, life of a stream, group or name.
   */
  readonly key: string;
  /** The task's. */
  readonly signal: AbortSignal;
}

/** One wake of an agent: a feed entry, and the means to act on it. */
export interface Task<S extends StreamTypes = StreamTypes> {
  /** The id of the stream that it is about. */
  readonly stream: S['id'];
  /** The id of the entry of the feed, the same at every attempt. */
  readonly entry: string;
  /** Events that the entry points to; empty for a timer. */
  readonly events: readonly S['event'][];
  /** Name of the timer that fired, if one did, and when it was due (ms). */
  readonly timer: { readonly name: string; readonly dueAt: number } | null;
  /** 1 at the first start of a handler for this entry. */
  readonly attempt: number;
  /** Aborted when the entry is no longer ours, or the process stops. */
  readonly signal: AbortSignal;
  /** The stream at the head of its log. */
  load(): Promise<Folded<S>>;
  now(): Promise<number>;
  /** Events from `fromRev` to the head, both included. */
  since(fromRev: number): Promise<readonly S['event'][]>;
  /**
   * A step that calls the outside world, such as a payment or a model. Its first result is kept with the
   * stream under the group and `name`, for as long as the stream lives: every later try, of this task or
   * another, gets that result and makes no call. A call that rejects keeps nothing and is made again.
   *
   * What it cannot promise: that the call is made only once. Where the process dies, or its time ends, after
   * the call and before the result is kept, the next try calls again: at least once. Hand over `key`, so
   * that the other side knows the second call for the first; without such a key it may do its work twice.
   * Two that call at the same time both get the result that was kept first.
   *
   * The result is JSON of at most `limits.onceResultBytesMax` bytes; null for nothing. Dates and other
   * objects of classes are none. What is wrong with it is found after the call was made.
   * @throws Fault `unkeepable_result` for another result; `no_such_stream` for a stream without a log.
   * Neither is tried again.
   */
  once<T>(name: string, call: (call: OutsideCall) => Promise<T>): Promise<T>;
  /** The one write path. `last`: acknowledge the entry in the same commit. */
  submit(makeCommand: MakeCommand<S>, options?: { last?: boolean }): Promise<Handled<S>>;
}

/** An agent, as its consumer sees it. */
export interface Agent<S extends StreamTypes = StreamTypes> {
  readonly group: string;
  /** Types that wake it; every other entry is acknowledged unread. */
  readonly wakes: ReadonlySet<S['event']['type']>;
  /** Whether timers wake it, too, or the names of those that do. */
  readonly timers: boolean | ReadonlySet<string>;
  handle(task: Task<S>): Promise<void>;
}

/** Who asks, for the envelope of what comes of it. */
export interface Context<S extends StreamTypes = StreamTypes> {
  readonly by: S['by'];
  readonly traceparent: string;
  readonly causationId?: string;
  readonly secrets?: CommitRequest['secrets'];
  readonly settles?: Settled;
  readonly intent?: Intent;
}

/** A commit by guards, for what many do at once: nothing is read or decided, and nothing conflicts. */
export interface Append<S extends StreamTypes = StreamTypes> {
  readonly key: string;
  /** Given back to a repeat. */
  readonly note?: string;
  readonly guards: readonly Guard<S['code']>[];
  readonly events: readonly S['newEvent'][];
  /** Counts up one field of meta. */
  readonly count?: string;
}

/** A stream as it was looked at. `fresh`: this process knows it up to its head as of that moment. */
export interface Opened<S extends StreamTypes = StreamTypes> extends Look<S> {
  readonly fresh: boolean;
}

/** The write path: everything that writes goes through it. Commands of one stream queue up. */
export interface CommandHandler<S extends StreamTypes = StreamTypes> {
  /** The stream at the head of its log; `rev` is 0 where there is no log. */
  load(stream: S['id']): Promise<Folded<S>>;
  /**
   * Looks at a stream once, for an agent that is about to act on it: from a revision on where one is given,
   * and from what is known of it here. Throws Fault, UnreadableEvent.
   */
  open(stream: S['id'], fromRev: number | null): Promise<Opened<S>>;
  /**
   * Loads, decides, commits; on a conflict decides again, bounded. Commands that wait for one stream as
   * values are committed together. `fresh`: the stream was opened before and is tried as it was then; it is
   * loaded only where something has come since. Throws Fault.
   */
  handle(stream: S['id'], command: CommandOf<S>, context: Context<S>, fresh?: boolean): Promise<Handled<S>>;
  /**
   * The fast path. `make` is given the stream as this process knows it; where it gives null for that, it is
   * asked again with the head of the log (`fresh`), and has to give one. Throws Fault, `definition_threw`
   * where `evolve` throws at one of its events, on the stream as it is known and at the head of its log.
   *
   * What it cannot promise: what happened since the stream was last known here is not looked at, only the
   * guards are. `evolve` has to take these events in every state into which the guards let them.
   */
  append(
    stream: S['id'],
    make: (folded: Folded<S>, fresh: boolean) => Append<S> | null,
    context: Context<S>,
  ): Promise<CommitOutcome<S>>;
}
