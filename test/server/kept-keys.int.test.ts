// How long each key lives. What a room is made of lives as long as the room: an idempotency key that were
// forgotten before would let a late requeue do everything again.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RoomCode } from '../../core/ids.ts';
import { operatorOn } from '../../server/operate/operator.ts';
import { retractRound } from '../../server/operate/retract.ts';
import { createGameKeys } from '../../server/stores/keys.ts';
import { createLedger } from '../../server/stores/ledger.ts';
import { gameStream } from '../../server/wiring/game-stream.ts';
import { readAfter } from '../../streams/handle/follow.ts';
import { createEventLog } from '../../streams/log/event-log.ts';
import type { Valkey } from '../../streams/valkey/connection.ts';
import { plantLetter } from '../support/dead-letter.ts';
import { gameOn } from '../support/game-on.ts';
import { type Serving, startServing } from '../support/serving.ts';
import { connectTo } from '../support/valkey.ts';

/** Every family of keys there is: `kept` never expires, the others must. */
const families: readonly (readonly [family: RegExp, life: 'kept' | 'expires'])[] = [
  [/^game:(events|meta|done|tokens|docs):ROOM$/, 'kept'],
  [/^game:presence:ROOM$/, 'expires'],
  [/^game:(state|leaderboard):ROOM$/, 'kept'],
  [/^game:round:ROOM:\d+$/, 'kept'],
  [/^agent:(researcher:output|writer:draft|editor:review):ROOM$/, 'kept'],
  [
    /^game:(feed|answers|timers|timer-names|attempts|dead|operations|rooms|mark|probe|pepper|unentered|figures|paused|kind)$/,
    'kept',
  ],
  [/^game:history:ID$/, 'kept'],
  [/^game:boards(:revisions|:games|:rows)?$/, 'kept'],
  [/^game:boards:DAY$/, 'expires'],
  [/^game:(spent|wish):DAY$/, 'expires'],
  [/^memory:question:(ID)?$/, 'kept'],
  [/^memory:(rooms|retracted|index:[\w.:-]+)$/, 'kept'],
];

const familyOf = (key: string, room: string): string =>
  key
    .replace(room, 'ROOM')
    .replace(/\b[0-9A-HJKMNP-TV-Z]{26}\b/, 'ID')
    .replace(/\d{4}-\d\d-\d\d$/, 'DAY');

const livesOf = (family: string) => families.flatMap(([known, life]) => (known.test(family) ? [life] : []));

let arena: Serving;
let commands: Valkey;
let room: string;
const keys = createGameKeys();

beforeAll(async () => {
  arena = await startServing();
  commands = await connectTo(arena.valkey.url);
  const made = await arena.makeRoom({ rounds: 2, seconds: 5 });
  room = made.room;
  const host = arena.client({ room, role: 'host', token: made.hostToken });
  const ada = arena.client({ room, name: 'Ada', choose: () => 'FACT' });
  for (const client of [host, ada]) await client.connect();
  await host.request('start', { after: null });
  await ada.until(() => ada.frame('GAME_OVER') !== undefined);
  const { roundId } = ada.frame('NEW_QUESTION')?.d ?? {};
  await retractRound(operatorOn(gameOn(commands), 'test'), {
    room: RoomCode.parse(room),
    round: roundId,
    reason: 'not so',
  });
  await plantLetter(commands, { room, fingerprint: 'f1', message: 'unwell' });
  await createLedger(commands, keys).add({ inputTokens: 1, usd: 1 });
});
afterAll(async () => {
  commands.disconnect();
  await arena.stop();
});

/** Names in whatever holds names, made with a sample where they are made from something. */
function namesIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'function') return [value('2026-11-24')];
  if (typeof value !== 'object' || value === null) return [];
  // What names begin with is none.
  return Object.entries(value).flatMap(([field, part]) => (field === 'tag' ? [] : namesIn(part)));
}

describe('a key', () => {
  test('is of a family whose life was decided, each that this program has a name for', () => {
    const { partitions: _same, of, partitionOf: _its, document: _any, ...rest } = keys;
    const code = RoomCode.parse('ABCDEF');
    const names = [...namesIn(of(code)), ...namesIn({ ...rest })];
    expect(names.length).toBeGreaterThan(20);
    const undecided = names
      .map((name) => familyOf(name, code).replace(/^(game:history:)DAY$/, '$1ID'))
      .filter((family) => livesOf(family).length !== 1);
    expect(undecided).toEqual([]);
  });

  test('that is to stay has no end, and one that is to go has', async () => {
    // Documents and memory follow the log.
    const expected = ['memory:retracted', `game:leaderboard:${room}`, 'game:boards', 'game:operations'];
    for (const key of expected) await expect.poll(() => commands.exists(key), { message: key }).toBe(1);
    const seen = new Set<string>();
    const wrong: string[] = [];
    for (const key of await commands.keys('*')) {
      const family = familyOf(key, room);
      const [life] = livesOf(family);
      const ms = await commands.pttl(key);
      // One that expired in between is none that stays.
      const holds = life === 'kept' ? ms === -1 : life === 'expires' && ms > 0;
      if (!holds) wrong.push(`${family} ${life}: ${ms} ms`);
      for (const [known] of families) if (known.test(family)) seen.add(String(known));
    }
    expect(wrong).toEqual([]);
    expect(families.map(([known]) => String(known)).filter((known) => !seen.has(known))).toEqual([]);
  });

  test('of something that was done is there for each event that was written under one', async () => {
    const log = await readAfter(createEventLog(commands, keys, gameStream), RoomCode.parse(room), 0);
    const written = new Set(log.flatMap(({ key }) => (key === null ? [] : [key])));
    expect(written.size).toBeGreaterThan(10);
    const done = await commands.hkeys(keys.of(RoomCode.parse(room)).done);
    expect([...written].filter((key) => !done.includes(key))).toEqual([]);
    expect(await commands.xlen(keys.of(RoomCode.parse(room)).log)).toBe(log.at(-1)?.rev);
  });
});
