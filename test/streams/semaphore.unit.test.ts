import { expect, test } from 'vitest';
import { createSemaphore } from '../../streams/consume/semaphore.ts';

const never = new AbortController().signal;

test('a reader that is alone takes all permits that are free, at most as many as it wants', async () => {
  const permits = createSemaphore(3);
  expect(await permits.take(2, never)).toBe(2);
  expect(await permits.take(16, never)).toBe(1);
});

test('those who wait take one each, in the order in which they came', async () => {
  const permits = createSemaphore(2);
  await permits.take(2, never);
  const order: string[] = [];
  const wait = async (name: string) => order.push(`${name} ${await permits.take(16, never)}`);
  const waiting = ['first', 'second', 'third'].map(wait);
  permits.give(2);
  await Promise.all(waiting.slice(0, 2));
  expect(order).toEqual(['first 1', 'second 1']);
  permits.give(1);
  await Promise.all(waiting);
  expect(order.at(-1)).toBe('third 1');
});

test('work that cannot wait takes a slot beyond the last, and the next one waits until all are given back', async () => {
  const permits = createSemaphore(1);
  const done = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const held = done.map(({ promise }) => permits.hold(promise));
  let taken = 0;
  const waiting = permits.take(16, never).then((count) => {
    taken = count;
  });
  done[0]?.resolve();
  await held[0];
  expect(taken).toBe(0);
  done[1]?.resolve();
  await Promise.all([held[1], waiting]);
  expect(taken).toBe(1);
});

test('an abort ends the wait, and leaves the permits to others', async () => {
  const permits = createSemaphore(1);
  await permits.take(1, never);
  const stop = new AbortController();
  const waiting = permits.take(1, stop.signal);
  stop.abort();
  expect(await waiting).toBe(0);
  expect(await permits.take(1, stop.signal)).toBe(0);
  permits.give(1);
  expect(await permits.take(1, never)).toBe(1);
});
