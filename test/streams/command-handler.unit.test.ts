// A command whose stream begins, or leaves the store, between its loading and its commit.

import { expect, test } from 'vitest';
import { createCommandHandler } from '../../streams/handle/command-handler.ts';
import { type EventLog, newTraceparent } from '../../streams/parts.ts';
import { createMemoryLog } from '../../streams/testing/memory-log.ts';
import { type TripCommand, type Trips, trips } from '../support/trips.ts';

/** A trip that was asked for; its stream is gone at the next commit, and what is committed then stays. */
async function vanishing() {
  const [before, after] = [createMemoryLog(trips), createMemoryLog(trips)];
  let now: EventLog<Trips> = before;
  let vanishes = false;
  const log: EventLog<Trips> = {
    commit(request) {
      if (vanishes) now = after;
      return now.commit(request);
    },
    commitInOrder: (requests) => requests.map((request) => log.commit(request)),
    look: (...of) => now.look(...of),
    read: (...of) => now.read(...of),
    firstResult: (...of) => now.firstResult(...of),
    head: (of) => now.head(of),
    now: (of) => now.now(of),
  };
  const handler = createCommandHandler(log, trips);
  const handle = (command: TripCommand) =>
    handler.handle('oslo', () => command, { by: 'test', traceparent: newTraceparent() });
  expect(await handle({ type: 'ask', to: 'Oslo' })).toMatchObject({ status: 'done' });
  vanishes = true;
  return handle;
}

test('a command decides anew where its stream vanished meanwhile: a trip that is none has nothing to pay', async () => {
  const handle = await vanishing();
  expect(await handle({ type: 'pay', receipt: 'r-1' })).toMatchObject({
    status: 'stale',
    folded: { rev: 0 },
  });
});

test('a command that begins a stream begins its next life there', async () => {
  const handle = await vanishing();
  const firstResult = await handle({ type: 'note', text: 'by night' });
  expect(firstResult).toMatchObject({
    status: 'done',
    folded: { rev: 1, state: { status: 'none', note: 'by night' } },
  });
});

test('a command decides anew where another process began its stream meanwhile', async () => {
  const log = createMemoryLog(trips);
  const context = { by: 'test', traceparent: newTraceparent() };
  const other = createCommandHandler(log, trips);
  const handler = createCommandHandler<Trips>(
    {
      ...log,
      async commit(request) {
        await other.handle('oslo', { type: 'ask', to: 'Oslo' }, context);
        return log.commit(request);
      },
    },
    trips,
  );
  const noted = await handler.handle('oslo', { type: 'note', text: 'by night' }, context);
  expect(noted).toMatchObject({ status: 'done', folded: { rev: 2, state: { note: 'by night' } } });
});
