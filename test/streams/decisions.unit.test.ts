// What `decide` and `effects` may give: a slip of the pen is said, never passed over.

import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineStream } from '../../streams/engine.ts';
import { createCommandHandler } from '../../streams/handle/command-handler.ts';
import { newTraceparent } from '../../streams/parts.ts';
import { createMemoryLog, scenario } from '../../streams/testing.ts';

const happened = { type: 'Happened', data: {} } as const;

function define(
  decision: () => unknown,
  effects: () => unknown = () => ({}),
  evolve: () => unknown = () => 0,
) {
  return defineStream({
    name: 'things',
    events: { Happened: z.object({}) },
    initial: 0 as unknown,
    decide: (_command: string) => decision() as { events: [] },
    evolve,
    effects: effects as () => object,
  });
}

type Defined = ReturnType<typeof define>;
const context = { by: 'test', traceparent: newTraceparent() };

/** What is said of it, by the write path and by a scenario, which writes nothing. */
async function refusedBy(definition: Defined): Promise<{ code?: string; message?: string }[]> {
  const log = createMemoryLog(definition);
  const outcomes = await Promise.allSettled([
    createCommandHandler(log, definition).handle('one', () => 'do', context),
    new Promise((resolve) => resolve({ came: scenario(definition).given().when('do').decision })),
  ]);
  expect(await log.head('one')).toBeNull();
  expect(log.timers.size + log.feed.length).toBe(0);
  return outcomes.map((outcome) => {
    if (outcome.status === 'fulfilled') throw new Error(`it came to ${JSON.stringify(outcome.value)}`);
    expect(outcome.reason).toMatchObject({ name: 'Fault', retryable: false });
    return outcome.reason;
  });
}

const events = [happened];
const timer = { set: 't', inMs: 1 };

const slips: readonly (readonly [string, Defined, string, string])[] = [
  [
    'a timer instead of timers',
    define(() => ({ events, timer })),
    'no_decision',
    'the field timer, which is none of events, key, note, timers',
  ],
  ['a key that is misspelt', define(() => ({ events, kye: 'k' })), 'no_decision', 'the field kye'],
  [
    'a detail that is misspelt',
    define(() => ({ rejected: 'no', details: 'x' })),
    'no_decision',
    'the field details, which is none of rejected, detail, reason',
  ],
  ['stale and more', define(() => ({ stale: true, key: 'k' })), 'no_decision', 'the field key'],
  [
    'timers that are no list',
    define(() => ({ events, timers: timer })),
    'no_decision',
    'timers that are no list',
  ],
  [
    'a timer in the effects',
    define(
      () => ({ events }),
      () => ({ timer }),
    ),
    'no_decision',
    'effects of things has given, for Happened, the field timer, which is none of meta, timers',
  ],
  [
    'effects that are no lists',
    define(
      () => ({ events }),
      () => ({ timers: timer }),
    ),
    'no_decision',
    'meta or timers that are no list',
  ],
  ['a promise', define(async () => ({ events })), 'no_decision', 'decide must not be async'],
  [
    'a promise that rejects',
    define(async () => {
      throw new Error('unheard');
    }),
    'no_decision',
    'decide must not be async',
  ],
  [
    'a promise of effects',
    define(
      () => ({ events }),
      async () => ({}),
    ),
    'no_decision',
    'effects must not be async',
  ],
  [
    'a promise of a state',
    define(
      () => ({ events }),
      () => ({}),
      async () => 1,
    ),
    'no_decision',
    'evolve must not be async',
  ],
  ['an event that is nothing', define(() => ({ events: [undefined] })), 'unwritable_event', 'it has no type'],
  [
    'a timer in no time at all',
    define(() => ({ events, timers: [{ set: 't', inMs: Number.NaN }] })),
    'unfit_commit',
    'inMs of the timer t is NaN',
  ],
  [
    'a timer of effects that is too late',
    define(
      () => ({ events }),
      () => ({ timers: [{ set: 't', inMs: 1e300 }] }),
    ),
    'unfit_commit',
    'inMs of the timer t is 1e+300',
  ],
  [
    'too many events',
    define(() => ({ events: Array(50_000).fill(happened) })),
    'unfit_commit',
    'its number of events is 50000; it has to be at most 1000',
  ],
  ['a key that is no text', define(() => ({ events, key: 5 })), 'unfit_commit', 'its key is 5'],
];

test.each(slips)('%s is refused, and nothing is written', async (_what, definition, code, said) => {
  for (const refused of await refusedBy(definition)) {
    expect(refused.code).toBe(code);
    expect(refused.message).toContain(said);
  }
});

test('a field that is undefined is as one that is absent', async () => {
  const definition = define(() => ({ events, key: undefined, timer: undefined }));
  const log = createMemoryLog(definition);
  const handled = await createCommandHandler(log, definition).handle('one', () => 'do', context);
  expect(handled.status).toBe('done');
});
