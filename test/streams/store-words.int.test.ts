// What a program is told when its store is not there, not yet open, or was closed: in our words, which say
// whether a command may have been done. The driver's sentences stay the cause.

import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { createEngine, defineStream, type Fault, openStore, type Store } from '../../streams/engine.ts';
import { startTestValkey, type TestValkey } from '../support/valkey.ts';

let valkey: TestValkey;
let store: Store;
beforeAll(async () => {
  valkey = await startTestValkey();
  store = await openStore(valkey.url, AbortSignal.timeout(10_000));
});
afterAll(async () => {
  store.close();
  await valkey.stop();
});

const notes = defineStream({
  name: 'notes',
  events: { Written: z.object({}) },
  initial: 0,
  decide: (_write: 'write', _count: number) => ({ events: [{ type: 'Written', data: {} } as const] }),
  evolve: (count: number) => count + 1,
});
const engineOf = (of: Store = store) => createEngine({ store: of, streams: [notes] });
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

test('a command after close says that this program closed it', async () => {
  const engine = engineOf();
  await engine.ready(AbortSignal.timeout(10_000));
  engine.close();
  const stream = engine.stream(notes);
  const ended = once(stream.opened.commands, 'end');
  const { message } = await faultOf(stream.handle('a', 'write'));
  expect(message).toContain(
    'so nothing was sent: await engine.ready(signal) before the first command, and send',
  );
  await ended;
  const later = await faultOf(stream.handle('a', 'write'));
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
