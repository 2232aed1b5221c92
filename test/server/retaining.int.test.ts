// Rooms that rest leave by themselves where the operator said for how long they may, and only there.

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { untold } from '../../server/health/shortfalls.ts';
import { keepRetaining, type Retaining } from '../../server/operate/keep-retaining.ts';
import { type Operator, operatorOn } from '../../server/operate/operator.ts';
import { createGameKeys } from '../../server/stores/keys.ts';
import { groupInfos } from '../../streams/admin/group-infos.ts';
import { readOperations } from '../../streams/admin/operations.ts';
import { pause } from '../../streams/consume/backoff.ts';
import { Fault } from '../../streams/contract/fault.ts';
import type { Valkey } from '../../streams/valkey/connection.ts';
import { gameOn } from '../support/game-on.ts';
import { type Serving, serveOn, startServing } from '../support/serving.ts';
import { connectTo } from '../support/valkey.ts';

// A server that looks at once instead of once an hour.
vi.mock('../../server/operate/keep-retaining.ts', async (original) => {
  const real = await original<{ keepRetaining: typeof keepRetaining }>();
  const soon = (_ms: number, signal: AbortSignal) => pause(20, signal);
  return {
    keepRetaining: vi.fn((retaining: Retaining, signal: AbortSignal) =>
      real.keepRetaining({ wait: soon, ...retaining }, signal),
    ),
  };
});

let arena: Serving;
let commands: Valkey;
const base = mkdtempSync(join(tmpdir(), 'arena-retaining-'));
const folder = join(base, 'archive');

beforeAll(async () => {
  arena = await startServing();
  commands = await connectTo(arena.valkey.url);
});
afterAll(async () => {
  commands.disconnect();
  await arena.stop();
  rmSync(base, { recursive: true });
});

/** Its claims are ready, its documents are written: nothing more happens in it. */
async function aRestingRoom() {
  const { room } = await arena.makeRoom();
  const left = async () => {
    const infos = await groupInfos(commands, 'game:feed');
    return infos.map(({ lag, pending }) => [lag, pending]);
  };
  // The first room waits for what the agents load.
  await expect.poll(left, { timeout: 30_000 }).toEqual(Array(5).fill([0, 0]));
  expect(await commands.hexists('game:rooms', room)).toBe(1);
  return room;
}
const isThere = async (room: string) => (await commands.exists(`game:meta:${room}`)) === 1;

/** Turns one after the other; gives what was logged. */
async function turns(all: readonly Partial<Retaining>[]) {
  const logged: string[] = [];
  const log = {
    info: (_detail: object, what: string) => logged.push(`info ${what}`),
    warn: (detail: object, what: string) => logged.push(`warn ${what} ${JSON.stringify(detail)}`),
  } as unknown as Retaining['log'];
  for (const turn of all) {
    const stop = new AbortController();
    let looked = false;
    const wait = async () => {
      if (looked) stop.abort();
      looked = true;
    };
    const operator = () => operatorOn(gameOn(commands), 'retain');
    await keepRetaining({ operator, days: 0, folder, log, tell: untold, wait, ...turn }, stop.signal);
  }
  return logged;
}

test('only where it was said for how long they may rest', async () => {
  expect(keepRetaining).not.toHaveBeenCalled();
  const room = await aRestingRoom();
  const env = { RETAIN_DAYS: '0', ARCHIVE_DIR: folder, ARENA_SLOT: 'other' };
  const other = await serveOn(arena.valkey.url, env);
  await expect.poll(() => isThere(room), { timeout: 30_000 }).toBe(false);
  await other.stop();
  expect(readdirSync(folder)).toContain(`${room}.ndjson`);
  const [operation] = await readOperations(commands, createGameKeys(), { idField: 'room', count: 1 });
  expect(operation).toMatchObject({ verb: 'archive', by: 'retain', stream: room });
});

test('when they have rested for so long', async () => {
  const room = await aRestingRoom();
  expect(await turns([{ days: 1 }])).toEqual([]);
  expect(await isThere(room)).toBe(true);
  expect(await turns([{}])).toEqual(['info archived']);
  expect(await isThere(room)).toBe(false);
});

test('at the next turn, where the store or the folder was away', async () => {
  const rooms = [await aRestingRoom(), await aRestingRoom()];
  writeFileSync(join(base, 'file'), '');
  const away = () => {
    const operator = operatorOn(gameOn(commands), 'retain');
    const now = async () => {
      throw new Fault('unavailable', 'the store is away', { retryable: true });
    };
    return { ...operator, log: { ...operator.log, now } } as Operator;
  };
  const logged = await turns([{ operator: away }, { folder: join(base, 'file') }, {}]);
  expect(logged).toEqual([
    expect.stringMatching(/^warn not_archived .*the store is away/),
    expect.stringMatching(/^warn not_archived .*file cannot be written: /),
    'info archived',
    'info archived',
  ]);
  const files = readdirSync(folder);
  for (const room of rooms) expect(files.filter((name) => name.startsWith(room))).toEqual([`${room}.ndjson`]);
});
