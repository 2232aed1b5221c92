// What a room waits for, and what the doctor finds wrong, each made on purpose: an entry that somebody holds,
// one that failed, a timer, a dead letter; a room that is stuck, a group that is behind, functions, clocks.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { groups } from '../../core/game.ts';
import type { RoomCode } from '../../core/ids.ts';
import { examine } from '../../server/operate/doctor.ts';
import { type Operator, operatorOn } from '../../server/operate/operator.ts';
import { whyWaiting } from '../../server/operate/why.ts';
import { readAfter } from '../../streams/handle/follow.ts';
import { engineLibrary } from '../../streams/valkey/functions.ts';
import { plantLetter } from '../support/dead-letter.ts';
import { type Engine, pace, startEngine } from '../support/engine.ts';
import { gameOn } from '../support/game-on.ts';
import { aGameId } from '../support/histories.ts';
import { startTestValkey, type TestValkey } from '../support/valkey.ts';
import { openWorld } from '../support/world.ts';

const hourMs = 3_600_000;
let valkey: TestValkey;
let engine: Engine;
let operator: Operator;

beforeAll(async () => {
  valkey = await startTestValkey();
});
afterAll(() => valkey.stop());
beforeEach(async () => {
  engine = await startEngine(valkey.url);
  await engine.commands.flushall();
  operator = operatorOn(gameOn(engine.commands), 'test');
});
afterEach(() => engine.close());

/** A room that has asked for a claim; gives the timer that waits for it, and when it is due. */
async function startRound(): Promise<{ room: RoomCode; timer: string; dueAt: number }> {
  const room = await engine.createRoom();
  const starts = { type: 'startGame', after: null, game: aGameId() } as const;
  await engine.rooms.handle(room, () => starts, engine.context);
  // By this clock the first question is not due.
  const world = openWorld(0);
  await engine.rooms.handle(room, () => ({ type: 'advance', world }), engine.context);
  const started = (await readAfter(engine.log, room, 0)).find(({ type }) => type === 'START_ROUND');
  if (started === undefined) throw new Error('no round was started');
  return { room, timer: `stage|${started.cycleId}`, dueAt: started.at + pace.stageMs };
}

const ring = (room: RoomCode, timer: string, at: number) =>
  engine.commands.zadd(engine.partition.timers, at, `${room}|${timer}`);

const like = (text: string | RegExp) => expect.stringMatching(text);

describe('why', () => {
  test('names who holds an entry of the room, and of no other room', async () => {
    const [room, other] = [await engine.createRoom(), await engine.createRoom()];
    const [entry] = await engine.readAndDie('gone', 1);
    const { pending, lines } = await whyWaiting(operator, room);
    expect(pending).toEqual([
      {
        ...{ group: 'researcher', entry: entry?.id, consumer: 'gone', idleMs: expect.any(Number) },
        ...{ starts: 0, exceptions: 0, lastError: null },
      },
    ]);
    const held = new RegExp(
      `^researcher has ${entry?.id}, held by gone, silent for \\d+ ms, started 0 times$`,
    );
    expect(lines).toContainEqual(like(held));
    expect((await whyWaiting(operator, other)).pending).toEqual([]);
  });

  test('says what the last try failed of, while the next one is made', async () => {
    let tries = 0;
    const again = Promise.withResolvers<void>();
    const enough = Promise.withResolvers<void>();
    engine.consume({
      name: 'unwell',
      async handle() {
        tries += 1;
        if (tries === 1) throw new RangeError('no words left');
        again.resolve();
        await enough.promise;
      },
    });
    const room = await engine.createRoom();
    await again.promise;
    const { pending, lines } = await whyWaiting(operator, room);
    enough.resolve();
    const failed = { starts: 2, exceptions: 1, lastError: 'RangeError: no words left' };
    expect(pending).toMatchObject([{ group: 'researcher', consumer: 'unwell', ...failed }]);
    expect(lines).toContainEqual(like(/started 2 times, failed 1 times, last: RangeError: no words left$/));
    // What is done is not told any more.
    await expect.poll(async () => (await whyWaiting(operator, room)).pending).toEqual([]);
  });

  test('gives each timer of the room with its moment, and how late it is', async () => {
    const { room, timer, dueAt } = await startRound();
    const other = await startRound();
    const { timers, lines } = await whyWaiting(operator, room);
    expect(timers).toEqual([{ name: timer, dueAt }]);
    expect(lines).toContainEqual(like(/^timer stage\|\w+: in \d+\.\d s$/));
    expect(lines).toContain('claim 1, try 1: waits for the researcher');
    await ring(room, timer, dueAt - hourMs);
    expect((await whyWaiting(operator, room)).lines).toContainEqual(
      like(/^timer stage\|\w+: \d+\.\d s late$/),
    );
    expect((await whyWaiting(operator, other.room)).timers).toMatchObject([{ dueAt: other.dueAt }]);
  });

  test('shows the dead letters of the room, and of no other room', async () => {
    const [room, other] = [await engine.createRoom(), await engine.createRoom()];
    await plantLetter(engine.commands, { room, fingerprint: 'f1', message: 'the writer is unwell' });
    const { deadLetters, lines } = await whyWaiting(operator, room);
    expect(deadLetters).toEqual([{ id: like(/^\d+-0$/), group: 'writer', message: 'the writer is unwell' }]);
    expect(lines).toContain(`dead letter ${deadLetters[0]?.id} of writer: the writer is unwell`);
    expect((await whyWaiting(operator, other)).deadLetters).toEqual([]);
    const letters = { mood: 'bad', what: '1 dead letters', cure: 'See: npx arena dead list' };
    expect(await examine(operator)).toContainEqual(letters);
  });

  test('names everybody whom a game needs and who has never been at work', async () => {
    const { silent } = await whyWaiting(operator, await engine.createRoom());
    expect(silent).toEqual(groups.map((group) => `no process works for ${group}`));
  });
});

