// How a client tries again: what it asks, and when it comes back.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { askUntil, comeBackMs } from '../../server/web/client/again.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('what is asked again rests in between, and ends with the reply that is the last', async () => {
  const replies = ['lost', 'lost', 'stored'];
  let asked = 0;
  const asking = askUntil(
    async () => replies[asked++],
    (reply) => reply === 'stored',
  );
  await vi.advanceTimersByTimeAsync(299);
  expect(asked).toBe(1);
  await vi.advanceTimersByTimeAsync(301);
  expect(asked).toBe(3);
  expect(await asking).toBe('stored');
});

test('tries are counted, for those who ask only so often', async () => {
  const asking = askUntil(
    async () => null,
    (_reply, tries) => tries >= 3,
  );
  await vi.advanceTimersByTimeAsync(600);
  expect(await asking).toBeNull();
});

test('a lost connection comes back at once, then with full jitter from half a second to eight', () => {
  expect([0, 1].map((chance) => comeBackMs(1, chance))).toEqual([50, 50]);
  expect([2, 3, 4, 5, 6, 100].map((tries) => comeBackMs(tries, 1))).toEqual([
    1_000, 2_000, 4_000, 8_000, 8_000, 8_000,
  ]);
  expect([2, 3, 100].map((tries) => comeBackMs(tries, 0))).toEqual([500, 500, 500]);
  expect(comeBackMs(5, 0.5)).toBe(4_000);
});
