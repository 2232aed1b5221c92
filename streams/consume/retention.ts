// Takes streams that have ended out of the store: each is handed to the program's archive first, and leaves
// when every group has done its work with it. It is a consumer group of its own, woken by the timers that
// ending events set, so leases, retries, dead letters, pausing and draining are those of every agent.

import type { Retention, StreamDefinition, StreamTypes } from '../contract/definition.ts';
import type { EventLog } from '../contract/event-log.ts';
import { limits } from '../contract/limits.ts';
import { retentionGroup, retentionTimer } from '../contract/reserved.ts';
import type { Agent, Task } from '../contract/task.ts';
import { readAfter } from '../handle/follow.ts';
import type { DeleteStream } from '../valkey/delete-stream.ts';
import { pause } from './backoff.ts';

/**
 * Keeps a stream elsewhere. At least once: a process may die before the stream has left, and then the same
 * events come again. What it rejects with is tried again, and becomes a dead letter as with any agent.
 */
export type Archive<S extends StreamTypes> = (
  stream: S['id'],
  events: readonly S['event'][],
) => Promise<void>;

export interface RetentionDeps<S extends StreamTypes> {
  readonly definition: StreamDefinition<S>;
  readonly log: EventLog<S>;
  readonly archive: Archive<S> | null;
  /** Groups that must have handled everything of a stream, although they may not have begun yet. */
  readonly groups: readonly string[];
  readonly deleteStream: DeleteStream<S>;
}

/** @throws Error for a kind of stream that says nothing of an end. */
export function retentionAgent<S extends StreamTypes>(deps: RetentionDeps<S>): Agent<S> {
  const { name, retention } = deps.definition;
  if (retention === null)
    throw new Error(`stream ${JSON.stringify(name)} has no retention in its definition`);
  return {
    group: retentionGroup,
    wakes: new Set(),
    timers: new Set([retentionTimer]),
    handle: (task) => retain(task, deps, retention),
  };
}

async function retain<S extends StreamTypes>(
  { stream, entry, timer, signal }: Task<S>,
  deps: RetentionDeps<S>,
  retention: Retention,
): Promise<void> {
  const { definition, log, archive, groups, deleteStream } = deps;
  let ended: Ended | null = null;
  // Quiet events may come while it is archived; what is not quiet ends the matter.
  for (let looks = 0; looks < limits.retentionLooksMax; looks++) {
    const head = await log.head(stream);
    if (head === null || timer === null) return;
    const events = await readAfter(log, stream, 0);
    const turn = turnAtEnd(events, definition, timer.dueAt);
    if (turn === null) return;
    ended = { turn, epoch: head.epoch };
    if (events.at(-1)?.rev !== head.rev) continue;
    const wanted = { ...head, groups, but: retentionGroup, upTo: entry };
    const look = await deleteStream(stream, { ...wanted, how: 'look' });
    // Most have read this entry by now, too.
    if (look === 'busy') await pause(limits.retentionBusyMs, signal);
    if (look !== 'ready') continue;
    signal.throwIfAborted();
    await archive?.(stream, events);
    signal.throwIfAborted();
    const outcome = await deleteStream(stream, wanted);
    if (outcome === 'deleted') return;
    if (outcome === 'busy') break;
  }
  if (ended !== null) await postpone(stream, ended, { log, retention });
}

/** The end of a stream: its turn, in one of its lives. */
interface Ended {
  readonly turn: number;
  readonly epoch: string;
}

/**
 * The revision of the last event that is not quiet, where that still is the ending one for which this timer
 * was set: a later ending has a timer of its own, which is due after it. Null for a stream that goes on.
 */
function turnAtEnd<S extends StreamTypes>(
  events: readonly S['event'][],
  { quiet, retention }: StreamDefinition<S>,
  dueAt: number,
): number | null {
  const last = events.findLast(({ type }) => !quiet.has(type));
  const isOver = last !== undefined && retention?.ends.has(last.type) === true && last.at < dueAt;
  return isOver ? last.rev : null;
}

/**
 * Another time: a group still has work with the stream. Sets the timer again, which delays no other stream,
 * unless the stream has gone on meanwhile and has set or cancelled it itself.
 */
async function postpone<S extends StreamTypes>(
  stream: S['id'],
  ended: Ended,
  { log, retention: { afterMs } }: { readonly log: EventLog<S>; readonly retention: Retention },
): Promise<void> {
  const inMs = Math.min(Math.max(afterMs, limits.retentionAgainMsMin), limits.retentionAgainMsMax);
  const timers = [{ set: retentionTimer, inMs }];
  await log.commit({ stream, key: null, expect: ended, events: [], effects: { meta: [], timers } });
}
