// How long to wait before another try.

import { expect, test } from 'vitest';
import { backoffMs, pause } from '../../streams/consume/backoff.ts';
import { limits } from '../../streams/contract/limits.ts';

const { retryBaseMs, retryMaxMs } = limits;

test('each try waits twice as long as the one before, up to a bound and no longer, however many there are', () => {
  expect([1, 2, 3, 4].map((tries) => backoffMs(tries, 1))).toEqual(
    [1, 2, 4, 8].map((times) => times * retryBaseMs),
  );
  for (const tries of [7, 10, 100, 10_000, Number.MAX_SAFE_INTEGER])
    expect(backoffMs(tries, 1)).toBe(retryMaxMs);
});

test('chance spreads the tries over half of the wait, so that not all come back at once', () => {
  for (const tries of [1, 5, 100]) {
    const whole = backoffMs(tries, 1);
    expect(backoffMs(tries, 0)).toBe(whole / 2);
    expect(backoffMs(tries, 0.5)).toBe(whole * 0.75);
  }
});

test('an abort ends a pause at once, with its reason', async () => {
  const stop = new AbortController();
  const paused = pause(60_000, stop.signal);
  stop.abort(new Error('enough'));
  await expect(paused).rejects.toThrow('enough');
  await expect(pause(60_000, stop.signal)).rejects.toThrow('enough');
});
