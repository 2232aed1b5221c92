// A loop waits out the loss of its store for ever, and a bug not at all: it ends, its process with it, and
// whoever supervises that starts it again.

import { expect, test } from 'vitest';
import { Fault, isAway } from '../../core/ports.ts';
import { ringAlarms } from '../../streams/alarms.ts';
import { asFault, type Valkey } from '../../streams/connection.ts';
import { createKeys } from '../../streams/keys.ts';
import { createTail } from '../../streams/tail.ts';

const [keys] = createKeys().partitions;
if (keys === undefined) throw new Error('no partition');

/** A connection that is ready and answers as told. */
const connectionOf = (answers: object) =>
  ({ status: 'ready', disconnect: () => undefined, ...answers }) as unknown as Valkey;
const oneRing = [[keys.feed, [['1-0', ['room', 'AAAAAA']]]]];
const away = () => Promise.reject(new Error('connect ECONNREFUSED'));

test('a tail ends with the bug of whoever it told', async () => {
  const blocking = connectionOf({ xrevrange: async () => [], call: async () => oneRing });
  const following = createTail(blocking, keys, () => 0).follow(() => {
    throw new TypeError('a bug of the hub');
  }, AbortSignal.timeout(5_000));
  await expect(following).rejects.toThrow('a bug of the hub');
});

test('a tail waits out the loss of its store', async () => {
  let calls = 0;
  const stop = new AbortController();
  const call = () => (++calls < 3 ? away() : Promise.resolve(oneRing));
  const blocking = connectionOf({ xrevrange: async () => [], call });
  await createTail(blocking, keys, () => 0).follow(() => stop.abort(), stop.signal);
  expect(calls).toBe(3);
});

test.each([
  'NOGROUP No such key',
  'BUSY Valkey is busy running a script',
  'LOADING Valkey is loading the dataset in memory',
])('a server that says "%s" will say something else soon', (message) => {
  expect(isAway(asFault(new Error(message)))).toBe(true);
});

test.each(['WRONGTYPE Operation against a key', 'NOPERM this user', 'WRONGPASS invalid', 'ERR syntax error'])(
  'a server that says "%s" will say so for ever',
  (message) => {
    expect(isAway(asFault(new Error(message)))).toBe(false);
  },
);

test('a store that refuses ends a tail, though it is a fault', async () => {
  const call = () => Promise.reject(new Error('WRONGTYPE Operation against a key'));
  const blocking = connectionOf({ xrevrange: async () => [], call });
  const following = createTail(blocking, keys, () => 0).follow(() => undefined, AbortSignal.timeout(5_000));
  await expect(following).rejects.toMatchObject({ code: 'store_failed' });
});

test('alarms end with a reply that nobody can read', async () => {
  const connection = connectionOf({ fcall: async () => 'nonsense' });
  const ringing = ringAlarms(connection, keys, { signal: AbortSignal.timeout(5_000), chance: () => 0 });
  await expect(ringing).rejects.not.toBeInstanceOf(Fault);
});
