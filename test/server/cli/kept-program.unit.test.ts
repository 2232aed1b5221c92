// The programs of `npm start` are bundled for the next one, which takes the bundle if it is of the sources.

import { execFileSync, spawnSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'arena-kept-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('a start takes what is kept while every source is as it was, else the sources', async () => {
  const put = async (path: string, text: string) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  };
  const choose = 'server/cli/up/choose.mjs';
  await put(choose, '');
  await copyFile(join(root, choose), join(folder, choose));
  await put('server/cli/up/start.ts', "process.stdout.write('sources')");
  await put('.arena/program/one/cli/up/start.mjs', 'process.stdout.write(process.env.ARENA_PROGRAM)');
  await put('core/rules.ts', 'one');
  const run = () => execFileSync(process.execPath, [join(folder, choose)], { encoding: 'utf8' });
  expect(run()).toBe('sources');
  const { size, mtimeMs } = await stat(join(folder, 'core/rules.ts'));
  await put(
    '.arena/program/kept.json',
    JSON.stringify({ folder: 'one', sources: { 'core/rules.ts': [size, mtimeMs] } }),
  );
  expect(run()).toBe(join(folder, '.arena/program/one/cli/arena.mjs'));
  await put('core/rules.ts', 'two');
  expect(run()).toBe('sources');
  await put('.arena/program/kept.json', '{"folder": "one", "sour');
  expect(run()).toBe('sources');
});

test('a stack trace of the bundle names the source; all that it was made of is watched', async () => {
  execFileSync(process.execPath, [join(root, 'server/setup/keep-program.ts')]);
  const home = join(root, '.arena/program');
  const kept = JSON.parse(await readFile(join(home, 'kept.json'), 'utf8')) as Kept;
  const watched = Object.keys(kept.sources);
  for (const of of ['core/decide.ts', 'streams/parts.ts', 'node_modules/zod/', 'server/cli/up/start.ts'])
    expect(
      watched.some((path) => path.startsWith(of)),
      of,
    ).toBe(true);
  // A note that no start has written: a bug, as far as the program knows.
  await writeFile(join(folder, 'valkey.json'), '{}');
  const args = ['--enable-source-maps', join(home, kept.folder, 'cli/arena.mjs'), 'up'];
  const env = { PATH: process.env['PATH'], ARENA_DATA_DIR: folder, PORT: '0' };
  const { stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env });
  const source = await readFile(join(root, 'server/setup/embedded-valkey.ts'), 'utf8');
  const line = source.split('\n').findIndex((text) => text.includes('Note.parse(')) + 1;
  expect(stderr).toContain(`server/setup/embedded-valkey.ts:${line}:`);
  expect(stderr).not.toContain('.mjs');
}, 30_000);

interface Kept {
  readonly folder: string;
  readonly sources: Readonly<Record<string, unknown>>;
}
