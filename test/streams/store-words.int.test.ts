// What a program is told when its store is not there, not yet open, or was closed: in our words, which say
// whether a command may have been done. The driver's sentences stay the cause.

import { once } from 'node:events';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { createEngine, defineStream, type Fault, openStore, type Store } from '../../streams/engine.ts';
import { newTraceparent, openStream, runAgent, runProjector } from '../../streams/parts.ts';
import { storeForAll } from '../support/store-for-all.ts';
import { startTestValkey } from '../support/valkey.ts';

const each = storeForAll();

const notes = defineStream({
  name: 'notes',
  events: { Written: z.object({}) },
  initial: 0,
  decide: (_write: 'write', _count: number) => ({ events: [{ type: 'Written', data: {} } as const] }),
  evolve: (count: number) => count + 1,
});
const engineOf = (of: Store = each.store) => createEngine({ store: of, streams: [notes] });
const driver = /enableOfflineQueue|maxRetriesPerRequest|Connection is closed/;

const faultOf = async (work: Promise<unknown>): Promise<Fault> => {
  const fault = (await work.catch((error: unknown) => error)) as Fault;
  expect(fault).toMatchObject({ code: 'unavailable', retryable: true });
  expect(fault.message).not.toMatch(driver);
  expect(String(fault.cause)).toMatch(driver);
  return fault;
};

test('a command before ready says that the connection is not open, and what to await', async () => {
  const engine = engineOf();
  const { message } = await faultOf(engine.stream(notes).handle('a', 'write'));
  expect(message).toContain('not open, so nothing was sent: await engine.ready(signal)');
  engine.close();
});

test('a command on a connection that this program closed says so', async () => {
  const opened = openStream(each.store, notes, { name: 'closed' });
  await opened.ready(AbortSignal.timeout(10_000));
  const ended = once(opened.commands, 'end');
  opened.close();
  const write = () =>
    opened.handler.handle('a', () => 'write', { by: 'test', traceparent: newTraceparent() });
  const { message } = await faultOf(write());
  expect(message).toContain('before the first command, and send none after engine.close()');
  await ended;
  const later = await faultOf(write());
  expect(later.message).toContain('this program has closed its connection to the store');
});

test('a command whose store dies says that it may have been done', async () => {
  const other = await startTestValkey();
  const its = await openStore(other.url, AbortSignal.timeout(10_000));
  const engine = engineOf(its);
  await engine.ready(AbortSignal.timeout(10_000));
  const stream = engine.stream(notes);
  await stream.handle('a', 'write');
  process.kill(other.pid(), 'SIGSTOP');
  const fault = faultOf(stream.handle('a', 'write'));
  await other.kill();
  expect((await fault).message).toContain('it may have been done: send it again under the same key');
  engine.close();
  its.close();
  await other.stop();
});

test('a wrong password and a missing one are told of in our words, and the store is waited for', async () => {
  const guarded = await startTestValkey([], 'right');
  const told: unknown[] = [];
  const stop = new AbortController();
  for (const user of ['x:wrong@', '']) {
    const url = `redis://${user}127.0.0.1:${guarded.port}`;
    openStore(url, stop.signal, (_what, { error }) => void told.push(error)).catch(() => undefined);
    await expect.poll(() => told.length).toBe(user === '' ? 2 : 1);
  }
  expect(told[0]).toContain('wrong user or password in the URL of the store');
  expect(told[1]).toContain('the store wants a password: write it into its URL');
  stop.abort(new Error('enough'));
  await guarded.stop();
});

test('an agent that is stopped before anything was written tells of no store that is away', async () => {
  const opened = openStream(each.store, { ...notes, name: 'unbegun' }, { name: 'unbegun' });
  await opened.ready(AbortSignal.timeout(10_000));
  const told: unknown[] = [];
  const report = (...what: unknown[]) => void told.push(what);
  const options = { consumer: 'one', by: 'work', concurrency: 1, handlerMsMax: 1_000, report };
  const work = {
    group: 'work',
    wakes: new Set(['Written'] as const),
    timers: false,
    handle: async () => undefined,
  };
  await runAgent(opened, work, options, AbortSignal.abort(new Error('stopped')));
  const projector = { group: 'page', work: async () => undefined };
  await runProjector(opened, projector, options, AbortSignal.abort(new Error('stopped')));
  expect(told).toEqual([]);
  opened.close();
});
