import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, copyFile, link, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

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
