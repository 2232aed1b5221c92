// A loop waits out the loss of its store for ever, and a bug not at all: it ends, its process with it, and
// whoever supervises that starts it again.

import type { Redis } from 'iovalkey';
import { expect, test } from 'vitest';
import { createGameKeys } from '../../server/stores/keys.ts';
import { gameStream } from '../../server/wiring/game-stream.ts';
import { keepTrying } from '../../streams/consume/keep-trying.ts';
import { createTail } from '../../streams/consume/tail.ts';
import { fireTimers } from '../../streams/consume/timers.ts';
import { Fault, isAway } from '../../streams/contract/fault.ts';
import { asFault, type Valkey } from '../../streams/valkey/connection.ts';
import { blockingReader, pausing } from '../../streams/valkey/stream-reader.ts';

const [keys] = createGameKeys().partitions;
if (keys === undefined) throw new Error('no partition');

/** A connection that is ready and answers as told. */
const connectionOf = (answers: object) =>
  ({ status: 'ready', disconnect: () => undefined, ...answers }) as unknown as Valkey;
const oneRing = [[keys.feed, [['1-0', ['room', 'AAAAAA']]]]];
const tailOn = (commands: Valkey) =>
  createTail({
    definition: gameStream,
    commands,
    reader: blockingReader(commands as Redis),
    keys,
    chance: () => 0,
  });
const away = () => Promise.reject(new Error('connect ECONNREFUSED'));

test('a tail ends with the bug of whoever it told', async () => {
  const blocking = connectionOf({ xrevrange: async () => [], call: async () => oneRing });
  const following = tailOn(blocking).follow(() => {
    throw new TypeError('a bug of the hub');
  }, AbortSignal.timeout(5_000));
  await expect(following).rejects.toThrow('a bug of the hub');
});

test('a tail waits out the loss of its store', async () => {
  let calls = 0;
  const stop = new AbortController();
  const call = () => (++calls < 3 ? away() : Promise.resolve(oneRing));
  const blocking = connectionOf({ xrevrange: async () => [], call });
  await tailOn(blocking).follow(() => stop.abort(), stop.signal);
  expect(calls).toBe(3);
});

test('a tail that lost its store on the way in follows both streams all the same', async () => {
  const stop = new AbortController();
  const followed: unknown[] = [];
  let looks = 0;
  const xrevrange = () => (++looks === 2 ? away() : Promise.resolve([]));
  const call = (...words: unknown[]) => {
    followed.push(...words.filter((word) => word === keys.feed || word === keys.hints));
    return Promise.resolve(oneRing);
  };
  await tailOn(connectionOf({ xrevrange, call })).follow(() => stop.abort(), stop.signal);
  expect(followed).toEqual([keys.feed, keys.hints]);
});

test('a loop counts losses in a row, which a turn that went well ends', async () => {
  const stop = new AbortController();
  const losses: number[] = [];
  let turns = 0;
  await keepTrying(
    async (well) => {
      turns += 1;
      if (turns === 3) well();
      if (turns === 4) return stop.abort();
      throw asFault(new Error('connect ECONNREFUSED'));
    },
    { signal: stop.signal, chance: () => 0, onLoss: (_, inARow) => losses.push(inARow) },
  );
  expect(losses).toEqual([1, 2, 1]);
});

test.each([
  'NOGROUP No such key',
  'BUSY Valkey is busy running a script',
  'LOADING Valkey is loading the dataset in memory',
  'ERR max number of clients reached',
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
  const following = tailOn(blocking).follow(() => undefined, AbortSignal.timeout(5_000));
  await expect(following).rejects.toMatchObject({ code: 'store_failed' });
});

test('timers end with a reply that nobody can read', async () => {
  const connection = connectionOf({ fcall: async () => 'nonsense' });
  const ringing = fireTimers(connection, keys, {
    idField: 'room',
    idle: pausing(10),
    signal: AbortSignal.timeout(5_000),
    chance: () => 0,
  });
  await expect(ringing).rejects.not.toBeInstanceOf(Fault);
});
