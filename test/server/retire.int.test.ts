// A room leaves the store whole or not at all, and once: what was acknowledged after its archive was written
// is in no archive.

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ulid } from 'ulid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PlayerId } from '../../core/ids.ts';
import { readArchive } from '../../server/operate/archive.ts';
import { operatorOn } from '../../server/operate/operator.ts';
import { retireRoom } from '../../server/operate/retain.ts';
import { type Engine, startEngine } from '../support/engine.ts';
import { gameOn } from '../support/game-on.ts';
import { startTestValkey } from '../support/valkey.ts';

let valkey: Awaited<ReturnType<typeof startTestValkey>>;
let engine: Engine;
const folder = mkdtempSync(join(tmpdir(), 'arena-retire-'));
beforeAll(async () => {
  valkey = await startTestValkey();
  engine = await startEngine(valkey.url);
});
afterAll(async () => {
  await engine.close();
  await valkey.stop();
  rmSync(folder, { recursive: true });
});

test('somebody who joins while a room is archived keeps it in the store', async () => {
  const { commands, rooms, context, log } = engine;
  const room = await engine.createRoom();
  const operator = operatorOn(gameOn(commands), 'tester');
  const command = {
    type: 'joinPlayer',
    playerId: PlayerId.parse(ulid()),
    name: 'Ada',
    nonceHash: 'a',
  } as const;
  // The log is read once the archive is written.
  const interrupted = {
    ...operator,
    log: {
      ...log,
      read: async (...of: Parameters<typeof log.read>) => {
        await rooms.handle(room, () => command, context);
        return log.read(...of);
      },
    },
  };
  await expect(retireRoom(interrupted, room, folder)).rejects.toMatchObject({ code: 'room_moved' });
  expect(readdirSync(folder)).toEqual([]);
  expect((await rooms.load(room)).rev).toBe(2);

  await commands.hset(engine.keys.memory.rooms, room, 'epoch 2', 'OTHERS', 'epoch 2');
  const file = await retireRoom(operator, room, folder);
  expect(readdirSync(folder)).toEqual([`${room}.ndjson`]);
  expect(file).toContain(room);
  expect(await log.head(room)).toBeNull();
  expect(await commands.keys(`*${room}*`)).toEqual([]);
  expect(await commands.hkeys(engine.keys.memory.rooms)).toEqual(['OTHERS']);
});

test('an archive is for its owner alone, and so is the folder that is made for it', async () => {
  const operator = operatorOn(gameOn(engine.commands), 'tester');
  const made = join(folder, 'made', 'for it');
  const mask = process.umask(0);
  const file = await retireRoom(operator, await engine.createRoom(), made).finally(() => process.umask(mask));
  const modes = [file, made, join(folder, 'made')].map((path) => statSync(path).mode & 0o777);
  expect(modes).toEqual([0o600, 0o700, 0o700]);
  rmSync(join(folder, 'made'), { recursive: true });
});

test('two that archive a room at once leave one archive, and it is whole', async () => {
  const { commands, log } = engine;
  const room = await engine.createRoom();
  const operator = operatorOn(gameOn(commands), 'tester');
  let quicker: Promise<string> | undefined;
  const slower = {
    ...operator,
    log: {
      ...log,
      read: async (...of: Parameters<typeof log.read>) => {
        const page = await log.read(...of);
        quicker ??= retireRoom(operator, room, folder);
        await quicker;
        return page;
      },
    },
  };
  await expect(retireRoom(slower, room, folder)).rejects.toMatchObject({ code: 'room_moved' });
  expect(readdirSync(folder).filter((name) => name.startsWith(room))).toEqual([`${room}.ndjson`]);
  const { events } = readArchive(readFileSync(join(folder, `${room}.ndjson`), 'utf8'));
  expect(events.map(({ type }) => type)).toEqual(['ROOM_CREATED']);
  // Whoever comes too late has nothing left to archive.
  await expect(retireRoom(operator, room, folder)).rejects.toMatchObject({ code: 'room_moved' });
});
