// A user of the store who may do no more than our ACL line allows: a game is played, every verb of the desk
// runs. A command taken away is named in one sentence, with that line, or nobody misses it.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Redis } from 'iovalkey';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { explain } from '../../server/cli/terminal/explain.ts';
import type { Config } from '../../server/config/config.ts';
import { createGameKeys } from '../../server/stores/keys.ts';
import { aclLine, helpfulRights, type Right, rightsFor } from '../../server/stores/rights.ts';
import { storeFor } from '../../server/wiring/store.ts';
import { connect, untilReady } from '../../streams/parts.ts';
import { fieldsOf } from '../../streams/valkey/fields.ts';
import { startTestCluster, type TestCluster } from '../support/cluster.ts';
import { plantLetter } from '../support/dead-letter.ts';
import { verbsOfDesk } from '../support/desk-verbs.ts';
import { serveOn } from '../support/serving.ts';
import { startTestValkey, type TestValkey } from '../support/valkey.ts';

const keys = createGameKeys();
const commandsOf = (rights: readonly Right[]) =>
  rights.flatMap(({ named }) => (named.startsWith('+') ? [named.slice(1)] : []));
const helpful = commandsOf(helpfulRights(keys.partitions, false));
const needed = commandsOf(rightsFor(keys, keys.partitions, false));
const wakeUps = ['spublish', 'ssubscribe', 'sunsubscribe', 'cluster|info'];
// No module is here, so their commands are missed by nobody.
const missed = needed.filter((name) => !name.startsWith('json.'));

/** Nothing but what our own line allows, without some commands. */
async function allow(admin: Redis, less: readonly string[] = []): Promise<void> {
  const [acl = '', set = '', user = '', ...grants] = aclLine('ann').split(' ');
  const taken = less.map((command) => `-${command}`);
  await admin.call(acl, set, user, 'reset', 'on', '>right', ...grants, ...taken);
}

const asAnn = (url: string) => url.replaceAll('redis://', 'redis://ann:right@');

// What the client says for itself, what every user may, and what this test asks for.
const free = [
  'hello',
  'auth',
  'client|id',
  'client|setinfo',
  'acl|whoami',
  'acl|setuser',
  'config|resetstat',
];

/** The commands that were sent, from outside or by a function. */
const used = async (): Promise<string[]> =>
  [...(await admin.info('commandstats')).matchAll(/^cmdstat_([^:]+):/gm)].map(([, command = '']) => command);

/** A game of one round, to its end; gives its room. */
async function play(arena: Awaited<ReturnType<typeof serveOn>>): Promise<string> {
  const { room, hostToken } = await arena.makeRoom({ rounds: 1, seconds: 5 });
  const host = arena.client({ room, role: 'host', token: hostToken });
  const ada = arena.client({ room, name: 'Ada', choose: () => 'FACT' });
  for (const client of [host, ada]) expect((await client.connect()).err).toBeUndefined();
  await host.request('start', { after: null });
  await ada.until(() => ada.frame('GAME_OVER') !== undefined);
  return room;
}

/** What a start says and comes to. */
async function start(url: string): Promise<{ said: string[]; ended: string | null }> {
  const said: string[] = [];
  const log = pino({}, { write: (line: string) => void said.push(String(JSON.parse(line).msg)) });
  const ended = await storeFor(url, AbortSignal.timeout(10_000), log).then(
    (store) => store?.close() ?? null,
    (error: unknown) => explain(error),
  );
  return { said, ended: ended ?? null };
}

const oneSentenceOn = (command: string) =>
  expect.stringMatching(
    new RegExp(
      `^(.* )?the user of the store lacks \\+${command.replace('|', '\\|')}\\. .*ACL SETUSER ann ~game:[^\\n]*$`,
    ),
  );

let valkey: TestValkey;
let admin: Redis;
let config: Config;
let folder: string;
let room: string;
const warned = vi.spyOn(console, 'warn');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'arena-restricted-'));
  valkey = await startTestValkey();
  admin = connect(valkey.url, 'test');
  await untilReady(admin, AbortSignal.timeout(5_000));
}, 60_000);
afterAll(async () => {
  admin.disconnect();
  await valkey.stop();
  await rm(folder, { recursive: true });
});

/** Agents have handled everything. */
async function handled(): Promise<void> {
  const left = async () => {
    const infos = (await admin.xinfo('GROUPS', 'game:feed')) as unknown[][];
    return infos.map((info) => fieldsOf(info)).filter(({ lag, pending }) => lag !== 0 || pending !== 0);
  };
  await expect.poll(left).toEqual([]);
}

/**
 * Each verb with what came of it: null, or what a person is told. `before` the room is archived agents may
 * still have to do with it, since a letter was put back; then it is left alone.
 */
