import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { groups } from '../../core/game.ts';
import { RoomCode } from '../../core/ids.ts';
import { MadeRoom } from '../../core/messages.ts';
import { embeddedUrl } from '../../server/setup/embedded-valkey.ts';
import { createGameKeys } from '../../server/stores/keys.ts';
import { gameStream } from '../../server/wiring/game-stream.ts';
import { consumerInfos } from '../../streams/admin/group-infos.ts';
import { readAfter } from '../../streams/handle/follow.ts';
import { createEventLog } from '../../streams/log/event-log.ts';
import { checkHistory } from '../support/check-history.ts';
import { asInFreshCheckout, lookMs, survivors, useStarts } from '../support/npm-start.ts';
import { freePort } from '../support/ports.ts';
import { connectTo } from '../support/valkey.ts';
import { WireClient } from '../support/wire-client.ts';

const { start, dataDir, port } = useStarts();

async function makeRoom(settings: object): Promise<{ room: string; hostToken: string }> {
  const headers = { 'content-type': 'application/json' };
  const url = `http://127.0.0.1:${port()}/api/rooms`;
  const reply = await fetch(url, { method: 'POST', headers, body: JSON.stringify(settings) });
  return MadeRoom.parse(await reply.json());
}

test('has ended everything when Ctrl+C gives the terminal back', async () => {
  const one = start();
  await one.ready();
  const family = one.family();
  const said = () => one.stdout() + one.stderr();
  await expect.poll(said).toContain('nothing is lost');
  const before = said();
  one.pressCtrlC();
  await one.ended;
  expect(survivors(family)).toEqual([]);
  // In order: nobody missed a store that was ended before.
  expect(said()).toBe(before);
});

test('killed without warning leaves no process behind, and nothing of the room is lost', async () => {
  await asInFreshCheckout();
  const first = start();
  await first.ready();
  const { room } = await makeRoom({ rounds: 3 });
  const family = first.family();
  first.signal('SIGKILL');
  await expect.poll(() => survivors(family), { timeout: 10_000, interval: lookMs }).toEqual([]);
  await start().ready();
  const reply = await fetch(`http://127.0.0.1:${port()}/api/rooms/${room}`);
  expect(await reply.json()).toMatchObject({ room, phase: 'lobby' });
});

test('a second one beside the first says so and harms nothing', async () => {
  const first = start();
  await first.ready();
  const { room } = await makeRoom({ rounds: 3 });
  const beside = start({ PORT: String(await freePort()) });
  expect(await beside.ended).toBe(1);
  expect(beside.stderr()).toContain('already runs from this folder');
  const samePort = start({ ARENA_DATA_DIR: `${dataDir()}-other` });
  expect(await samePort.ended).toBe(1);
  expect(samePort.stderr()).toContain(`Port ${port()} is in use`);
  const reply = await fetch(`http://127.0.0.1:${port()}/api/rooms/${room}`);
  expect(reply.status).toBe(200);
  // From another folder it may work on the same Valkey, under names of its own.
  const url = (await embeddedUrl(dataDir())) ?? '';
  const other = { ARENA_DATA_DIR: `${dataDir()}-other`, VALKEY_URL: url, PORT: String(await freePort()) };
  await start(other).ready();
  const commands = await connectTo(url);
  const workers = async () =>
    Promise.all(groups.map(async (group) => (await consumerInfos(commands, 'game:feed', group)).length));
  await expect.poll(workers).toEqual(groups.map(() => 2));
  commands.disconnect();
});

test('names every wrong value at once and starts nothing', async () => {
  const wrong = start({ PORT: 'eighty', CLAIMS_AHEAD: '0', LOG_LEVEL: 'loud' });
  expect(await wrong.ended).not.toBe(0);
  for (const name of ['PORT', 'CLAIMS_AHEAD', 'LOG_LEVEL']) expect(wrong.stderr()).toContain(`${name}:`);
});

test('five rounds with three players survive the SIGKILL of each kind of process, Valkey among them', async () => {
  const arena = start();
  await arena.ready();
  const { room, hostToken } = await makeRoom({ rounds: 5, seconds: 8 });
  const url = `ws://127.0.0.1:${port()}/ws`;
  const host = new WireClient({ url, room, role: 'host', token: hostToken });
  // The third never answers, so that every round lasts and every kill falls into a game.
  const answers = ['FACT', 'FAKE', null] as const;
  const players = answers.map((answer, i) => {
    return new WireClient({ url, room, name: `Player ${i}`, choose: () => answer });
  });
  const over = new AbortController();
  const clients = [host, ...players];
  const staying = clients.map((client) => client.stay(over.signal));
  await Promise.all(clients.map((client) => client.until(() => client.joined !== null)));
  await host.request('start', { after: null });

  // Each agent in a process of its own is killed in chaos.e2e.test.ts.
  const kinds = [/valkey-server/, /arena\.m?[jt]s serve/, /arena\.m?[jt]s agents/];
  for (const kind of kinds) {
    const victim = [...arena.family()].find(([, args]) => kind.test(args) && !args.includes('keeper'));
    expect(victim, `no process of kind ${kind}`).toBeDefined();
    process.kill(victim?.[0] ?? 0, 'SIGKILL');
    await expect
      .poll(() => [...arena.family()].some(([pid, args]) => kind.test(args) && pid !== victim?.[0]), {
        timeout: 15_000,
        interval: lookMs,
      })
      .toBe(true);
    await sleep(2_000);
  }
  const isOver = (client: WireClient) =>
    client.frame('GAME_OVER') !== undefined || client.joined?.state?.phase === 'over';
  await Promise.all(clients.map((client) => client.until(() => isOver(client), 120_000)));
  over.abort();
  for (const client of clients) client.close();
  await Promise.all(staying);

  const connection = await connectTo((await embeddedUrl(dataDir())) ?? '');
  const log = await readAfter(
    createEventLog(connection, createGameKeys(), gameStream),
    RoomCode.parse(room),
    0,
  );
  connection.disconnect();
  const acknowledged = clients.flatMap((client) =>
    client.acknowledged.map((answer) => ({ playerId: client.playerId ?? '', ...answer })),
  );
  expect(checkHistory({ log, acknowledged })).toEqual([]);
  expect(log.filter(({ type }) => type === 'ROUND_RESULT')).toHaveLength(5);
  expect(acknowledged.length).toBeGreaterThan(5);
});
