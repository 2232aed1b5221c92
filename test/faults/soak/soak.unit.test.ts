// What a soak is judged by: series that grow, keys that are left, and their names.

import { expect, test } from 'vitest';
import { familyOfKey, ofRooms } from './census.ts';
import { type Point, trendOf } from './flat.ts';
import { type Soaked, verdictOf } from './report.ts';
import { nameOf } from './samples.ts';

const minutes = 30;
const series = (of: (minute: number) => number): Point[] =>
  Array.from({ length: minutes * 12 }, (_, index) => ({ minute: index / 12, value: of(index / 12) }));

test('a series is flat whose last five minutes are as the five behind the start', () => {
  const wave = series((minute) => 100 + 10 * Math.sin(minute) + (minute < 4 ? 80 : 0));
  expect(trendOf('wave', wave, minutes)?.growth).toBeCloseTo(0, 1);
  const slow = trendOf(
    'slow',
    series((minute) => 100 + minute),
    minutes,
  );
  expect(slow?.growth).toBeCloseTo(20 / 107.5, 2);
  expect(slow?.slope).toBeCloseTo(25 / 105, 2);
  expect(trendOf('short', wave.slice(0, 12 * 14), minutes)).toBe(null);
});

test('ids are left out of the names of keys', () => {
  const named = (key: string) => expect(familyOfKey(key));
  named('game:events:XJKZNM').toBe('game:events:*');
  named('game:round:XJKZNM:12').toBe('game:round:*:*');
  named('game:history:01JDXR5N6Y6B5W3C6Z9K4V0T1M').toBe('game:history:*');
  named('game:boards:2026-11-30').toBe('game:boards:*');
  named('memory:question:01JDXR5N6Y6B5W3C6Z9K4V0T1M').toBe('memory:question:*');
  named('memory:index:hashed384_v1_111956aa').toBe('memory:index:*');
  named('agent:editor:review:XJKZNM').toBe('agent:editor:review:*');
  named('game:answers').toBe('game:answers');
  expect(
    ofRooms({
      'game:meta:*': { keys: 1, bytes: 1, things: 1 },
      'game:boards': { keys: 1, bytes: 1, things: 1 },
    }),
  ).toEqual(['game:meta:*']);
});

test('processes are told by their command lines', () => {
  const names = [
    '/d/valkey/usr/bin/valkey-server 127.0.0.1:38093',
    'sh /r/server/setup/valkey-keeper.sh /d/lib /d/valkey-server /d/valkey.conf',
    '/n/node /r/server/cli/arena.ts serve',
    '/n/node --max-semi-space-size=2 /r/server/cli/arena.ts agents',
    '/n/node --max-semi-space-size=1 server/cli/up/choose.mjs',
    'npm start',
  ].map((args) => nameOf({ pid: 1, args }));
  expect(names).toEqual(['valkey-server', 'keeper of Valkey', 'server', 'agents', 'supervisor', 'npm']);
});

const held: Soaked = {
  options: { minutes, players: 500, rooms: 10, report: false },
  machine: {} as Soaked['machine'],
  tally: { joined: 500, answered: 1_900, over: 10, refused: { too_late: 1 } },
  series: new Map([['server, resident', series(() => 100)]]),
  changes: [],
  first: { heaps: new Map(), census: {} },
  last: { heaps: new Map(), census: {} },
  retired: 10,
  ending: {
    retired: 2,
    groups: [{ name: 'writer', lag: 0, pending: 0, consumers: 0 }],
    timers: 0,
    deadLetters: 0,
    census: {},
  },
};

test('a soak is held where nothing grew and nothing is left', () => {
  expect(verdictOf(held)).toEqual([]);
});

test.each<[string, Partial<Soaked>]>([
  [
    'server, resident grew by +20.0 %',
    { series: new Map([['server, resident', series((m) => (m > 20 ? 120 : 100))]]) },
  ],
  ['too short to tell whether memory is flat', { series: new Map() }],
  ['agents ended', { changes: ['agents ended'] }],
  [
    'writer is left with 0 unread, 1 pending, 2 consumers',
    { ending: { ...held.ending, groups: [{ name: 'writer', lag: 0, pending: 1, consumers: 2 }] } },
  ],
  ['3 timers are left', { ending: { ...held.ending, timers: 3 } }],
  ['1 dead letters', { ending: { ...held.ending, deadLetters: 1 } }],
  [
    '1 of game:done:* stay, and at most 0 may',
    { ending: { ...held.ending, census: { 'game:done:*': { keys: 1, bytes: 9, things: 1 } } } },
  ],
  ['2 answers were refused: internal', { tally: { ...held.tally, refused: { internal: 2 } } }],
  ['10 games were played, and 9 rooms left', { retired: 9 }],
])('told: %s', (problem, changed) => {
  expect(verdictOf({ ...held, ...changed })).toEqual([problem]);
});