async function runDesk(
  before: () => Promise<void> = async () => undefined,
): Promise<Map<string, string | null>> {
  const mute = [process.stdout, process.stderr].map((out) => vi.spyOn(out, 'write').mockReturnValue(true));
  const { exitCode } = process;
  await plantLetter(admin, { room, fingerprint: 'f', message: 'unwell' });
  await plantLetter(admin, { room, fingerprint: 'f2', message: 'unwell' });
  await admin.xgroup('CREATE', 'game:feed', 'own', '$').catch(() => undefined);
  const told = new Map<string, string | null>();
  for (const [name, run] of verbsOfDesk(config, { room, group: 'own', fingerprint: 'f', folder })) {
    if (name === 'archive') await before();
    told.set(name, await run().then(() => null, explain));
  }
  process.exitCode = exitCode;
  for (const one of mute) one.mockRestore();
  return told;
}

test('with exactly our line a game is played, and every verb runs beside it', async () => {
  await allow(admin);
  await admin.config('RESETSTAT');
  const arena = await serveOn(asAnn(valkey.url));
  config = arena.config;
  try {
    room = await play(arena);
    const failed = [...(await runDesk(handled))].filter(([, said]) => said !== null);
    expect(failed).toEqual([]);
    expect((await used()).filter((command) => ![...needed, ...helpful, ...free].includes(command))).toEqual(
      [],
    );
  } finally {
    await arena.stop();
  }
}, 60_000);

test('a right that the desk lacks in the browser is one sentence, too', async () => {
  await allow(admin);
  const arena = await serveOn(asAnn(valkey.url));
  await allow(admin, ['xlen']);
  const reply = await fetch(`${arena.http}/api/ops/overview`);
  const { err } = (await reply.json()) as { err: { code: string; message: string } };
  await allow(admin);
  await arena.stop();
  expect(reply.status).toBe(503);
  expect(err).toMatchObject({ code: 'not_permitted', message: oneSentenceOn('xlen') });
}, 60_000);

test('where INFO, CONFIG, CLIENT LIST and their like are forbidden, nobody needs them', async () => {
  await allow(admin, helpful);
  const arena = await serveOn(asAnn(valkey.url));
  try {
    room = await play(arena);
    const failed = [...(await runDesk(handled))].filter(([, said]) => said !== null);
    expect(failed).toEqual([]);
    expect(await (await fetch(`${arena.http}/health`)).json()).toMatchObject({ status: 'ok', degraded: [] });
  } finally {
    await arena.stop();
  }
  expect(await start(asAnn(valkey.url))).toEqual({ said: [], ended: null });
  expect(warned).not.toHaveBeenCalled();
}, 60_000);

test.each(helpful)('without %s a start goes on, and the doctor says what is missing', async (command) => {
  await allow(admin, [command]);
  expect(await start(asAnn(valkey.url))).toEqual({ said: [], ended: null });
});

describe.each(missed)('without %s', (command) => {
  beforeEach(() => allow(admin, [command]));
  afterEach(() => allow(admin));

  test('a start ends with one sentence', async () => {
    expect(await start(asAnn(valkey.url))).toEqual({ said: [], ended: oneSentenceOn(command) });
  });

  test('no verb answers with more than a sentence', async () => {
    const told = [...(await runDesk())].flatMap(([name, said]) => (said === null ? [] : [{ name, said }]));
    for (const { name, said } of told) expect(said, name).not.toContain('\n');
  });
});

describe('on a cluster', () => {
  let cluster: TestCluster;
  const url = () => asAnn(cluster.url);
  const allowThere = (...less: string[]) => Promise.all(cluster.nodes.map((node) => allow(node.admin, less)));

  beforeAll(async () => {
    cluster = await startTestCluster(1);
  }, 60_000);
  afterAll(() => cluster.stop());

  test.each([
    ['with exactly our line', [], []],
    ['without what is only helpful, wake-ups among it', [...helpful, ...wakeUps], ['wake_ups_refused']],
  ])(
    '%s a game is played',
    async (_how, less, codes) => {
      await allowThere(...less);
      const arena = await serveOn(url());
      try {
        await play(arena);
        expect(await (await fetch(`${arena.http}/health`)).json()).toMatchObject({
          status: 'ok',
          degraded: codes.map((code) => ({ code })),
        });
      } finally {
        await arena.stop();
      }
      expect(await start(url())).toEqual({ said: [], ended: null });
    },
    60_000,
  );

  test.each(['cluster|slots', 'xadd', 'fcall'])(
    'without %s a start ends with one sentence',
    async (command) => {
      await allowThere(command);
      expect(await start(url())).toEqual({ said: [], ended: oneSentenceOn(command) });
    },
    20_000,
  );

  test('without the keys of the boards a start names them', async () => {
    await allowThere();
    const some = ['resetkeys', '~{p*}:*', '~{memory}:*', '~{figures}:*', '~game:*'];
    for (const { admin: one } of cluster.nodes) await one.call('ACL', 'SETUSER', 'ann', ...some);
    const { ended } = await start(url());
    expect(ended).toContain('the user of the store lacks ~{boards}:game:boards:rows. ');
  });
});
