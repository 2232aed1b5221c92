// Runs of the models on the real engine and a real Valkey. This ties the models to the code: what they say of
// the protocol is what the engine does, call by call. `SPEC_TRACES=1000` plays so many, `SPEC_SEED` others.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasApt } from '../../server/setup/private-apt.ts';
import { connect, untilReady, type Valkey } from '../../streams/valkey/connection.ts';
import { startTestValkey, type TestValkey } from '../support/valkey.ts';
import { replayConsume } from './replay/consume.ts';
import type { Mistaken } from './replay/life.ts';
import { readTrace, type Step } from './replay/trace.ts';
import { type Bounds, findSpin, play, readModel, type Spin } from './spin.ts';

const traces = Number(process.env['SPEC_TRACES'] ?? 10);
const firstSeed = Number(process.env['SPEC_SEED'] ?? 1);
// A run takes a tenth of a second of CPU; machines that run all tests at once are slow.
const longMs = 240_000 + traces * 5_000;

const apt = await hasApt();
if (!apt) console.warn('the models are not replayed: there is no apt here to fetch spin with');

let spin: Spin;
let valkey: TestValkey;
let store: Valkey;
beforeAll(async () => {
  if (!apt) return;
  spin = await findSpin('.arena', () => undefined);
  // It is not killed here, so nothing has to be on disk.
  valkey = await startTestValkey(['--appendonly', 'no']);
  store = connect(valkey.url, 'replay');
  await untilReady(store, AbortSignal.timeout(5_000));
});
afterAll(async () => {
  store?.disconnect();
  await valkey?.stop();
});

/** A run of `consume.pml` at random, to its end. */
async function runOf(bounds: Bounds, seed: number): Promise<readonly Step[]> {
  const lines = await play(spin, await readModel('consume'), { bounds, seed });
  const steps = readTrace(lines, ['entry', 'process', 'stream']);
  expect(steps.at(-1)?.what).toBe('end');
  return steps;
}

// The engine's own.
const limited = { EXCEPTIONS_MAX: 5, DEATHS_MAX: 10 };
const of = { PROCESSES: 3, STREAMS: 2, ...limited };
const deadly = { PROCESSES: 1, STREAMS: 1, ...limited, COMMANDS: 1, POISONED: 1, CRASHES: 200 };
const runs: Readonly<Record<string, Bounds>> = {
  'crashes and losses': { ...of, COMMANDS: 4, CRASHES: 4, LOSSES: 5 },
  'exceptions and stalls': { ...of, COMMANDS: 3, CRASHES: 2, THROWS: 4, STALLS: 4 },
  'letters of exceptions': { ...of, COMMANDS: 3, CRASHES: 2, THROWS: 20, POISONED: 2 },
  'letters of deaths': deadly,
};

describe.skipIf(!apt)('the engine takes the steps of the model', () => {
  const taken = new Set<string>();
  for (const [title, bounds] of Object.entries(runs)) {
    it(
      `an entry and its effect: ${title}`,
      async () => {
        // Ten deaths take a long way.
        const count = bounds === deadly ? Math.ceil(traces / 10) : traces;
        for (let seed = firstSeed; seed < firstSeed + count; seed += 1) {
          const steps = await runOf(bounds, seed);
          await replayConsume(store, `${title.replaceAll(/[^a-z]+/g, '-')}-${seed}`, steps);
          for (const { what } of steps) taken.add(what);
        }
      },
      longMs,
    );
  }

  it('every kind of step of the model was among them', async () => {
    const { text } = await readModel('consume');
    const kinds = new Set([...text.matchAll(/STEP\("([a-z_]+) /g)].map(([, kind]) => kind ?? ''));
    // An operator's, which tests of dead letters are about.
    kinds.delete('requeue');
    expect([...taken].sort()).toEqual([...kinds].sort());
  });
});

/** Mistakes laid over the engine's log from outside. */
const mistakes: Readonly<Record<string, Mistaken>> = {
  'the acknowledgement is apart from the commit': (log, ack) => ({
    ...log,
    async commit({ settles, ...request }) {
      const outcome = await log.commit(request);
      if (settles !== undefined) await ack(settles.entryId);
      return outcome;
    },
  }),
  'the turn is not compared': (log) => ({
    ...log,
    commit: (request) => log.commit({ ...request, expect: { guards: [] } }),
  }),
  'no key stands for the effect': (log) => ({
    ...log,
    commit: (request) => log.commit({ ...request, key: null }),
  }),
  'a commit is sent twice': (log) => ({
    ...log,
    async commit(request) {
      await log.commit(request);
      return log.commit(request);
    },
  }),
};

describe.skipIf(!apt)('the replay finds an engine in which', () => {
  for (const [number, [title, mistaken]] of Object.entries(mistakes).entries()) {
    it(title, async () => {
      const found = async () => {
        for (let seed = 1; seed <= 20; seed += 1) {
          const steps = await runOf({ ...of, COMMANDS: 4, CRASHES: 1, STALLS: 4 }, seed);
          await replayConsume(store, `mistake-${number}-${seed}`, steps, mistaken);
        }
      };
      await expect(found()).rejects.toThrow(/^step \d+ of mistake-/);
    });
  }
});
