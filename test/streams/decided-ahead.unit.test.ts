// What is decided before a stream is loaded anew: by what is known of it, or by what a commit on its way will
// leave. Nothing that was acknowledged before is passed over, and each command is told.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineStream, type TypesOf } from '../../streams/engine.ts';
import { createCommandHandler } from '../../streams/handle/command-handler.ts';
import { createLanes, type Lane } from '../../streams/handle/lanes.ts';
import { type EventLog, newTraceparent } from '../../streams/parts.ts';
import { createMemoryLog } from '../../streams/testing/memory-log.ts';

type Command = { readonly type: 'count' | 'vote' | 'never' } | { readonly type: 'wait'; readonly ms: number };

const poll = defineStream({
  name: 'poll',
  events: { Voted: z.object({}), Counted: z.object({ votes: z.number() }) },
  quiet: ['Voted'],
  initial: { votes: 0 },
  decide(command: Command, { votes }) {
    if (command.type === 'vote') return { events: [{ type: 'Voted', data: {} }] };
    const timers = command.type === 'wait' ? [{ set: 'wait', inMs: command.ms }] : [];
    if (command.type === 'never') return { rejected: 'never' };
    return { events: [{ type: 'Counted', data: { votes } }], timers };
  },
  keyOf: ({ type }) => (type === 'never' ? 'never' : null),
  evolve: ({ votes }, event) => ({ votes: votes + (event.type === 'Voted' ? 1 : 0) }),
});
type Poll = TypesOf<typeof poll>;

const context = () => ({ by: 'test', traceparent: newTraceparent() });

async function opened(wrap: (log: EventLog<Poll>) => Partial<EventLog<Poll>> = () => ({})) {
  const log = createMemoryLog(poll);
  const handler = createCommandHandler<Poll>({ ...log, ...wrap(log) }, poll);
  const other = createCommandHandler(log, poll);
  let votes = 0;
  const vote = () => {
    const key = `vote ${votes++}`;
    const events = [{ type: 'Voted', data: {} } as const];
    return other.append('mine', () => ({ key, guards: [], events }), context());
  };
  await handler.handle('mine', { type: 'count' }, context());
  return { log, handler, vote };
}

const counts = async (log: EventLog<Poll>) =>
  (await log.read('mine', 0)).map(({ data }) => ('votes' in data ? data.votes : 'vote'));

test('a command on a stream that was opened counts what came since, quiet as it is', async () => {
  const { log, handler, vote } = await opened();
  expect((await handler.open('mine', null)).fresh).toBe(true);
  await vote();
  await handler.handle('mine', { type: 'count' }, context(), true);
  expect(await counts(log)).toEqual([0, 'vote', 1]);
});

test('a command behind another one counts what came since that one looked, quiet as it is', async () => {
  let during: () => Promise<unknown> = async () => undefined;
  const { log, handler, vote } = await opened((log) => ({
    async firstResult(stream, key) {
      await during();
      return log.firstResult(stream, key);
    },
  }));
  let second: Promise<unknown> = Promise.resolve();
  during = async () => {
    await vote();
    second = handler.handle('mine', { type: 'count' }, context());
  };
  const first = await handler.handle('mine', { type: 'never' }, context());
  await second;
  expect(first.status).toBe('rejected');
  expect(await counts(log)).toEqual([0, 'vote', 1]);
});

test('nothing goes along with quiet events, which tell nothing of what came before them', async () => {
  let during: () => Promise<unknown> = async () => undefined;
  const { log, handler, vote } = await opened((log) => ({
    async look(stream, after) {
      const seen = await log.look(stream, after);
      await during();
      return seen;
    },
  }));
  let second: Promise<unknown> = Promise.resolve();
  during = async () => {
    during = async () => undefined;
    await vote();
    second = handler.handle('mine', { type: 'count' }, context());
  };
  await handler.handle('mine', { type: 'vote' }, context());
  await second;
  expect(await counts(log)).toEqual([0, 'vote', 'vote', 2]);
});

test('a command that no log can keep goes along with none, and is told so by itself', async () => {
  const lists: number[] = [];
  const { handler } = await opened((log) => ({
    commitInOrder(requests) {
      lists.push(requests.length);
      return log.commitInOrder(requests);
    },
  }));
  const commands: Command[] = [{ type: 'count' }, { type: 'wait', ms: -1 }, { type: 'count' }];
  const all = await Promise.allSettled(commands.map((one) => handler.handle('mine', one, context())));
  expect(all.map((one) => (one.status === 'fulfilled' ? one.value.status : one.reason.code))).toEqual([
    'done',
    'unfit_commit',
    'done',
  ]);
  expect(lists).toEqual([]);
});

test('a log that takes none of a list leaves no command waiting', async () => {
  const { handler } = await opened(() => ({
    commitInOrder() {
      throw new Error('no list');
    },
  }));
  const all = [1, 2, 3].map(() => handler.handle('mine', { type: 'count' }, context()));
  const told = await Promise.allSettled(all);
  expect(told.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
});

test('what went along and failed is heard, however long what it went with takes', async () => {
  const unheard: unknown[] = [];
  const hear = (reason: unknown) => unheard.push(reason);
  process.on('unhandledRejection', hear);
  try {
    const { handler } = await opened((log) => ({
      commitInOrder: (requests) =>
        requests.map(async (request, index) => {
          if (index > 0) throw new Error('failed');
          for (let turns = 0; turns < 5; turns++) await new Promise(setImmediate);
          return log.commit(request);
        }),
    }));
    const all = [1, 2].map(() => handler.handle('mine', { type: 'count' }, context()));
    expect((await Promise.allSettled(all)).map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(unheard).toEqual([]);
  } finally {
    process.off('unhandledRejection', hear);
  }
});

test('commands are told what came of them in the order in which they were asked', async () => {
  const { handler } = await opened();
  const told: number[] = [];
  const ask = async (nth: number) => {
    await handler.handle('mine', { type: 'count' }, context());
    told.push(nth);
  };
  await Promise.all([0, 1, 2, 3].map(ask));
  expect(told).toEqual([0, 1, 2, 3]);
});

test('a lane that is never empty keeps little of what is done', async () => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const asked: WeakRef<object>[] = [];
  const { promise: kept, resolve } = Promise.withResolvers<number>();
  const ask = (left: number): void => {
    const next = { left };
    asked.push(new WeakRef(next));
    void lanes.run('one', next);
  };
  const lanes = createLanes<string, { readonly left: number }, void>(async ({ left }) => {
    if (left > 0) ask(left - 1);
    await new Promise(setImmediate);
    if (left > 0) return;
    collect();
    resolve(asked.filter((one) => one.deref() !== undefined).length);
  });
  ask(5_000);
  expect(await kept).toBeLessThan(1_500);
});

test('what is put back into a lane is done before all others, in its order', async () => {
  const order: string[] = [];
  let first = true;
  const lanes = createLanes<string, string, string>(async (ask, lane: Lane<string, string>) => {
    order.push(ask);
    if (first) {
      first = false;
      await null;
      const taken = [];
      for (let count = 0; count < 3; count++) {
        const next = lane.next();
        if (next === undefined) break;
        lane.take();
        taken.push(next);
      }
      taken[1]?.resolve('along');
      lane.putBack(taken.filter((_, index) => index !== 1));
    }
    return ask;
  });
  const all = ['a', 'b', 'c', 'd', 'e'].map((ask) => lanes.run('one', ask));
  expect(await Promise.all(all)).toEqual(['a', 'b', 'along', 'd', 'e']);
  expect(order).toEqual(['a', 'b', 'd', 'e']);
});
