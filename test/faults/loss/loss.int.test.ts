// A round of the faults that tell settings apart: the safe one loses nothing, and another one does, or the
// measurement would see nothing. `npm run loss` plays a hundred of each.

import { expect, test } from 'vitest';
import { playRound } from './rounds.ts';
import { type Fault, settings } from './settings.ts';

const [always, replicated, unconfirmed] = settings;
const never = settings.at(-1);

async function play(fault: Fault, setting: (typeof settings)[number] | undefined) {
  if (setting === undefined) throw new Error('no such setting');
  const round = await playRound(fault, setting);
  expect(round.acknowledged).toBeGreaterThan(0);
  expect(round.doubled).toBe(0);
  return round.lost;
}

test('what is acknowledged with appendfsync always outlives a power cut; without any sync it does not', async () => {
  expect(await play('power', always)).toBe(0);
  expect(await play('power', never)).toBeGreaterThan(0);
});

test('what is acknowledged with a replica outlives a failover whose link was cut; unconfirmed it does not', async () => {
  expect(await play('cutLink', replicated)).toBe(0);
  expect(await play('cutLink', unconfirmed)).toBeGreaterThan(0);
});

test('what is acknowledged outlives the process that sent it', async () => {
  expect(await play('process', always)).toBe(0);
});
