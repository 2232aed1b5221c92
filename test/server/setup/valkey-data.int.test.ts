// What a start does to the data of its folder before it starts the server.

import { chmod, readdir, readFile, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startValkey } from '../../../server/setup/embedded-valkey.ts';
import { findValkey } from '../../../server/setup/valkey-binary.ts';
import { connect, untilReady, type Valkey } from '../../../streams/valkey/connection.ts';
import { appendOnly, incremental, temporaryFolder } from '../../support/aof.ts';
import { connectTo } from '../../support/valkey.ts';

const known = fileURLToPath(new URL('../../../.arena', import.meta.url));
let folder: string;
let data: string;
let said: string[];
const hear = (line: string) => void said.push(line);

beforeEach(async () => {
  await findValkey(known, () => undefined);
  folder = await temporaryFolder();
  data = join(folder, 'data');
  said = [];
  await symlink(join(known, 'valkey'), join(folder, 'valkey'));
});

/** Starts the folder's server; it is gone after what is done with it. */
async function started<T>(use: (connection: Valkey, pid: number) => Promise<T>): Promise<T> {
  const server = await startValkey(folder, hear);
  const connection = connect(server.url, 'test');
  try {
    await untilReady(connection, AbortSignal.timeout(10_000));
    return await use(connection, server.pid);
  } finally {
    connection.disconnect();
    await server.stop();
  }
}

const transaction = (connection: Valkey, entry: string) =>
  connection.multi().xadd('log', '1-0', 'e', entry).hset('meta', 'rev', '1').exec();

/** A folder whose last commit is half written. */
async function torn(): Promise<void> {
  await started((connection) => transaction(connection, 'half'));
  await truncate(incremental(data), (await stat(incremental(data))).size - 20);
}

const entries = () => started((connection) => connection.xrange('log', '-', '+'));
const fresh = [['1-0', ['e', 'fresh']]];

test('a commit that a crash cut in half is taken back, which is said, and the next one stays', async () => {
  await torn();
  await started((connection) => transaction(connection, 'fresh'));
  expect(said).toEqual([
    expect.stringMatching(/^appendonly.aof.1.incr.aof ended in the middle of a write; its last \d+ b/),
  ]);
  expect(await entries()).toEqual(fresh);
  expect(await entries()).toEqual(fresh);
  expect(said).toHaveLength(1);
});

test('of two starts that come at once on a torn file, one has it, and what it acknowledges stays', async () => {
  await torn();
  const starts = await Promise.allSettled([startValkey(folder, hear), startValkey(folder, hear)]);
  const up = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
  expect(up).toHaveLength(1);
  for (const server of up) {
    const connection = await connectTo(server.url);
    await transaction(connection, 'fresh');
    connection.disconnect();
    await server.stop();
  }
  expect(await entries()).toEqual(fresh);
});

test('a file that a running server writes to is not touched', async () => {
  await torn();
  await started(async (connection) => {
    await transaction(connection, 'fresh');
    // As it looks from outside in the middle of a write.
    const file = incremental(data);
    const whole = await readFile(file);
    await writeFile(file, '*1\r\n$5\r\nMULTI\r\n', { flag: 'a' });
    await expect(startValkey(folder, hear, 1_000)).rejects.toThrow(/Failed listening on port/);
    expect((await readFile(file)).length).toBe(whole.length + 15);
  });
});

describe('what cannot be mended starts nothing and is told with its place', () => {
  beforeEach(() =>
    started(async (connection) => {
      await transaction(connection, 'fresh');
      await connection.call('BGREWRITEAOF');
      await expect.poll(() => connection.info('persistence')).toContain('aof_rewrite_in_progress:0');
      await connection.set('later', '1');
    }),
  );
  const file = (name: string) => join(appendOnly(data), name);
  const cut = async (name: string, bytes: number) =>
    truncate(file(name), (await stat(file(name))).size - bytes);
  const manifest = 'appendonly.aof.manifest';
  const cases: readonly (readonly [string, () => Promise<unknown>, RegExp])[] = [
    ['a base that lost its end', () => cut('appendonly.aof.2.base.rdb', 5), /Unrecoverable error/],
    ['a manifest cut inside its last line', () => cut(manifest, 6), /manifest/],
    [
      'a manifest that lost its last line',
      () => cut(manifest, 44),
      /does not name appendonly.aof.2.incr.aof/,
    ],
    ['a manifest without a byte', () => truncate(file(manifest), 0), /manifest/],
    ['no manifest', () => rm(file(manifest)), /does not name appendonly.aof.2.incr.aof/],
    [
      'bytes that no server wrote',
      () => writeFile(file('appendonly.aof.2.incr.aof'), 'rubbish'),
      /Bad file format/,
    ],
  ];
  test.each(cases)('%s', async (_, harm, says) => {
    await harm();
    const before = await filesIn(data);
    const refused: unknown = await startValkey(folder, hear).catch((error: unknown) => error);
    expect(refused).toMatchObject({ message: expect.stringMatching(says) });
    expect(refused).toMatchObject({ message: expect.stringContaining(data) });
    expect(await filesIn(data)).toEqual(before);
  });
});

async function filesIn(path: string): Promise<Record<string, string>> {
  const found = await readdir(path, { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const texts = await Promise.all(files.map((name) => readFile(name, 'latin1')));
  return Object.fromEntries(files.map((name, at) => [name, texts[at] ?? '']));
}

describe('no other user of the machine reads what is kept', () => {
  let mask: number;
  beforeEach(() => {
    // As it is where everybody trusts everybody.
    mask = process.umask(0);
  });
  afterEach(() => void process.umask(mask));

  /** What is open to others, by its path in the folder; the packages of Valkey are everybody's. */
  async function open(): Promise<string[]> {
    const found = await readdir(folder, { recursive: true, withFileTypes: true });
    const paths = found
      .filter((entry) => !entry.isSymbolicLink())
      .map(({ parentPath, name }) => join(parentPath, name));
    const modes = await Promise.all(paths.map(async (path) => ({ path, mode: (await stat(path)).mode })));
    expect(paths.length).toBeGreaterThan(3);
    return modes.filter(({ mode }) => (mode & 0o077) !== 0).map(({ path }) => path);
  }

  async function rewritten(connection: Valkey): Promise<void> {
    await connection.set('truth', 'FAKE');
    await connection.call('BGREWRITEAOF');
    await expect.poll(() => connection.info('persistence')).toContain('aof_rewrite_in_progress:0');
    await expect.poll(() => readdir(appendOnly(data))).toContain('appendonly.aof.2.base.rdb');
  }

  test('in a new folder, also after a rewrite', async () => {
    await started(async (connection) => {
      expect(await open()).toEqual([]);
      await rewritten(connection);
      expect(await open()).toEqual([]);
    });
  });

  test('in a folder of an older version', async () => {
    await started((connection) => rewritten(connection));
    const found = await readdir(data, { recursive: true, withFileTypes: true });
    await chmod(data, 0o755);
    for (const entry of found) {
      await chmod(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o755 : 0o644);
    }
    for (const name of ['valkey.json', 'valkey.conf']) await chmod(join(folder, name), 0o644);
    expect(await open()).not.toEqual([]);
    await started(async () => expect(await open()).toEqual([]));
  });

  test('where the data lies elsewhere', async () => {
    const elsewhere = await temporaryFolder();
    await chmod(elsewhere, 0o755);
    await symlink(elsewhere, data);
    await started((connection) => rewritten(connection));
    expect((await stat(elsewhere)).mode & 0o777).toBe(0o700);
    expect((await stat(incremental(elsewhere, 2))).mode & 0o777).toBe(0o600);
  });
});
