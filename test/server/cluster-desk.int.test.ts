// The operator's desk on a cluster that wants a password: every verb finds its rooms, feeds and letters, in
// whichever partition.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { groups } from '../../core/game.ts';
import { RoomCode } from '../../core/ids.ts';
import { createGameKeys } from '../../server/stores/keys.ts';
import { untilReady, type Valkey } from '../../streams/valkey/connection.ts';
import { openStore, type Store } from '../../streams/valkey/store.ts';
import { startTestCluster, type TestCluster } from '../support/cluster.ts';
import { plantLetter } from '../support/dead-letter.ts';
import { runVerb } from '../support/processes.ts';
import { serveOn, startServing } from '../support/serving.ts';

let cluster: TestCluster;
let store: Store;
let commands: Valkey;
let arena: Awaited<ReturnType<typeof serveOn>>;
let room: string;
const folder = mkdtempSync(join(tmpdir(), 'arena-cluster-desk-'));

beforeAll(async () => {
  // One primary will do: the partitions are 64 all the same.
  cluster = await startTestCluster(1, 'of: a/cluster@home');
  store = await openStore(cluster.url, AbortSignal.timeout(10_000));
  commands = store.connect('test');
  await untilReady(commands, AbortSignal.timeout(5_000));
  arena = await serveOn(cluster.url);
  const made = await arena.makeRoom({ rounds: 1, seconds: 5 });
  room = made.room;
  await arena.makeRoom();
  const host = arena.client({ room, role: 'host', token: made.hostToken });
  const ada = arena.client({ room, name: 'Ada', choose: () => 'FACT' });
  for (const client of [host, ada]) expect((await client.connect()).err).toBeUndefined();
  await host.request('start', { after: null });
  await ada.until(() => ada.frame('GAME_OVER') !== undefined);
}, 60_000);
afterAll(async () => {
  await arena.stop();
  commands.disconnect();
  store.close();
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
});

const run = (...words: string[]) => runVerb(words, { VALKEY_URL: cluster.url });
const jsonOf = async (...words: string[]) =>
  (await run(...words, '--json')).out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('on a cluster', () => {
  test('rooms, state, why and replay --verify find a room wherever it lies', async () => {
    const rooms = async () => (await jsonOf('rooms')).map((one) => [one.room, one.phase]);
    await expect.poll(rooms).toEqual(expect.arrayContaining([[room, 'over']]));
    expect(await rooms()).toHaveLength(2);
    expect((await run('why', room)).out).toContain('The game is over.');
    expect((await run('replay', room, '--verify')).out).toMatch(new RegExp(`^${room} is sound: `));
  });

  test('groups sums over the feeds, and shows each where it is asked', async () => {
    const sums = await jsonOf('groups');
    expect(sums.map(({ group, feed }) => `${group} ${feed}`).sort()).toEqual(
      groups.map((group) => `${group} 64 feeds`).sort(),
    );
    expect(await jsonOf('groups', '--each')).toHaveLength(64 * groups.length);
  });

  test('a dead letter is listed, put back and noted in its own partition', async () => {
    await plantLetter(commands, { room, fingerprint: 'f1', message: 'unwell', keys: createGameKeys(store) });
    expect(await jsonOf('dead', 'list')).toMatchObject([{ room, fingerprint: 'f1' }]);
    expect((await run('dead', 'requeue', '--fingerprint', 'f1', '--yes')).out).toContain('1 requeued.');
    expect(await run('dead', 'list')).toMatchObject({ code: 0, out: expect.not.stringContaining('f1') });
    expect(await jsonOf('operations')).toMatchObject([{ verb: 'requeue', room }]);
  });

  test('documents are made anew, and a room leaves for its archive and comes back', async () => {
    await commands.set(
      createGameKeys(store).document(RoomCode.parse(room), `game:leaderboard:${room}`),
      '{"rev":1}',
    );
    expect((await run('rebuild', 'all', '--yes')).out).toContain('1 room differed, now written anew');
    expect((await run('archive', room, '--to', folder, '--yes')).code).toBe(0);
    expect((await run('state', room)).err).toContain(`there is no room ${room}`);
    expect((await run('import', join(folder, `${room}.ndjson`))).out).toContain(`${room} is back`);
    await expect.poll(async () => (await run('replay', room, '--verify')).code).toBe(0);
  });

  test('a room goes to one Valkey and comes back: the same room, on the same boards', async () => {
    const alone = await startServing();
    const there = (...words: string[]) => runVerb(words, { VALKEY_URL: alone.valkey.url });
    const file = join(folder, `${room}.ndjson`);
    const boardsAt = async (site: string) => (await fetch(`${site}/api/boards`)).json();
    const before = { state: (await run('state', room, '--json')).out, boards: await boardsAt(arena.http) };
    for (const [from, to, site] of [
      [run, there, alone.http],
      [there, run, arena.http],
    ] as const) {
      expect((await from('archive', room, '--to', folder, '--yes')).code).toBe(0);
      expect((await to('import', file)).out).toContain(`${room} is back`);
      await expect.poll(async () => (await to('replay', room, '--verify')).code).toBe(0);
      expect({ state: (await to('state', room, '--json')).out, boards: await boardsAt(site) }).toEqual(
        before,
      );
    }
    await alone.stop();
  });

  test('the console sums, too, and its server is ready', async () => {
    const seen = (await (await fetch(`${arena.http}/api/ops/overview`)).json()) as { groups: object[] };
    expect(seen.groups).toHaveLength(groups.length);
    const health = await (await fetch(`${arena.http}/health`)).json();
    expect(health).toMatchObject({ status: 'ok', groups: { projector: { consumers: 1, pending: 0 } } });
  });

  test('doctor finds nothing wrong, and says which slots nobody serves', async () => {
    const well = await run('doctor');
    expect(well).toMatchObject({ code: 0, out: expect.not.stringContaining('✗') });
    expect(well.out).toContain('a cluster, every slot of which is served by 1 primaries');
    const [primary] = await cluster.primaries();
    await primary?.admin.config('SET', 'cluster-require-full-coverage', 'yes');
    expect((await run('doctor')).out).toContain('CONFIG SET cluster-require-full-coverage no');
    await primary?.admin.call('CLUSTER', 'DELSLOTSRANGE', 0, 99);
    const ill = await run('doctor');
    await primary?.admin.call('CLUSTER', 'ADDSLOTSRANGE', 0, 99);
    await cluster.settled();
    expect(ill.out).toContain('100 slots of the cluster have no primary');
    expect(ill.out).toContain(`valkey-cli --cluster fix 127.0.0.1:${primary?.port}`);
    expect(ill.code).toBe(1);
  });
});
