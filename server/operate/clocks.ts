// Do the primaries of a cluster agree on the time? A room's moments are its primary's, and what players see
// counts down by the clock of one of them.

import type { ValkeyNode } from '../../streams/parts.ts';
import { bad, type Finding, good } from './finding.ts';

// A countdown that is off by more is seen, and by as much answers come too early or too late.
const apartMsMax = 250;

/** By how many ms a server's clock is ahead of this machine's, give or take half of the round trip. */
async function aheadMs(primary: ValkeyNode): Promise<number> {
  const sentAt = Date.now();
  const [seconds, micros] = await primary.time();
  const theirs = Number(seconds) * 1_000 + Number(micros) / 1_000;
  return theirs - (sentAt + Date.now()) / 2;
}

/** `aheads`: of each server, in ms. */
export function judgeClocks(aheads: readonly number[]): Finding {
  const apart = Math.round(Math.max(...aheads) - Math.min(...aheads));
  return apart <= apartMsMax
    ? good(`the clocks of the primaries agree within ${apartMsMax} ms`)
    : bad(
        `the clocks of the primaries are ${apart} ms apart: countdowns of some rooms are off by as much`,
        'Let all of them follow one time server.',
      );
}

/** Those that do not answer are left out; they are told of elsewhere. Nothing is said of none. */
export async function clocksOf(primaries: readonly ValkeyNode[]): Promise<Finding[]> {
  const told = await Promise.allSettled(primaries.map(aheadMs));
  const aheads = told.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  return aheads.length === 0 ? [] : [judgeClocks(aheads)];
}
