// What the worlds of the examples have in common: processes, clients, the history that is kept, and the
// end.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRandom, type Random } from '../random.ts';
import type { Given, Running, Verdict, World } from '../world.ts';
import { type Bundled, bundleExample, type Example } from './bundle.ts';
import { type Attempt, type Clients, createClients } from './clients.ts';
import { kinds, startExample } from './processes.ts';
import { untilDrained } from './settled.ts';

/** Pieces of work that clients have begun and not ended. */
const flowsAtOnce = 60;

export interface ExampleWorld {
  readonly name: string;
  readonly example: Example;
  readonly commands: readonly string[];
  /** Kinds of streams in the store. */
  readonly streams: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** What runs beside the processes, such as a model; gives what to add to their environment. */
  beside?(given: Given): Promise<Beside>;
  /** One piece of work from its beginning to its end. `at`: its number. */
  flow(clients: Clients, random: Random, at: number, signal: AbortSignal): Promise<void>;
  /** Names of streams that have not come to their end. */
  unfinished(given: Given): Promise<readonly string[]>;
  judge(given: Given, history: readonly Attempt[], beside: Beside | null): Promise<Verdict>;
}

export interface Beside {
  readonly env: Readonly<Record<string, string>>;
  /** What it saw. */
  readonly calls: readonly Called[];
  stop(): Promise<void>;
}

/** A call of the outside world. */
export interface Called {
  readonly asked: string;
  readonly said: string;
}

export function exampleWorld(of: ExampleWorld): World {
  let bundled: Bundled | null = null;
  return {
    name: of.name,
    kinds,
    commands: of.commands,
    bears: { kills: 260, restarts: 14 },
    async prepare(folder) {
      bundled = await bundleExample(of.example, folder);
    },
    async start(given) {
      if (bundled === null) throw new Error(`${of.name} was not prepared`);
      return start(of, given, bundled);
    },
  };
}

async function start(of: ExampleWorld, given: Given, bundled: Bundled): Promise<Running> {
  const random = createRandom(given.seed + 2);
  const clients = createClients(random, given.note);
  const beside = (await of.beside?.(given)) ?? null;
  const env = { ...of.env, ...beside?.env };
  const processes = startExample(given, bundled, env, clients.add);
  let flows = 0;
  const flowOn = async (signal: AbortSignal) => {
    while (!signal.aborted) {
      flows += 1;
      await of.flow(clients, random, flows, signal);
    }
  };
  return {
    pids: processes.pids,
    atWork: processes.atWork,
    async work(signal) {
      await Promise.all(Array.from({ length: flowsAtOnce }, () => flowOn(signal)));
    },
    settle: (signal) => untilDrained(given.direct, of.streams, signal, () => of.unfinished(given)),
    async judge() {
      const { history } = clients;
      const lines = history.map((attempt) => JSON.stringify(attempt));
      writeFileSync(join(given.folder, 'history.ndjson'), `${lines.join('\n')}\n`);
      const verdict = await of.judge(given, history, beside);
      const ended = processes.endedByThemselves();
      const failed = history.flatMap(({ stream, reply }) =>
        reply?.status === 'failed' && !reply.retryable ? [`${stream} failed for good: ${reply.why}`] : [],
      );
      return { ...verdict, disorder: [...verdict.disorder, ...new Set(ended), ...failed] };
    },
    async stop() {
      await processes.stop();
      await beside?.stop();
    },
  };
}
