// What a host does by program, as often as tests need it, in a room that does not go on by itself: what is
// looked at then stays until the test goes on.

import { expect } from 'vitest';
import type { WireClient } from './wire-client.ts';

const questionsTold = ({ frames }: WireClient) =>
  frames.filter(({ t }) => t === 'NEW_QUESTION').map(({ d }) => d);

/** The id of a round of the first game, once it was asked. */
async function roundIdOf(host: WireClient, round: number): Promise<string> {
  await host.until(() => questionsTold(host).length >= round);
  return questionsTold(host)[round - 1].roundId;
}

const resultTold = (host: WireClient, round: number): Promise<void> =>
  host.until(() => host.frames.some(({ t, d }) => t === 'ROUND_RESULT' && d.round === round));

/** Closes a round, unless it has closed by itself, and waits for its result. */
export async function closeRound(host: WireClient, round: number): Promise<void> {
  await host.request('close', { roundId: await roundIdOf(host, round) });
  await resultTold(host, round);
}

/** Goes on after a round, as soon as it has its result. */
export async function goOnAfter(host: WireClient, round: number): Promise<void> {
  const roundId = await roundIdOf(host, round);
  // Before that it is not behind: to ask for the next one changes nothing, and is no error.
  await resultTold(host, round);
  await expect.poll(async () => (await host.request('next', { roundId })).err ?? null).toBeNull();
}
