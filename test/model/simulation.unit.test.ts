// Whole games from seeds, on clocks of their own. `npm run simulate` plays many more.

import { afterEach, describe, expect, test, vi } from 'vitest';
import { type Simulated, simulate } from './simulation/game.ts';

const games = Number(process.env['MODEL_GAMES'] ?? 50);
const firstSeed = Number(process.env['MODEL_SEED'] ?? 1);

afterEach(() => vi.restoreAllMocks());

/** Calls that the game, its agents or the engine make of what only this machine knows. */
function heedOutside(): string[] {
  const heard: string[] = [];
  const heed = (what: string) => {
    const by = new Error(what).stack?.split('\n').find((line) => /\/(core|agents|streams)\//.test(line));
    if (by !== undefined) heard.push(`${what} ${by.trim()}`);
  };
  const now = Date.now() + 10_000_000_000;
  vi.spyOn(Date, 'now').mockImplementation(() => {
    heed('Date.now');
    return now;
  });
  vi.spyOn(Math, 'random').mockImplementation(() => {
    heed('Math.random');
    return 0.25;
  });
  const { setTimeout: timeout, setInterval: interval } = globalThis;
  vi.spyOn(globalThis, 'setTimeout').mockImplementation(((...given: Parameters<typeof timeout>) => {
    heed('setTimeout');
    return timeout(...given);
  }) as typeof timeout);
  vi.spyOn(globalThis, 'setInterval').mockImplementation(((...given: Parameters<typeof interval>) => {
    heed('setInterval');
    return interval(...given);
  }) as typeof interval);
  return heard;
}

describe('a simulated game', () => {
  test('is sound, whichever process dies, stands still or hears no reply', async () => {
    const all: Simulated[] = [];
    for (let seed = firstSeed; seed < firstSeed + games; seed += 1) all.push(await simulate(seed));
    const wrong = all.filter(({ problems }) => problems.length > 0);
    expect(wrong.map(({ seed, problems }) => ({ seed, problems }))).toEqual([]);
    const deaths = all.reduce((sum, game) => sum + game.deaths, 0);
    // Games without trouble would prove little.
    expect(deaths).toBeGreaterThan(games / 2);
  }, 3_600_000);

  test('is the same to the letter whenever its seed is played, at another time and by other chance', async () => {
    const seeds = [3, 7, 12, 18, 26];
    const first = [];
    for (const seed of seeds) first.push((await simulate(seed, true)).trace);
    const heard = heedOutside();
    const again = [];
    for (const seed of seeds.toReversed()) again.unshift((await simulate(seed, true)).trace);
    vi.restoreAllMocks();
    expect(again).toEqual(first);
    expect(heard).toEqual([]);
    const hashes = new Set((await Promise.resolve(first)).map((trace) => trace.join('\n')));
    expect(hashes.size).toBe(seeds.length);
  }, 60_000);
});
