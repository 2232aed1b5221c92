// Several kinds of streams in one store, none of which the engine was written for: each has its own keys,
// groups and timers, and none sees the others.

import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineStream } from '../../streams/engine.ts';
import { keepStream, newTraceparent, openStream, readAfter, runAgent } from '../../streams/parts.ts';
import { storeForAll } from '../support/store-for-all.ts';

type Parcel = { readonly status: 'none' | 'packed' | 'sent' | 'lost'; readonly to: string };
type ParcelCommand =
  | { readonly type: 'pack'; readonly to: string }
  | { readonly type: 'send' }
  | { readonly type: 'giveUp' };

const parcels = defineStream({
  name: 'parcels',
  events: {
    Packed: z.object({ to: z.string() }),
    Sent: z.object({}),
    Lost: z.object({}),
    Scanned: z.object({}),
  },
  quiet: ['Scanned'],
  initial: { status: 'none', to: '' },
  decide(command: ParcelCommand, parcel: Parcel) {
    if (command.type === 'pack') {
      if (parcel.status !== 'none') return { rejected: 'packed_before' };
      return { key: 'pack', events: [{ type: 'Packed', data: { to: command.to } }] };
    }
    if (parcel.status !== 'packed') return { stale: true };
    if (command.type === 'giveUp') return { key: 'lost', events: [{ type: 'Lost', data: {} }] };
    return { key: 'send', events: [{ type: 'Sent', data: {} }] };
  },
  evolve(parcel: Parcel, event): Parcel {
    if (event.type === 'Packed') return { status: 'packed', to: event.data.to };
    if (event.type === 'Scanned') return parcel;
    return { ...parcel, status: event.type === 'Sent' ? 'sent' : 'lost' };
  },
  effects: ({ type }) => ({ meta: [], timers: type === 'Packed' ? [{ set: 'give-up', inMs: 50 }] : [] }),
});

const visits = defineStream({
  name: 'visits',
  events: { Came: z.object({ who: z.string() }) },
  initial: { count: 0 },
  decide: (who: string) => ({ events: [{ type: 'Came', data: { who } } as const] }),
  evolve: ({ count }: { readonly count: number }) => ({ count: count + 1 }),
});

const each = storeForAll();

const context = () => ({ by: 'test', traceparent: newTraceparent() });
const running = {
  consumer: 'one',
  report: () => undefined,
  by: 'test',
  concurrency: 4,
  handlerMsMax: 10_000,
};

/** Two kinds on connections that are ready. */
async function openBoth() {
  const opened = [
    openStream(each.store, parcels, { name: 'parcels' }),
    openStream(each.store, visits, { name: 'visits' }),
  ] as const;
  for (const { log } of opened) await expect.poll(() => log.now(null).catch(() => null)).not.toBeNull();
  return opened;
}

test('an agent of one kind hears of its own streams alone, and its timer gives up what nobody sent', async () => {
  const [post, door] = await openBoth();
  const stop = new AbortController();
  const heard: string[] = [];
  const agent = runAgent(
    post,
    {
      group: 'sender',
      wakes: new Set(['Packed'] as const),
      timers: true,
      async handle(task) {
        heard.push(task.timer === null ? `${task.stream} packed` : `${task.stream} ${task.timer.name}`);
        const { state } = await task.load();
        if (task.timer === null && state.to === 'nowhere') return;
        await task.submit(() => ({ type: task.timer === null ? 'send' : 'giveUp' }), { last: true });
      },
    },
    running,
    stop.signal,
  );
  const keeping = keepStream(post, { groups: ['sender'], report: () => undefined }, stop.signal);
  expect(await door.handler.handle('same-id', () => 'Ada', context())).toMatchObject({ status: 'done' });
  const pack = (id: string, to: string) => post.handler.handle(id, () => ({ type: 'pack', to }), context());
  expect(await pack('same-id', 'Oslo')).toMatchObject({ status: 'done' });
  expect(await pack('second', 'nowhere')).toMatchObject({ status: 'done' });
  expect(await pack('second', 'Rome')).toMatchObject({ status: 'rejected', code: 'packed_before' });
  const statusOf = async (id: string) => (await post.handler.load(id)).state.status;
  await expect.poll(() => statusOf('same-id')).toBe('sent');
  await expect.poll(() => statusOf('second')).toBe('lost');
  expect(new Set(heard)).toEqual(
    new Set(['same-id packed', 'second packed', 'second give-up', 'same-id give-up']),
  );
  stop.abort(new Error('the test is over'));
  await Promise.all([agent, keeping]);

  const types = async (id: string) =>
    (await readAfter(post.log, id, 0)).map(({ type, stream }) => [type, stream]);
  expect(await types('same-id')).toEqual([
    ['Packed', 'same-id'],
    ['Sent', 'same-id'],
  ]);
  expect((await door.handler.load('same-id')).state.count).toBe(1);
  const names: string[] = (await post.commands.keys('*')).sort();
  expect(names.filter((name) => !/^(parcels|visits):/.test(name))).toEqual([]);
  expect(names).toContain('parcels:events:same-id');
  expect(names).toContain('visits:events:same-id');
  post.close();
  door.close();
});

test('quiet events conflict with no decision, and a stream that exists is told from one that does not', async () => {
  const [post, door] = await openBoth();
  const scan = (id: string, key: string) =>
    post.handler.append(
      id,
      () => ({ key, guards: [], events: [{ type: 'Scanned', data: {} }], count: 'scans', note: key }),
      context(),
    );
  expect(await scan('third', 'a')).toEqual({ status: 'refused', code: 'stream_missing' });
  await post.handler.handle('third', () => ({ type: 'pack', to: 'Bern' }), context());
  const outcomes = await Promise.all(
    Array.from({ length: 50 }, (_, index) => scan('third', `scan:${index % 25}`)),
  );
  expect(outcomes.filter(({ status }) => status === 'ok')).toHaveLength(25);
  expect(outcomes.filter(({ status }) => status === 'dup')).toHaveLength(25);
  expect(await post.handler.handle('third', () => ({ type: 'send' }), context())).toMatchObject({
    status: 'done',
  });
  expect(await post.handler.load('third')).toMatchObject({ rev: 27, turn: 27, state: { status: 'sent' } });
  post.close();
  door.close();
});
