import { expect, test } from 'vitest';
import { type GroupLook, overall, silenceOf } from '../../server/operate/groups.ts';
import { engineLimits } from '../../streams/parts.ts';

const look = (feed: string, heardMs: number | null): GroupLook => ({
  ...{ feed, group: 'writer', length: 3, lag: 1, pending: 0, oldestMs: null },
  ...{ consumers: heardMs === null ? [] : ['a:writer'], heardMs, paused: null },
});

test('a group is silent when nobody in it has been heard of, wherever it reads', () => {
  const most = 2 * engineLimits.leaseMs;
  for (const [heard, silence] of [
    [[null], 'no process works for writer'],
    [[most], null],
    [[most + 1], 'no process has worked for writer for 10 s'],
    // Whoever is busy in one partition has no slot left to read in another.
    [[90_000, 1_000, null], null],
    [[90_000, 60_000], 'no process has worked for writer for 60 s'],
  ] as const) {
    const [one] = overall(heard.map((heardMs, at) => look(`{p0${at}}:game:feed`, heardMs)));
    if (one === undefined) throw new Error('there is no group');
    expect([heard, silenceOf(one)]).toEqual([heard, silence]);
  }
});
