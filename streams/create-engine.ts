// The engine for a program that needs no more than its streams: what it writes, reads and runs on each kind
// of them, with everything that may be left out filled in. Who needs a connection for each agent or a log of
// its own wires `open-stream.ts` and `run.ts` by hand.

import { hostname } from 'node:os';
import { checked } from './check/checked.ts';
import { pause } from './consume/backoff.ts';
import { untilDone } from './consume/keep-trying.ts';
import { type Report, warnOnly } from './consume/report.ts';
import { runTogether } from './consume/run-together.ts';
import type { StreamDefinition, StreamTypes } from './contract/definition.ts';
import type { EngineStream } from './contract/engine.ts';
import { createEngineStream } from './engine-stream.ts';
import { openStream } from './open-stream.ts';
import { assertFit } from './start-checks.ts';
import { noTelemetry, type Telemetry } from './trace/telemetry.ts';
import type { Store } from './valkey/store.ts';

/** Between two looks at whether all is done. */
const idleLookMs = 50;

export interface EngineOptions {
  readonly store: Store;
  /** Kinds of streams, each under a name of its own. */
  readonly streams: readonly StreamDefinition[];
  /** Of this program: in CLIENT LIST, and as the author of what it writes unless a call says another. */
  readonly name?: string;
  /**
   * Of this process among those of its groups; host and process id unless given. One that stays the same in
   * the next life finds what it left behind at once, another one when the lease ends.
   */
  readonly consumer?: string;
  /** Told what consumers do; unless given, what went wrong is written as a warning. */
  readonly report?: Report;
  readonly telemetry?: Telemetry;
  /** Tell what was committed only when a replica has it, too. */
  readonly replicated?: boolean;
  /**
   * Every decision and fold is made twice on input that cannot be changed, so that one which is not the same
   * both times, or changes what it was given, is a Fault. On unless NODE_ENV is `production`.
   */
  readonly checks?: boolean;
}

export interface Engine {
  /**
   * What can be done with one kind of stream.
   * @throws Error for one that the engine was not made with.
   */
  stream<S extends StreamTypes>(definition: StreamDefinition<S>): EngineStream<S>;
  /**
   * Resolves when commands can be sent, and the store is one that keeps them. Rejects with the signal's
   * reason.
   * @throws Error that says in one sentence why this store will not do: no functions, too few rights, a kind
   * of stream of the same name with other events.
   */
  ready(signal: AbortSignal): Promise<void>;
  /**
   * Runs every agent and projection that was added, fires timers, deletes what all groups have handled and
   * takes out streams that have ended, until the signal; then drains. Once: what is added later is refused.
   * Rejects only for a bug.
   */
  run(signal: AbortSignal): Promise<void>;
  /**
   * Resolves when a look finds that all agents and projections of this engine, in whatever process, have
   * handled everything; timers that are not due do not count. For scripts and tests: in a program that goes
   * on it may never be so. Rejects with the signal's reason.
   */
  untilIdle(signal: AbortSignal): Promise<void>;
  /** Ends what runs, lets it drain, and ends the connections. Who opened the store closes it. */
  close(): Promise<void>;
}

/** @throws Error for two kinds of streams of one name, or for none. */
export function createEngine({
  store,
  streams,
  name = 'engine',
  consumer = `${hostname()}-${process.pid}`,
  report = warnOnly,
  telemetry = noTelemetry,
  replicated = false,
  checks = process.env['NODE_ENV'] !== 'production',
}: EngineOptions): Engine {
  refuseWrongStreams(streams);
  const opening = { telemetry, replicated };
  const closing = new AbortController();
  let refused: unknown = null;
  const assertUsable = () => {
    if (refused !== null) throw refused;
    closing.signal.throwIfAborted();
  };
  const staffed = new Map(
    streams.map((definition) => {
      const watched = checks ? checked(definition) : definition;
      const opened = openStream(store, watched, { ...opening, name: `${name}-${definition.name}` });
      return [definition, createEngineStream(opened, { name, consumer, report, assertUsable })] as const;
    }),
  );
  const all = [...staffed.values()];
  let running: Promise<void> | null = null;
  return {
    stream<S extends StreamTypes>(definition: StreamDefinition<S>) {
      const found = staffed.get(definition as StreamDefinition);
      if (found === undefined) {
        throw new Error(`the engine was made without the stream ${definition.name}: name it in \`streams\``);
      }
      return found.stream as unknown as EngineStream<S>;
    },
    async ready(signal) {
      try {
        for (const { opened } of all) {
          await untilDone(() => assertFit(opened, { report, signal }), { signal, chance: Math.random });
        }
        refused = null;
      } catch (error) {
        if (!signal.aborted) refused = error;
        throw error;
      }
    },
    run(signal) {
      assertUsable();
      if (running !== null) throw new Error('the engine runs already: run() is called once');
      const either = AbortSignal.any([signal, closing.signal]);
      running = runTogether(either, (until) => all.flatMap(({ run }) => run(until)));
      return running;
    },
    async untilIdle(signal) {
      const trying = { signal, chance: Math.random };
      const isIdle = async () => (await Promise.all(all.map((one) => one.isIdle()))).every((idle) => idle);
      while (!(await untilDone(isIdle, trying))) await pause(idleLookMs, signal);
    },
    async close() {
      closing.abort(new Error('the engine was closed'));
      // What a run failed with is told by itself.
      await Promise.allSettled([running]);
      for (const { opened } of all) opened.close();
    },
  };
}

/** Before anything is connected: what was opened would keep the process alive. */
function refuseWrongStreams(streams: readonly StreamDefinition[]): void {
  const names = streams.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new Error(`two kinds of streams are called ${twice}`);
  if (streams.length === 0) throw new Error('an engine needs a stream: name one in `streams`');
}