describe('doctor', () => {
  test('finds a room whose timer nobody rings, and none that has time', async () => {
    const { room, timer, dueAt } = await startRound();
    await startRound();
    expect(await examine(operator)).toContainEqual({ mood: 'good', what: 'no room is overdue', cure: null });
    await ring(room, timer, dueAt - hourMs);
    const said = `^1 room is overdue, timers that no process fires: ${room} \\(${timer.replace('|', '\\|')}, \\d+ ms\\)$`;
    expect(await examine(operator)).toContainEqual({
      ...{ mood: 'bad', what: like(new RegExp(said)) },
      cure: 'Start a game master: npx arena agents game-master; see npx arena why <room>',
    });
  });

  test('finds a group that is far behind, and those that have never run', async () => {
    const enough = Promise.withResolvers<void>();
    // Takes one entry, and no other before that is done.
    engine.consume({ name: 'slow', concurrency: 1, handle: () => enough.promise });
    await engine.createRoom();
    const [entry] = await engine.commands.xrange(engine.partition.feed, '-', '+');
    const pipeline = engine.commands.pipeline();
    for (let more = 0; more < 1_010; more++) pipeline.xadd(engine.partition.feed, '*', ...(entry?.[1] ?? []));
    await pipeline.exec();
    const behind = {
      what: 'researcher is 1010 entries behind',
      cure: 'Start more: npx arena agents researcher',
    };
    await expect.poll(() => examine(operator)).toContainEqual({ mood: 'bad', ...behind });
    const never = { what: 'no writer has ever run', cure: 'Start one: npx arena agents writer' };
    expect(await examine(operator)).toContainEqual({ mood: 'bad', ...never });
    enough.resolve();
  });

  test('finds an entry that nobody has touched for long', async () => {
    await engine.createRoom();
    const [entry] = await engine.readAndDie('gone', 1);
    const found = async () => {
      // Each time anew: whoever was not heard of for long is told of otherwise.
      const { commands, partition } = engine;
      await commands.xclaim(partition.feed, 'researcher', 'gone', 0, entry?.id ?? '', 'IDLE', hourMs);
      return examine(operator);
    };
    const what = like(/^researcher has 1 entries that were not touched for \d+ ms$/);
    await expect.poll(found).toContainEqual({ mood: 'bad', what, cure: 'See: npx arena groups' });
  });

  test('finds functions that other versions left, and says how to drop them', async () => {
    const { commands } = engine;
    const old = "#!lua name=arena_0123456789\nredis.register_function('commit_0123456789', function() end)";
    await commands.call('FUNCTION', 'LOAD', old);
    const found = await examine(operator);
    await commands.call('FUNCTION', 'DELETE', 'arena_0123456789');
    expect(found).toContainEqual({
      ...{ mood: 'note', what: 'functions of 1 other versions are loaded as well' },
      cure: 'When no process of theirs runs any more: FUNCTION DELETE arena_0123456789',
    });
    expect(await examine(operator)).toContainEqual({
      ...{ mood: 'good', what: 'the functions of this version are loaded' },
      cure: null,
    });
  });

  test('finds functions missing where the server is too full to be given them again', async () => {
    const { commands } = engine;
    await commands.call('FUNCTION', 'FLUSH');
    await commands.config('SET', 'maxmemory', '1');
    const found = await examine(operator).finally(() => commands.config('SET', 'maxmemory', '0'));
    const missing = { mood: 'note', what: 'the functions of this version are not loaded' };
    expect(found).toContainEqual(expect.objectContaining(missing));
    expect(found).toContainEqual(
      expect.objectContaining({ mood: 'bad', what: like(/^the memory of the store is full/) }),
    );
    // With room again it is given them by the look itself.
    expect((await examine(operator)).map(({ what }) => what)).toContain(
      'the functions of this version are loaded',
    );
    expect(String(await commands.call('FUNCTION', 'LIST'))).toContain(
      engineLibrary.name.replace('arena_', ''),
    );
  });

  test('finds a clock of the store that is apart from this machine’s', async () => {
    const at = (aheadMs: number) =>
      examine({ ...operator, log: { ...operator.log, now: async () => Date.now() + aheadMs } });
    for (const [aheadMs, side] of [
      [-hourMs, 'behind'],
      [hourMs, 'ahead of'],
    ] as const) {
      const what = like(new RegExp(`^the clock of the store is 3[56]\\d{5} ms ${side} this machine’s$`));
      expect(await at(aheadMs)).toContainEqual(expect.objectContaining({ mood: 'note', what }));
    }
  });
});
