// The crash test, tried on agents with a planted fault each: it has to find every one, and to let the agent
// without a fault pass.

import { describe, expect, test } from 'vitest';
import type { EngineTask } from '../../streams/engine.ts';
import { type CrashReport, crashAtEachStep, type MemoryEngine, type Outside } from '../../streams/testing.ts';
import { type Trips, tooLongMs, trips } from '../support/trips.ts';

type AskedTask = EngineTask<Trips, 'Asked'>;
type Handle = (task: AskedTask, outside: Outside) => Promise<void>;

const charge = (outside: Outside, key?: string) =>
  outside.call('charge', { about: 'oslo', gives: 'r-1', ...(key === undefined ? {} : { key }) });

/** A trip is asked for, and what pays it is the handler; time goes on until the trip would be given up. */
function crash(handle: Handle, more: (engine: MemoryEngine) => void = () => undefined): Promise<CrashReport> {
  return crashAtEachStep({
    streams: [trips],
    async play({ engine, outside }) {
      const trip = engine.stream(trips);
      trip.consume({ group: 'payment', wakes: ['Asked'], handle: (task) => handle(task, outside) });
      trip.consume({
        group: 'patience',
        timers: ['too-long'],
        handle: async ({ submit }) => void (await submit({ type: 'expire' }, { last: true })),
      });
      more(engine);
      await trip.handle('oslo', { type: 'ask', to: 'Oslo' });
      await engine.settle();
      await engine.clock.advance(tooLongMs);
    },
  });
}

const pay: Handle = async ({ load, once, submit }, outside) => {
  await load();
  const receipt = await once('charge', ({ key }) => charge(outside, key));
  await submit({ type: 'pay', receipt }, { last: true });
};

const saidOf = (run: Promise<unknown>): Promise<string> => run.then(() => 'nothing found', String);

test('an agent that keeps its effects is the same whatever crashes, and each side of each step was tried', async () => {
  const { steps, runs } = await crash(pay);
  const inOrder = [
    'before the outside call charge',
    'after the outside call charge',
    'before the commit of the result of ["payment","charge"] in oslo',
    'after the commit of the result of ["payment","charge"] in oslo',
    'before the commit of Paid in oslo that acknowledges',
    'after the commit of Paid in oslo that acknowledges',
  ];
  expect(steps.filter((step) => inOrder.includes(step))).toEqual(inOrder);
  expect(runs).toBe(2 + steps.length * 2 - 2);
  expect(steps.length).toBeGreaterThan(12);
});

test('an agent that only waits for its timer is the same, too', async () => {
  await crash(async () => undefined);
});

describe('it finds an agent that', () => {
  test('does something outside without a step that keeps it', async () => {
    const said = await saidOf(
      crash(async ({ submit }, outside) => {
        const receipt = await charge(outside);
        await submit({ type: 'pay', receipt }, { last: true });
      }),
    );
    expect(said).toContain('crashes change the outcome');
    expect(said).toContain('when its process dies after the outside call charge: outside[1] is');
  });

  test('keeps what it did, but hands no key over', async () => {
    const said = await saidOf(
      crash(async ({ once, submit }, outside) => {
        const receipt = await once('charge', () => charge(outside));
        await submit({ type: 'pay', receipt }, { last: true });
      }),
    );
    expect(said).toContain('when its process dies after the outside call charge: outside[1] is');
    expect(said).not.toContain('after the commit of Paid');
  });

  test('writes without a key before its last step', async () => {
    const note: Handle = async (task, outside) => {
      await task.submit({ type: 'note', text: 'paying' });
      await pay(task, outside);
    };
    const said = await saidOf(crash(note));
    expect(said).toContain(
      'when its process dies after the commit of Remarked in oslo: trips.events.oslo[2].type',
    );
    expect(said).toContain('when the store does not reply after the commit of Remarked in oslo');
    const keyed: Handle = async (task, outside) => {
      await task.submit({ type: 'note', text: 'paying', key: 'note' });
      await pay(task, outside);
    };
    expect((await crash(keyed)).steps.length).toBeGreaterThan(15);
  });

  test('swallows errors of the store', async () => {
    const said = await saidOf(crash((task, outside) => pay(task, outside).catch(() => undefined)));
    expect(said).toContain(
      'when the store does not reply before a look at the head of oslo: trips.events.oslo[1].type is "Expired"',
    );
    expect(said).not.toContain('its process dies');
  });

  test('remembers what the next process does not know', async () => {
    const said = await saidOf(
      crashAtEachStep({
        streams: [trips],
        async play({ engine }) {
          const trip = engine.stream(trips);
          let begun = 0;
          trip.consume({
            group: 'payment',
            wakes: ['Asked'],
            async handle({ load, submit }) {
              begun += 1;
              await load();
              if (begun === 1) await submit({ type: 'pay', receipt: 'r-1' }, { last: true });
            },
          });
          await trip.handle('oslo', { type: 'ask', to: 'Oslo' });
          await engine.settle();
        },
      }),
    );
    expect(said).toContain('crashes change the outcome');
  });

  test('cleans up where a dead process could not', async () => {
    const said = await saidOf(
      crash(async ({ submit }, outside) => {
        await outside.call('lock', { key: 'lock' });
        try {
          await submit({ type: 'pay', receipt: 'r-1' });
        } finally {
          await outside.call('unlock');
        }
      }),
    );
    expect(said).toContain('outside[2] is {"name":"unlock","about":null}, and without a crash absent');
  });
});

test('what a dead process left running takes no further step', async () => {
  let newest = 0;
  let late = 0;
  await crash(async (task, outside) => {
    const mine = ++newest;
    // Two branches: one dies first, and the other one would go on.
    const other = async () => {
      for (let step = 0; step < 5; step++) {
        await task.now();
        if (mine !== newest) late += 1;
      }
    };
    await Promise.all([other(), pay(task, outside)]);
  });
  expect(late).toBe(0);
});

test('a story that no agent takes part in, or that differs by itself, is no test', async () => {
  const empty = crashAtEachStep({ streams: [trips], play: async () => undefined });
  expect(await saidOf(empty)).toContain('no agent took a step');
  let turn = 0;
  const unsteady = await saidOf(
    crash(async ({ submit }) => {
      turn += 1;
      await submit({ type: 'pay', receipt: `r-${turn}` }, { last: true });
    }),
  );
  expect(unsteady).toContain(
    'two runs differ without a crash, so `view` has to leave this out: trips.events.oslo[1]',
  );
});
