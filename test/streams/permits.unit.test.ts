// How many commands of a process are on their way to the store at once, and what becomes of the rest.

import { expect, test } from 'vitest';
import { z } from 'zod';
import type { EventLog } from '../../streams/contract/event-log.ts';
import { defineStream } from '../../streams/engine.ts';
import { createCommandHandler } from '../../streams/handle/command-handler.ts';
import { createPermits } from '../../streams/handle/permits.ts';
import { engineLimits, newTraceparent } from '../../streams/parts.ts';
import { createMemoryLog } from '../../streams/testing.ts';

const { commandsAtOnce } = engineLimits;
const notes = defineStream({
  name: 'notes',
  events: { Written: z.object({}) },
  initial: 0,
  decide: (_write: 'write', _count: number) => ({ events: [{ type: 'Written', data: {} } as const] }),
  evolve: (count: number) => count + 1,
});
type Notes = NonNullable<typeof notes.types>;
const context = { by: 'test', traceparent: newTraceparent() };

/** A log of the real kind, which is a turn of the event loop away and counts who asks it at once. */
function countingLog() {
  const log = createMemoryLog(notes);
  let asking = 0;
  let most = 0;
  const counted =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      asking += 1;
      most = Math.max(most, asking);
      await new Promise(setImmediate);
      return call(...args).finally(() => asking--);
    };
  const { commit, read, firstResult, head } = log;
  const slow = {
    commit: counted(commit),
    read: counted(read),
    firstResult: counted(firstResult),
    head: counted(head),
  };
  return { log: { ...log, ...slow } as EventLog<Notes>, most: () => most };
}

test('commands of many streams that are sent at once come through, a bounded number at a time', async () => {
  const { log, most } = countingLog();
  const handler = createCommandHandler(log, notes);
  const count = 4 * commandsAtOnce;
  const append = { key: 'once', guards: [], events: [{ type: 'Written', data: {} } as const] };
  const all = await Promise.all([
    ...Array.from({ length: count }, (_, nth) => handler.handle(`s-${nth}`, () => 'write', context)),
    ...Array.from({ length: count }, (_, nth) => handler.append(`t-${nth}`, () => append, context)),
    ...Array.from({ length: count }, (_, nth) => handler.load(`u-${nth}`)),
  ]);
  expect(all.filter((one) => 'status' in one && one.status === 'done').length).toBe(count);
  // To load a stream its log is asked two things at once.
  expect(most()).toBeLessThanOrEqual(2 * commandsAtOnce);
});

test('those who wait for one stream keep no permit from others', async () => {
  const handler = createCommandHandler(countingLog().log, notes);
  const gate = Promise.withResolvers<'write'>();
  const many = Array.from({ length: 2 * commandsAtOnce }, () =>
    handler.handle('busy', () => gate.promise, context),
  );
  expect(await handler.handle('other', () => 'write', context)).toMatchObject({ status: 'done' });
  gate.resolve('write');
  expect((await Promise.all(many)).at(-1)).toMatchObject({ folded: { rev: many.length } });
});

test('a command that is made with the help of another one waits without a permit', async () => {
  const handler = createCommandHandler(countingLog().log, notes);
  const all = Array.from({ length: 2 * commandsAtOnce }, (_, nth) => {
    const first = () => handler.handle(`inner-${nth}`, () => 'write', context).then(() => 'write' as const);
    return handler.handle(`outer-${nth}`, first, context);
  });
  expect((await Promise.all(all)).every(({ status }) => status === 'done')).toBe(true);
});

test('permits are given in the order of asking, and work that fails gives its own back', async () => {
  const permits = createPermits(2);
  const order: number[] = [];
  const all = Array.from({ length: 9 }, (_, nth) =>
    permits.run(async () => {
      order.push(nth);
      await new Promise(setImmediate);
      if (nth % 2 === 0) throw new Error('no');
    }),
  );
  await Promise.allSettled(all);
  expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
});
