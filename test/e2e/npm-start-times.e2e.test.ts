// How long a start and an end take. It runs after all other tests, alone on the machine.

import { expect, test } from 'vitest';
import { loadingMs, lookMs, survivors, useStarts } from '../support/npm-start.ts';

const { start } = useStarts();

test('ends everything within five seconds of SIGTERM, and a second start is ready within three', async () => {
  const first = start();
  await first.ready();
  const family = first.family();
  expect([...family.values()].some((args) => args.includes('valkey-server'))).toBe(true);
  const stoppedAt = performance.now();
  first.signal('SIGTERM');
  await first.ended;
  await expect.poll(() => survivors(family), { timeout: 5_000, interval: lookMs }).toEqual([]);
  const stopMs = performance.now() - stoppedAt;
  const second = start();
  const readyMs = await second.ready();
  // What bundles for the next start does not stay, nor a process that waits for another.
  const programs = [
    /up/,
    /arena\.m?[jt]s serve/,
    /arena\.m?[jt]s agents/,
    /valkey-server \d/,
    /^sh .*keeper/,
  ];
  await expect.poll(() => [...second.family().values()], { interval: lookMs }).toHaveLength(programs.length);
  for (const program of programs)
    expect([...second.family().values()].some((args) => program.test(args))).toBe(true);
  second.signal('SIGTERM');
  await second.ended;
  const leastMs = await loadingMs();
  console.log(
    `stopped in ${Math.round(stopMs)} ms, second start ready in ${Math.round(readyMs)} ms, ` +
      `of which this machine takes ${Math.round(leastMs)} to load npm and the programs`,
  );
  expect(stopMs).toBeLessThan(5_000);
  expect(readyMs).toBeLessThan(3_000);
});
