// Commands that wait for one stream are committed together, and come to what they would have come to one
// after the other.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineStream, type Handled, type TypesOf } from '../../streams/engine.ts';
import { createCommandHandler } from '../../streams/handle/command-handler.ts';
import { type EventLog, newTraceparent } from '../../streams/parts.ts';
import { createMemoryLog } from '../../streams/testing/memory-log.ts';

interface State {
  readonly total: number;
  /** Looked at by `stamp` alone. */
  readonly stampedAt: number;
}

type Command =
  | { readonly type: 'add'; readonly amount: number; readonly key?: string }
  | { readonly type: 'stamp' };

const purse = defineStream({
  name: 'purse',
  events: { Added: z.object({ amount: z.number() }), Stamped: z.object({}) },
  initial: { total: 0, stampedAt: 0 } as State,
  decide(command: Command, { total, stampedAt }) {
    if (command.type === 'stamp') return { events: [{ type: 'Stamped', data: {} }] };
    const { amount, key = null } = command;
    if (total + amount < 0) return { rejected: 'too_little', detail: `${total} at ${stampedAt > 0}` };
    if (amount === 0) return { stale: true };
    return { key, events: [{ type: 'Added', data: { amount } }] };
  },
  evolve: (state, event) =>
    event.type === 'Stamped'
      ? { ...state, stampedAt: event.at }
      : { ...state, total: state.total + event.data.amount },
});
type Purse = TypesOf<typeof purse>;

const context = () => ({ by: 'test', traceparent: newTraceparent() });

/** A purse with a hundred, and how many commits each call to its log has had since. */
async function filled() {
  const log = createMemoryLog(purse);
  const lists: number[] = [];
  const counted: EventLog<Purse> = {
    ...log,
    commit(request) {
      lists.push(1);
      return log.commit(request);
    },
    commitInOrder(requests) {
      lists.push(requests.length);
      return log.commitInOrder(requests);
    },
  };
  const handler = createCommandHandler(counted, purse);
  const handle = (command: Command) => handler.handle('mine', command, context());
  await handle({ type: 'add', amount: 100 });
  lists.length = 0;
  return { log, handler, handle, lists };
}

const told = (handled: Handled<Purse>) =>
  handled.status === 'rejected'
    ? `${handled.code}: ${handled.detail}`
    : `${handled.status} ${handled.folded.rev} ${handled.folded.state.total}`;

test('commands that wait for one stream go in one call, each told the stream as it left it', async () => {
  const { handle, lists } = await filled();
  const all = await Promise.all([1, 2, 3].map((amount) => handle({ type: 'add', amount })));
  expect(all.map(told)).toEqual(['done 2 101', 'done 3 103', 'done 4 106']);
  expect(lists).toEqual([3]);
});

test('what is refused, or comes to nothing, is decided when what came before it is there', async () => {
  const { handle, lists } = await filled();
  const amounts = [-60, -60, 0, 20, -60];
  const all = await Promise.all(amounts.map((amount) => handle({ type: 'add', amount })));
  expect(all.map(told)).toEqual([
    'done 2 40',
    'too_little: 40 at false',
    'stale 2 40',
    'done 3 60',
    'done 4 0',
  ]);
  expect(lists).toEqual([1, 2]);
});

test('nothing is decided by a moment that is not known yet', async () => {
  const { handle, lists } = await filled();
  const [stamp, add] = [{ type: 'stamp' } as const, (amount: number) => ({ type: 'add', amount }) as const];
  const all = await Promise.all([add(1), stamp, add(1), add(1)].map(handle));
  expect(all.map(told)).toEqual(['done 2 101', 'done 3 101', 'done 4 102', 'done 5 103']);
  // The stamp goes along; what comes behind it would be decided by its moment.
  expect(lists).toEqual([2, 2]);
});

test('what went along with a repeat is done all the same, once', async () => {
  const { handle, lists } = await filled();
  await handle({ type: 'add', amount: 1, key: 'once' });
  lists.length = 0;
  const all = await Promise.all([
    handle({ type: 'add', amount: 1, key: 'once' }),
    handle({ type: 'add', amount: 5 }),
  ]);
  expect(all.map(told)).toEqual(['dup 2 101', 'done 3 106']);
  // Decided by an event that was not written, the second one was decided again.
  expect(lists).toEqual([2, 1]);
});

test('what went along is done all the same where another process came first', async () => {
  const { log, handle, lists } = await filled();
  const other = createCommandHandler(log, purse);
  const both = [handle({ type: 'add', amount: 1 }), handle({ type: 'add', amount: 2 })];
  await other.handle('mine', { type: 'add', amount: 50 }, context());
  expect((await Promise.all(both)).map(({ status }) => status)).toEqual(['done', 'done']);
  expect((await other.load('mine')).state.total).toBe(153);
  expect(Math.max(...lists)).toBe(2);
});

test('a store that fails is told to all that went along', async () => {
  const log = createMemoryLog(purse);
  const loss = new Error('the store is away');
  const failing: EventLog<Purse> = {
    ...log,
    commitInOrder: (requests) => requests.map(() => Promise.reject(loss)),
  };
  const handler = createCommandHandler(failing, purse);
  await handler.handle('mine', { type: 'add', amount: 1 }, context());
  const all = [1, 2, 3].map((amount) => handler.handle('mine', { type: 'add', amount }, context()));
  const came = await Promise.allSettled(all);
  expect(came.map((one) => (one.status === 'rejected' ? one.reason : one.value))).toEqual([loss, loss, loss]);
  // What comes after is done as ever.
  expect((await handler.handle('mine', { type: 'add', amount: 1 }, context())).status).toBe('done');
});

const command = fc.oneof(
  fc.record({
    type: fc.constant('add' as const),
    amount: fc.integer({ min: -80, max: 80 }),
    key: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  }),
  fc.record({ type: fc.constant('add' as const), amount: fc.integer({ min: -80, max: 80 }) }),
  fc.constant({ type: 'stamp' as const }),
);

test('commands at once come to what they come to one after the other', async () => {
  const property = async (commands: readonly Command[]) => {
    const [together, apart] = [await filled(), await filled()];
    const all = await Promise.all(commands.map(together.handle));
    const each = [];
    for (const one of commands) each.push(await apart.handle(one));
    expect(all.map(told)).toEqual(each.map(told));
  };
  await fc.assert(fc.asyncProperty(fc.array(command, { maxLength: 40 }), property), { numRuns: 150 });
});
