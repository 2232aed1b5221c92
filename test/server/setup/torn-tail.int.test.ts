// A file with commits of every shape, cut anywhere: each start finds whole calls and nothing else, and keeps
// what is acknowledged afterwards. AOF_CUTS says at how many places it is cut; 10000 take an hour.

import { expect, test } from 'vitest';
import { cutsOf, recordTail, tryCuts } from '../../support/torn/tail.ts';

const count = Number(process.env['AOF_CUTS'] ?? 30);
const atOnce = 3;

test(
  'wherever a file of commits of every shape is cut, both starts after that find what was acknowledged',
  async () => {
    const tail = await recordTail();
    const cuts = cutsOf(tail, count);
    expect(new Set(cuts).size).toBe(count);
    const failed = await tryCuts(tail, cuts, atOnce);
    const bytes = tail.bytes.length - (tail.ends[0] ?? 0);
    console.log(
      `cut at ${cuts.length} of the ${bytes} bytes of ${tail.shapes.length} calls, ${2 * cuts.length} restarts, ${failed.length} with something lost`,
    );
    expect(failed).toEqual([]);
  },
  12 * 3_600_000,
);
