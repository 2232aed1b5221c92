// Agents whose kind of stream breaks the rules of `decide` and `evolve`: what becomes of the entry that woke
// them, on a real Valkey. It is never lost, and never acknowledged by what was not done.

import { expect, test } from 'vitest';
import { z } from 'zod';
import { checked, defineStream } from '../../streams/engine.ts';
import { newTraceparent, openStream, readAfter, runAgent } from '../../streams/parts.ts';
import { fieldsOf } from '../../streams/valkey/fields.ts';
import { storeForAll } from '../support/store-for-all.ts';

type Command = 'ask' | 'reply';
interface Asked {
  readonly asked: boolean;
}

const events = { Asked: z.object({}), Replied: z.object({ at: z.number().optional() }) };
const reply = (data: object = {}) => ({ key: 'reply', events: [{ type: 'Replied', data }] });

function define(
  name: string,
  replies: () => unknown,
  evolve = (_asked: Asked, _event: { readonly type: string }): Asked => ({ asked: true }),
) {
  return defineStream({
    name,
    events,
    initial: { asked: false },
    decide: (command: Command) =>
      command === 'ask' ? { events: [{ type: 'Asked', data: {} } as const] } : (replies() as { events: [] }),
    evolve,
  });
}

const each = storeForAll();

/** Wakes an agent that replies; gives what came of that once it is reported. */
async function wake(definition: ReturnType<typeof define>) {
  const opened = openStream(each.store, definition, { name: 'test' });
  await opened.ready(AbortSignal.timeout(10_000));
  const context = { by: 'test', traceparent: newTraceparent() };
  await opened.handler.handle('one', () => 'ask', context);
  const ended = Promise.withResolvers<void>();
  const stop = new AbortController();
  const agent = runAgent(
    opened,
    {
      group: 'replier',
      wakes: new Set(['Asked'] as const),
      timers: false,
      handle: async (task) => void (await task.submit(() => 'reply', { last: true })),
    },
    {
      consumer: 'one',
      by: 'test',
      concurrency: 1,
      handlerMsMax: 5_000,
      chance: () => 0,
      report: (what) => {
        if (what === 'handled' || what === 'dead_lettered' || what === 'lost') ended.resolve();
      },
    },
    stop.signal,
  );
  await ended.promise;
  stop.abort(new Error('the test is over'));
  await agent;
  const [partition] = opened.keys.partitions;
  const letters = await opened.commands.xrange(partition?.dead ?? '', '-', '+');
  const [pending] = (await opened.commands.xpending(partition?.feed ?? '', 'replier')) as [number];
  const types = (await readAfter(opened.log, 'one', 0)).map(({ type }) => type);
  opened.close();
  return { pending, types, letters: letters.map(([, fields]) => fieldsOf(fields)) };
}

const throwing = () => {
  throw new Error('no price for it');
};

test.each<[string, ReturnType<typeof define>, object, string]>([
  [
    'throws',
    define('throws', throwing),
    { reason: 'exceptions', exceptions: '5' },
    'decide of throws has thrown',
  ],
  [
    'gives no decision',
    define('gives', () => null),
    { reason: 'not_retryable', exceptions: '1' },
    'neither events',
  ],
  [
    'returns an event that it did not declare',
    define('undeclared', () => ({ events: [{ type: 'Shouted', data: {} }] })),
    { reason: 'not_retryable', exceptions: '1' },
    'undeclared declares no such event',
  ],
  [
    'depends on the clock',
    checked(define('clock', () => reply({ at: Date.now() }))),
    { reason: 'not_retryable', exceptions: '1' },
    'decide of clock, given a string, gives other results for the same input: its result.events[0].data.at is',
  ],
])(
  'an entry becomes a dead letter where decide %s',
  async (_what, definition, letter, said) => {
    const { pending, types, letters } = await wake(definition);
    expect({ pending, types }).toEqual({ pending: 0, types: ['Asked'] });
    expect(letters).toMatchObject([{ errorClass: 'Fault', ...letter }]);
    expect(letters[0]?.['message']).toContain(said);
  },
  30_000,
);

test('an event that evolve throws at is not written: the stream can be read on', async () => {
  const evolve = (_asked: Asked, { type }: { readonly type: string }): Asked => {
    if (type === 'Replied') throw new Error('cannot be');
    return { asked: true };
  };
  const { types, letters } = await wake(define('unfoldable', () => reply(), evolve));
  expect(types).toEqual(['Asked']);
  expect(letters).toMatchObject([{ reason: 'not_retryable' }]);
});
