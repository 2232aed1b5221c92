// The fast path and events at which `evolve` throws: no reader could pass one, so none is written.

import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineStream } from '../../streams/engine.ts';
import { createCommandHandler } from '../../streams/handle/command-handler.ts';
import { newTraceparent } from '../../streams/parts.ts';
import { createMemoryLog } from '../../streams/testing.ts';

type Auction = 'none' | 'open' | 'closed';
type Happened = 'Opened' | 'Closed' | 'Bid';

const auctions = defineStream({
  name: 'auctions',
  events: { Opened: z.object({}), Closed: z.object({}), Bid: z.object({}) },
  quiet: ['Bid'],
  initial: 'none' as Auction,
  decide: (command: Happened) => ({ events: [{ type: command, data: {} }] }),
  evolve(auction: Auction, { type }): Auction {
    if (type !== 'Bid') return type === 'Opened' ? 'open' : 'closed';
    if (auction !== 'open') throw new Error(`a bid while ${auction}`);
    return auction;
  },
  effects: ({ type }) => ({ meta: [{ set: 'is', value: type }], timers: [] }),
});

const whileOpen = { field: 'is', equals: 'Opened', else: 'too_late' } as const;
const context = { by: 'test', traceparent: newTraceparent() };

/** Two processes on one log. */
function processes() {
  const log = createMemoryLog(auctions);
  const process = () => {
    const handler = createCommandHandler(log, auctions);
    const append = (key: string, guards: readonly (typeof whileOpen)[] = []) =>
      handler.append('one', () => ({ key, guards, events: [{ type: 'Bid', data: {} }] }), context);
    const send = (command: Happened) => handler.handle('one', () => command, context);
    return { append, send, load: () => handler.load('one') };
  };
  return { log, mine: process(), theirs: process() };
}

test('an event at which evolve throws is not appended, and the stream can be read on', async () => {
  const { log, mine, theirs } = processes();
  await mine.send('Opened');
  await mine.send('Closed');
  const refused = {
    code: 'definition_threw',
    retryable: false,
    message: expect.stringContaining('Bid (rev 3)'),
  };
  await expect(mine.append('a')).rejects.toMatchObject(refused);
  // A process that knows nothing of the stream finds out at the head of the log.
  await expect(theirs.append('a')).rejects.toMatchObject(refused);
  expect(await log.firstResult('one', 'a')).toBeNull();
  expect(await theirs.load()).toMatchObject({ state: 'closed', rev: 2 });
});

test('a process that is behind refuses no event that folds onto the head of the log', async () => {
  const { mine, theirs } = processes();
  await mine.send('Closed');
  await theirs.send('Opened');
  expect(await mine.append('a')).toMatchObject({ status: 'ok', rev: 3 });
  expect(await mine.load()).toMatchObject({ state: 'open', rev: 3 });
});

test('a repeat gets its first result, and guards refuse with their own code, before that is said', async () => {
  const { mine } = processes();
  await mine.send('Opened');
  const first = await mine.append('a', [whileOpen]);
  await mine.send('Closed');
  expect(await mine.append('a', [whileOpen])).toMatchObject({ status: 'dup', rev: 2 });
  expect(await mine.append('b', [whileOpen])).toEqual({ status: 'refused', code: 'too_late' });
  expect(first).toMatchObject({ status: 'ok', rev: 2 });
});

test('a stream that is none is told as that', async () => {
  const { mine } = processes();
  expect(await mine.append('a')).toEqual({ status: 'refused', code: 'stream_missing' });
});
