// One entry from start to acknowledgement: counts each start before the handler runs, retries exceptions with
// back-off, gives up after enough of them, or after enough deaths, which are counted apart. Never throws but
// for a lost store or an abort.

import { limits } from '../core/limits.ts';
import { type Agent, Fault, isAway } from '../core/ports.ts';
import { backoffMs, pause } from './backoff.ts';
import { bury, countException, type DeadLetterDeps, isFinal, type Reason } from './dead-letters.ts';
import type { Feed, Pointer } from './feed.ts';
import { callFunction } from './functions.ts';
import type { Gate } from './gate.ts';
import { openTask, type TaskDeps } from './task.ts';

export interface RunDeps extends TaskDeps, DeadLetterDeps {
  readonly agent: Agent;
  readonly feed: Feed;
  readonly gate: Gate;
  readonly chance: () => number;
  /** Told after an entry was buried, so that no game hangs on it. */
  readonly buried: (pointer: Pointer) => Promise<void>;
}

interface Counts {
  readonly starts: number;
  readonly exceptions: number;
}

export async function runEntry(
  pointer: Pointer,
  deps: RunDeps,
  { redelivered, signal }: { redelivered: boolean; signal: AbortSignal },
): Promise<void> {
  const firstAt = deps.clock();
  for (;;) {
    const outcome = await deps.gate.run(redelivered, () => tryOnce(pointer, deps, firstAt, signal));
    if (outcome === 'finished') return;
    await pause(backoffMs(outcome.tries, deps.chance()), signal);
  }
}

type Tried = 'finished' | { readonly tries: number };

async function tryOnce(
  pointer: Pointer,
  deps: RunDeps,
  firstAt: number,
  signal: AbortSignal,
): Promise<Tried> {
  signal.throwIfAborted();
  const counts = await countStart(pointer, deps);
  if (counts.starts === 0) return 'finished';
  const give = async (reason: Reason, error: unknown, { starts, exceptions }: Counts) => {
    const letter = await bury(deps, { reason, error, starts, exceptions, firstAt, entry: pointer });
    if (letter !== null) await deps.buried(pointer);
    return 'finished' as const;
  };
  const deaths = counts.starts - 1 - counts.exceptions;
  if (deaths >= limits.deathsMax) {
    return give('deaths', new Error(`the handler ended its process ${deaths} times`), counts);
  }
  try {
    await handleOnce(pointer, deps, counts.starts, signal);
    return 'finished';
  } catch (error) {
    // An abort is nobody's fault: the entry stays pending, or is another's already.
    if (signal.aborted) throw signal.reason;
    if (isAway(error)) throw error;
    const exceptions = await countException(deps, pointer.id, error);
    const after = { starts: counts.starts, exceptions };
    if (isFinal(error)) return give('not_retryable', error, after);
    if (exceptions >= limits.exceptionsMax) return give('exceptions', error, after);
    deps.report('retry', { entry: pointer.id, room: pointer.room, exceptions, error: String(error) });
    return { tries: exceptions };
  }
}

async function countStart({ id }: Pointer, deps: RunDeps): Promise<Counts> {
  const names = [deps.keys.feed, deps.keys.attempts];
  const reply = await callFunction(deps.commands, 'start', names, [deps.group, deps.consumer, id]);
  const [starts = 0, exceptions = 0] = (reply as number[]).map(Number);
  return { starts, exceptions };
}

/**
 * Runs the handler until a commit has acknowledged the entry. A conflict of that commit means: look again.
 */
async function handleOnce(
  pointer: Pointer,
  deps: RunDeps,
  attempt: number,
  signal: AbortSignal,
): Promise<void> {
  for (let looks = 0; looks < limits.conflictsMax; looks++) {
    const open = await openTask(pointer, deps, { attempt, signal });
    await deps.agent.handle(open.task);
    if (open.settled() || (await open.settle())) return;
    const { state } = await deps.rooms.load(pointer.room);
    if (state.phase === 'none') return deps.feed.ack([pointer.id]);
  }
  throw new Fault('too_many_conflicts', `entry ${pointer.id}: the room changed at every look`, {
    retryable: true,
  });
}
