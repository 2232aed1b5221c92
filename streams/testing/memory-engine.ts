// The engine in memory, for tests of agents: the same write path, tasks, tries and dead letters, on logs in
// memory and a clock that the test moves. One entry is handled after the other, so every run is the same.

import type { Report } from '../consume/report.ts';
import type { StreamDefinition, StreamTypes } from '../contract/definition.ts';
import { type Clock, createClock } from './clock.ts';
import { immortal, type Life } from './life.ts';
import type { Host } from './memory-group.ts';
import { createKind, type Kind, type MemoryStream } from './memory-stream.ts';

export interface MemoryEngine {
  readonly clock: Clock;
  /** @throws Error for one that the engine was not made with. */
  stream<S extends StreamTypes>(definition: StreamDefinition<S>): MemoryStream<S>;
  /**
   * Fires what is due, and gives agents and projections every entry, until nothing is left to do at this
   * moment. Exceptions are tried again without waiting, and make dead letters, as they would on Valkey; so
   * look at `deadLetters`. A handler has as much real time as its `handlerMsMax`.
   * @throws Error where it finds no end.
   */
  settle(): Promise<void>;
  /** Aborts the signals of tasks whose handlers have not come back. */
  close(): void;
}

export interface MemoryEngineOptions {
  /** Kinds of streams. Each is checked: its functions run twice, and a difference is a Fault. */
  readonly streams: readonly StreamDefinition[];
  /** Author of what the test writes unless a call says another. */
  readonly name?: string;
  readonly clock?: Clock;
  readonly report?: Report;
}

const deliveriesMax = 5_000;

/**
 * `beginLife`: the process of agents, and the next one when it has died; one that lives for ever unless
 * given.
 */
export function createMemoryEngine(
  { streams, name = 'engine', clock = createClock(), report = () => undefined }: MemoryEngineOptions,
  beginLife: () => Life = () => immortal,
): MemoryEngine {
  const closing = new AbortController();
  const kinds: Kind<StreamTypes>[] = [];
  let life = beginLife();
  const host: Host = {
    get life() {
      return life;
    },
    begin() {
      life = beginLife();
      for (const kind of kinds) kind.begin();
    },
    closing: closing.signal,
  };
  for (const one of streams) {
    if (kinds.some(({ given }) => given.name === one.name)) {
      throw new Error(`two kinds of streams are called ${one.name}`);
    }
    kinds.push(createKind(one, { name, clock, report, host }));
  }

  async function settle(): Promise<void> {
    for (let deliveries = 0; deliveries < deliveriesMax; ) {
      for (const { stream } of kinds) stream.log.fireTimers();
      let idle = true;
      for (const next of kinds.flatMap(({ groups }) => groups)) {
        if (!(await next())) continue;
        idle = false;
        deliveries += 1;
      }
      if (idle) return;
    }
    throw new Error(
      `after ${deliveriesMax} entries there still is one: agents wake each other without an end`,
    );
  }

  clock.join({
    settle,
    nextDueAt: () => {
      const all = kinds.flatMap(({ stream }) => [...stream.log.timers.values()]);
      return all.length === 0 ? null : Math.min(...all);
    },
  });
  return {
    clock,
    stream<S extends StreamTypes>(definition: StreamDefinition<S>) {
      const found = kinds.find(({ given }) => given === (definition as StreamDefinition));
      if (found === undefined) {
        throw new Error(`the engine was made without the stream ${definition.name}: name it in \`streams\``);
      }
      return found.stream as unknown as MemoryStream<S>;
    },
    settle,
    close: () => closing.abort(new Error('the engine in memory was closed')),
  };
}
