import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { groupInfos } from '../../streams/admin/group-infos.ts';
import type { Valkey } from '../../streams/valkey/connection.ts';
import { createEmptyRoom } from '../support/empty-room.ts';
import { type Serving, startServing } from '../support/serving.ts';
import { connectTo } from '../support/valkey.ts';

let arena: Serving;
let commands: Valkey;

beforeAll(async () => {
  arena = await startServing({ CLAIMS_AHEAD: '1' });
  commands = await connectTo(arena.valkey.url);
});
afterAll(async () => {
  commands.disconnect();
  await arena.stop();
});

async function groupsAreIdle(): Promise<void> {
  await expect
    .poll(
      async () => {
        const infos = await groupInfos(commands, 'game:feed');
        return infos.map(({ pending, lag }) => [pending, lag]);
      },
      { timeout: 10_000 },
    )
    .toEqual(Array(5).fill([0, 0]));
}

describe('each agent', () => {
  const wakes = [
    ['researcher', 'START_ROUND'],
    ['writer', 'RESEARCH_DONE'],
    ['editor', 'DRAFT_READY'],
    ['game-master', 'VALIDATION_COMPLETE'],
  ] as const;

  test.each(wakes)(
    '%s acknowledges %s of a cycle that is no longer current, and changes nothing',
    async (_agent, type) => {
      const { room, log, first } = await createEmptyRoom(arena, commands);
      await groupsAreIdle();
      const before = (await log()).length;
      // A pointer to the first event of that type, whose cycle has long gone on; and one that fires once
      // more.
      const { rev, traceparent } = first(type);
      await commands.xadd(
        'game:feed',
        '*',
        'room',
        room,
        'first',
        rev,
        'last',
        rev,
        'types',
        type,
        'traceparent',
        traceparent,
      );
      await groupsAreIdle();
      expect((await log()).length).toBe(before);
      expect(await commands.hlen('game:attempts')).toBe(0);
    },
  );
});

test('a poison entry lands in the dead letters of every group, and the loops go on', async () => {
  const before = await commands.xlen('game:dead');
  await commands.xadd('game:feed', '*', 'no', 'pointer', 'id', ulid());
  await expect.poll(() => commands.xlen('game:dead'), { timeout: 10_000 }).toBe(before + 5);
  await groupsAreIdle();
  const { log } = await createEmptyRoom(arena, commands);
  expect((await log()).some(({ type }) => type === 'VALIDATION_COMPLETE')).toBe(true);
});

test('a room whose log cannot be read becomes dead letters, and other rooms go on', async () => {
  const { room, log, first } = await createEmptyRoom(arena, commands);
  await groupsAreIdle();
  const next = (await log()).length + 1;
  await commands.xadd(
    `game:events:${room}`,
    `${next}-0`,
    'type',
    'FROM_THE_FUTURE',
    'at',
    '1',
    'e',
    '{"v":9}',
  );
  await commands.hset(`game:meta:${room}`, 'rev', next);
  const { traceparent } = first('START_ROUND');
  const before = await commands.xlen('game:dead');
  const types = 'GAME_START,START_ROUND';
  await commands.xadd(
    'game:feed',
    '*',
    'room',
    room,
    'first',
    next,
    'last',
    next,
    'types',
    types,
    'traceparent',
    traceparent,
  );
  await expect.poll(() => commands.xlen('game:dead'), { timeout: 10_000 }).toBeGreaterThan(before);
  await groupsAreIdle();
  const other = await createEmptyRoom(arena, commands);
  expect((await other.log()).some(({ type }) => type === 'VALIDATION_COMPLETE')).toBe(true);
});
