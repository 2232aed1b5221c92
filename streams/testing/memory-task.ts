// A task on the log in memory, as a consumer would hand it to an agent.

import { openTask } from '../consume/task.ts';
import type { StreamDefinition, StreamTypes } from '../contract/definition.ts';
import type { Task } from '../contract/task.ts';
import { createCommandHandler } from '../handle/command-handler.ts';
import { newTraceparent } from '../trace/traceparent.ts';
import type { MemoryLog } from './memory-log.ts';

export interface MemoryTask<S extends StreamTypes> {
  readonly stream: S['id'];
  readonly group: string;
  readonly by: S['by'];
  /** The timer that wakes it; without one, the last commit of the stream that is not quiet does. */
  readonly timer?: { readonly name: string; readonly dueAt: number };
  /** 1 unless said. */
  readonly attempt?: number;
  readonly signal?: AbortSignal;
}

/** Each call is one attempt: what one of them kept, the next one finds. Its group is given the feed. */
export async function memoryTask<S extends StreamTypes>(
  log: MemoryLog<S>,
  definition: StreamDefinition<S>,
  { stream, group, by, timer, attempt = 1, signal = new AbortController().signal }: MemoryTask<S>,
): Promise<Task<S>> {
  const traceparent = newTraceparent();
  const told = log.feed.findLast((entry) => entry.stream === stream && entry.what.kind === 'events');
  const what = timer === undefined ? told?.what : ({ kind: 'timer', ...timer } as const);
  if (what === undefined) throw new Error(`nothing was told of stream ${stream}`);
  const handler = createCommandHandler(log, definition);
  const deps = { definition, log, handler, group, by, chance: () => 0 };
  log.take(group);
  const pointer = { id: told?.id ?? '1-0', stream, what, requeues: 0, requeued: null };
  return (await openTask(pointer, deps, { attempt, signal, traceparent })).task;
}
