// What a process does again and again, and what has so much time: each ends as it is told to.

import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { untilDone } from '../../streams/consume/keep-trying.ts';
import { backoffMs, repeat, withDeadline } from '../../streams/parts.ts';
import { asFault, backAfterMs } from '../../streams/valkey/connection.ts';

/** Notes how long each wait would be, and does not wait. */
function waits() {
  const noted: number[] = [];
  return { noted, wait: async (ms: number) => void noted.push(ms) };
}

test('each turn says how long to wait before the next one, and which is the last', async () => {
  const { noted, wait } = waits();
  const rests = [20, 0, 30, null];
  let turns = 0;
  await repeat(new AbortController().signal, async () => rests[turns++] ?? null, { firstMs: 10, wait });
  expect([turns, noted]).toEqual([4, [10, 20, 30]]);
});

test('without a first wait the first turn is taken at once', async () => {
  const { noted, wait } = waits();
  await repeat(new AbortController().signal, async () => null, { wait });
  expect(noted).toEqual([]);
});

test('an abort ends a wait at once, without a failure, and no turn follows', async () => {
  const stop = new AbortController();
  let turns = 0;
  const repeating = repeat(stop.signal, async () => {
    turns += 1;
    return 60_000;
  });
  await sleep(1);
  stop.abort(new Error('enough'));
  await repeating;
  expect(turns).toBe(1);
  await repeat(stop.signal, async () => Promise.reject(new Error('a turn after the abort')));
});

test('a turn that runs when the abort comes is the last, and is not cut short', async () => {
  const stop = new AbortController();
  const done: string[] = [];
  await repeat(stop.signal, async () => {
    stop.abort();
    await sleep(1);
    done.push('all of it');
    return 0;
  });
  expect(done).toEqual(['all of it']);
});

test('what a turn or a wait fails with ends the loop', async () => {
  const { signal } = new AbortController();
  const bug = new TypeError('a bug');
  await expect(repeat(signal, () => Promise.reject(bug))).rejects.toBe(bug);
  const wait = () => Promise.reject(bug);
  await expect(repeat(signal, async () => null, { firstMs: 1, wait })).rejects.toBe(bug);
});

const lost = () => asFault(new Error('connect ECONNREFUSED'));

test('work is done once, after losses in a row, and nothing else is tried again', async () => {
  const { signal } = new AbortController();
  const losses: number[] = [];
  let tries = 0;
  const work = async () => {
    tries += 1;
    if (tries < 3) throw lost();
    return 'done';
  };
  const onLoss = (_error: unknown, inARow: number) => losses.push(inARow);
  expect(await untilDone(work, { signal, chance: () => 0, onLoss })).toBe('done');
  expect(losses).toEqual([1, 2]);
  const bug = new TypeError('a bug');
  await expect(untilDone(() => Promise.reject(bug), { signal, chance: () => 0 })).rejects.toBe(bug);
  let others = 0;
  const other = async () => (others++ === 0 ? Promise.reject(bug) : 'done');
  const isLoss = (error: unknown) => error === bug;
  expect(await untilDone(other, { signal, chance: () => 0, isLoss })).toBe('done');
});

test('work that waits for a store that stays away ends at once with the reason of the abort', async () => {
  const stop = new AbortController();
  const waiting = untilDone(() => Promise.reject(lost()), { signal: stop.signal, chance: () => 1 });
  await sleep(1);
  stop.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
});

test('a deadline wins over work that does not listen, and so does an abort', async () => {
  const never = () => new Promise<never>(() => undefined);
  const reason = () => new Error('too late');
  const { signal } = new AbortController();
  await expect(withDeadline(1, signal, reason, never)).rejects.toThrow('too late');
  const stop = new AbortController();
  const waiting = withDeadline(60_000, stop.signal, reason, never);
  stop.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  expect(await withDeadline(60_000, signal, reason, async () => 'in time')).toBe('in time');
});

test('a connection comes back sooner than work is tried again: from 20 ms on, and within a second', () => {
  for (const [times, ceiling] of [
    [1, 40],
    [2, 80],
    [5, 640],
    [6, 1_000],
    [1_000, 1_000],
  ] as const) {
    for (let i = 0; i < 50; i++) {
      const ms = backAfterMs(times);
      expect(ms).toBeGreaterThanOrEqual(ceiling / 2);
      expect(ms).toBeLessThanOrEqual(ceiling);
    }
  }
  expect(backoffMs(3, 1, { baseMs: 40, maxMs: 1_000 })).toBe(160);
});
