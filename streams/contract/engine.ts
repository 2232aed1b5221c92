// What a program does with the engine on one kind of stream: the calls, and the shapes of what it brings.

import type { Archive } from '../consume/retention.ts';
import type { Following } from '../consume/subscriptions.ts';
import type { Folded } from '../handle/fold.ts';
import type { OpenedStream } from '../open-stream.ts';
import type { AgentOptions } from '../run.ts';
import type { StreamTypes } from './definition.ts';
import type { CommitOutcome } from './event-log.ts';
import type { Append, CommandOf, Context, Handled, Task } from './task.ts';

export type TypeOf<S extends StreamTypes> = S['event']['type'];

/** What a call may say beside its command. */
export interface CallOptions<S extends StreamTypes> extends Partial<Omit<Context<S>, 'settles'>> {
  /**
   * Names what is wanted, for a sender that may send it again: the same command under it is done once for as
   * long as the stream lives, and another command under it is refused.
   */
  readonly idempotencyKey?: string;
}

/** A task whose events are those that wake the agent, and which takes commands as values, too. */
export interface EngineTask<S extends StreamTypes, T extends TypeOf<S> = TypeOf<S>>
  extends Omit<Task<S>, 'events' | 'submit'> {
  readonly events: readonly Extract<S['event'], { readonly type: T }>[];
  /** The one write path. `last`: acknowledge the entry in the same commit. */
  submit(command: CommandOf<S>, options?: { readonly last?: boolean }): Promise<Handled<S>>;
}

/** Work that a consumer group does, an entry at a time. */
export interface EngineAgent<S extends StreamTypes, T extends TypeOf<S>>
  extends Pick<AgentOptions<S>, 'beforeDeadLetter' | 'rate'> {
  readonly group: string;
  /** Types of events that wake it. */
  readonly wakes?: readonly T[];
  /** Names of timers that wake it; true for all. */
  readonly timers?: readonly string[] | true;
  /** Entries that it handles at once in this process; 16 unless given. */
  readonly concurrency?: number;
  /** How long `handle` may take before that counts as an exception of its own, in ms; 30,000 unless given. */
  readonly handlerMsMax?: number;
  /** Author of its events; its group unless given. */
  readonly by?: S['by'];
  /** What it resolves with is not looked at. */
  handle(task: EngineTask<S, T>): Promise<unknown>;
}

/** A document made of each stream as it stands. */
export interface Projection<S extends StreamTypes> {
  readonly group: string;
  /**
   * Writes what is made of a stream at the head of its log; may run twice, and not for each event. `rev` of
   * `folded` orders two writes.
   */
  write(stream: S['id'], folded: Folded<S>): Promise<void>;
}

export interface EngineStream<S extends StreamTypes> {
  /**
   * Loads, decides, commits; on a conflict decides again, bounded. Throws Fault. `definition_threw` of
   * `decide` is retryable, since another event may change the state that it threw at, and an agent's entry is
   * tried again before it becomes a dead letter. To send the same command again at once helps only then.
   */
  handle(stream: S['id'], command: CommandOf<S>, options?: CallOptions<S>): Promise<Handled<S>>;
  /** The fast path: writes quiet events under guards, nothing is decided. Throws Fault. */
  append(
    stream: S['id'],
    append: Append<S>,
    options?: Pick<CallOptions<S>, 'by' | 'traceparent'>,
  ): Promise<CommitOutcome<S>>;
  /** The stream at the head of its log; `rev` is 0 where there is no log. Throws Fault. */
  load(stream: S['id']): Promise<Folded<S>>;
  /** Every event after revision `after` (default 0), oldest first. Throws Fault, UnreadableEvent. */
  read(stream: S['id'], after?: number): Promise<readonly S['event'][]>;
  /**
   * A catch-up subscription: what is there after revision `after` (default 0), then what comes, in order and
   * without a gap, until the signal, which ends it. Waits for a stream that does not exist yet, and ends
   * where it is deleted. Throws Fault `log_changed` where a failover took back what was given,
   * UnreadableEvent.
   */
  follow(stream: S['id'], following: Following): AsyncGenerator<S['event'], void>;
  /**
   * Adds an agent. @throws Error for a group that is taken, and for events that are none of this stream's.
   */
  consume<const T extends TypeOf<S> = never>(agent: EngineAgent<S, T>): void;
  /** Adds a projection. @throws Error for a group that is taken. */
  project(projection: Projection<S>): void;
  /**
   * Keeps streams elsewhere before their retention takes them out of the store; without it they leave unread.
   * Called at least once for each. @throws Error for a definition without retention, and at a second call.
   */
  archive(keep: Archive<S>): void;
  /** The parts, for who needs more: operators' work in `admin.ts` takes them. */
  readonly opened: OpenedStream<S>;
}
