// One consumer group in memory: gives its agent the entries of the feed one after the other, by the same code
// that runs an entry on Valkey. A process that dies in between leaves the entry to the next one.

import { createExclusion } from '../consume/exclusion.ts';
import type { Report } from '../consume/report.ts';
import { runEntry } from '../consume/run-entry.ts';
import { concerns } from '../consume/task.ts';
import type { StreamDefinition, StreamTypes } from '../contract/definition.ts';
import type { EventLog } from '../contract/event-log.ts';
import type { Agent, CommandHandler } from '../contract/task.ts';
import type { Pointer } from '../log/feed-entry.ts';
import { noTelemetry } from '../trace/telemetry.ts';
import { type Life, liveIn } from './life.ts';
import { createMemoryAttempts, type DeadLetter } from './memory-attempts.ts';
import type { MemoryLog } from './memory-log.ts';

/** The process that agents run in; after a death it is another one. */
export interface Host {
  readonly life: Life;
  /** Begins the next life: what the last one knew is gone, what it ran is never heard of again. */
  begin(): void;
  /** Aborted when the engine is closed. */
  readonly closing: AbortSignal;
}

export interface MemoryGroup<S extends StreamTypes> {
  readonly definition: StreamDefinition<S>;
  readonly agent: Agent<S>;
  readonly by: S['by'];
  readonly handlerMsMax: number;
  readonly memory: MemoryLog<S>;
  /** The same log, as a process sees it. */
  readonly log: EventLog<S>;
  readonly handler: () => CommandHandler<S>;
  readonly host: Host;
  readonly report: Report;
  readonly deadLetters: DeadLetter[];
  readonly beforeDeadLetter: (pointer: Pointer<S>) => Promise<void>;
}

// A store that stays away for so many tries in a row does so for ever.
const waitsMax = 1_000;

/** Gives what does the next entry, and says whether there was one. */
export function createMemoryGroup<S extends StreamTypes>(given: MemoryGroup<S>): () => Promise<boolean> {
  const { agent, memory, host, deadLetters } = given;
  const { group } = agent;
  const attempts = createMemoryAttempts({ group, memory, deadLetters });
  const ack = async (ids: readonly string[]) => memory.ack(group, ids);

  function run(pointer: Pointer<S>, redelivered: boolean): Promise<'done'> {
    let waits = 0;
    const deps = {
      ...given,
      handler: given.handler(),
      group,
      consumer: 'memory',
      attempts,
      feed: { ack },
      exclusion: createExclusion(),
      telemetry: noTelemetry,
      clock: () => memory.clock.now,
      chance: () => 0,
      async wait() {
        waits += 1;
        if (waits > waitsMax) throw new Error(`${group}: entry ${pointer.id} was tried ${waits} times`);
      },
    };
    const running = liveIn(host.life, () => runEntry(pointer, deps, { redelivered, signal: host.closing }));
    return running.then(() => 'done' as const);
  }

  return async () => {
    const [pointer] = memory.take(group, 1);
    if (pointer === undefined) return false;
    if (!concerns(pointer, agent)) await ack([pointer.id]);
    for (let redelivered = false; memory.isPending(group, pointer.id); redelivered = true) {
      const running = run(pointer, redelivered);
      // What a dead process still comes to is of no interest.
      running.catch(() => undefined);
      if ((await Promise.race([running, host.life.over])) === 'done') break;
      host.begin();
    }
    return true;
  };
}
