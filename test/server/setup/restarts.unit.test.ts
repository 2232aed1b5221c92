// How soon what ended by itself is started again, and what its last words say about why it ended.

import { expect, test } from 'vitest';
import { reasonIn } from '../../../server/setup/last-words.ts';
import { createRestarts } from '../../../server/setup/restarts.ts';

test('each short life is followed by a longer rest, and a long life by a short one', () => {
  const restMs = createRestarts({ healthyMs: 30_000, chance: () => 1 });
  expect([0, 150, 150, 29_000, 40_000, 150].map(restMs)).toEqual([200, 400, 800, 1_600, 200, 400]);
});

test('what ends at once is started six times in ten seconds', () => {
  const restMs = createRestarts({ healthyMs: 30_000, chance: () => 0.5 });
  let starts = 0;
  for (let at = 0; at < 10_000; starts++) at += 100 + restMs(100);
  expect(starts).toBe(6);
});

const ended =
  "7:M 30 Nov 2026 08:20:26.339 # Can't recover from AOF write error when the AOF fsync policy is 'always'. Exiting...";

test.each([
  [
    `7:M 30 Nov 2026 08:20:26.338 # Error writing to the AOF file: No space left on device\n${ended}\n`,
    'Error writing to the AOF file: No space left on device',
  ],
  [`${ended}\n`, "Can't recover from AOF write error when the AOF fsync policy is 'always'. Exiting..."],
  ['sh: 1: valkey-server: not found\n', 'sh: 1: valkey-server: not found'],
  ['', ''],
])('of %j the reason is %j', (words, reason) => {
  expect(reasonIn(words)).toBe(reason);
});
