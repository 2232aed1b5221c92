// An agent that fails on one kind of work, mended, and its dead letters put back: what it should have done is
// done, once, through deaths in between as well.

import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Game } from '../../core/game.ts';
import { PlayerId, type RoomCode } from '../../core/ids.ts';
import { kindsOf, readLetters, requeue, select } from '../../server/operate/dead-letters.ts';
import { type Operator, operatorOn } from '../../server/operate/operator.ts';
import { Fault } from '../../streams/contract/fault.ts';
import type { Task } from '../../streams/contract/task.ts';
import { readAfter } from '../../streams/handle/follow.ts';
import { type Engine, startEngine } from '../support/engine.ts';
import { gameOn } from '../support/game-on.ts';
import { changed, request } from '../support/room-log.ts';
import { startTestValkey, type TestValkey } from '../support/valkey.ts';

const soon = { timeout: 15_000 };
let valkey: TestValkey;
let engine: Engine;
let operator: Operator;

beforeAll(async () => {
  valkey = await startTestValkey();
  engine = await startEngine(valkey.url);
  operator = operatorOn(gameOn(engine.commands), 'test');
});
afterAll(async () => {
  await engine.close();
  await valkey.stop();
});

const joinsIn = async (room: RoomCode) =>
  (await readAfter(engine.log, room, 0)).filter(({ type }) => type === 'PLAYER_JOINED').length;

/** Greets each room with one player; refuses the rooms it is unwell in. */
const greeting = (unwellIn: (room: RoomCode) => boolean) => async (task: Task<Game>) => {
  if (unwellIn(task.stream))
    throw new Fault('model_unset', `no words for room ${task.stream}`, { retryable: false });
  const join = {
    type: 'joinPlayer',
    playerId: PlayerId.parse(ulid()),
    name: 'Greeter',
    nonceHash: 'greeter',
  } as const;
  await task.submit(() => join, { last: true });
};

describe('an agent that failed and was mended', () => {
  test('does what it should have done once, however often it is told and whoever dies', async () => {
    let unwell = true;
    const healthy = await engine.createRoom();
    const ill = [await engine.createRoom(), await engine.createRoom()];
    const first = engine.consume({ name: 'first', handle: greeting((room) => unwell && room !== healthy) });
    await expect.poll(async () => (await readLetters(operator)).length, soon).toBe(2);
    await expect.poll(() => joinsIn(healthy), soon).toBe(1);

    const letters = await readLetters(operator);
    expect(kindsOf(letters)).toMatchObject([{ group: 'researcher', count: 2, rooms: 2 }]);
    const [kind] = kindsOf(letters);
    const selected = select(letters, { fingerprint: kind?.fingerprint ?? '' }, 0);
    expect(selected).toHaveLength(2);

    unwell = false;
    await first.stop();
    for (const letter of selected) expect(await requeue(operator, letter)).toBeNull();
    // Put back, taken up by a process that is killed before it has done anything.
    const taken = await engine.readAndDie('killed', 2);
    expect(taken).toHaveLength(2);
    const second = engine.consume({ name: 'second', handle: greeting(() => false) });
    await expect.poll(() => Promise.all(ill.map(joinsIn)), soon).toEqual([1, 1]);

    expect(await readLetters(operator)).toEqual([]);
    for (const letter of selected) expect(await requeue(operator, letter)).toBe('gone');
    await second.stop();
    expect(await Promise.all([healthy, ...ill].map(joinsIn))).toEqual([1, 1, 1]);
  }, 30_000);

  test('is told again of every event that it was told of, and of no other', async () => {
    const room = await engine.createRoom();
    const told: (readonly string[])[] = [];
    const wakes = ['SETTINGS_CHANGED', 'PLAYER_JOINED'] as const;
    const consumer = engine.consume({
      name: 'teller',
      wakes,
      async handle({ events, stream: where }) {
        if (where !== room) return;
        told.push(events.map(({ rev, type }) => `${rev} ${type}`));
        if (told.length === 1) throw new Fault('model_unset', 'no words', { retryable: false });
      },
    });
    const several = [changed(3), changed(4), changed(5)];
    await engine.log.commit(request(room, several));
    await engine.log.commit(request(room, [changed(6)], { expect: { turn: 4 } }));
    await expect.poll(() => told.length, soon).toBe(2);
    const letters = async () => (await readLetters(operator)).filter((letter) => letter.room === room);
    await expect.poll(async () => (await letters()).length, soon).toBe(1);
    for (const letter of await letters()) expect(await requeue(operator, letter)).toBeNull();
    await expect.poll(() => told.length, soon).toBe(3);
    const all = [2, 3, 4].map((rev) => `${rev} SETTINGS_CHANGED`);
    expect(told[2]).toEqual(told[0]);
    expect([told[0], told[1]].toSorted((a, b) => (b?.length ?? 0) - (a?.length ?? 0))).toEqual([
      all,
      ['5 SETTINGS_CHANGED'],
    ]);
    await consumer.stop();
  });

  test('that had done its work before it failed does not do it again', async () => {
    const done: RoomCode[] = [];
    const room = await engine.createRoom();
    const faulty = engine.consume({
      name: 'second',
      handle: async (task) => {
        if (task.stream !== room) return;
        await greeting(() => false)(task);
        done.push(task.stream);
      },
    });
    await expect.poll(() => joinsIn(room), soon).toBe(1);
    await faulty.stop();
    const pointer = JSON.stringify({ kind: 'events', first: 1, last: 1, types: ['ROOM_CREATED'] });
    const letter = {
      reason: 'deaths',
      message: 'killed',
      fingerprint: 'x',
      group: 'researcher',
      room,
      pointer,
      traceparent: engine.context.traceparent,
      lastAt: '1',
    };
    await engine.commands.xadd(engine.partition.dead, '*', ...Object.entries(letter).flat());
    const [stands] = await readLetters(operator);
    if (stands === undefined) throw new Error('no letter');
    await requeue(operator, stands);
    engine.consume({ name: 'third', handle: greeting(() => false) });
    await expect
      .poll(
        async () => ((await engine.commands.xpending(engine.partition.feed, 'researcher')) as [number])[0],
      )
      .toBe(0);
    expect(await joinsIn(room)).toBe(1);
  });
});
