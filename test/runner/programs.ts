// Runs once before tests that start processes. The programs are bundled as `npm start` bundles them for the
// next start, unless they are already, and load once, so that Node keeps what it compiled: a process of the
// arena then starts with a third of the CPU that its sources take.

import { execFile, fork } from 'node:child_process';
import { cp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { ordersAwaited } from '../../server/cli/up/orders.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const home = join(root, '.arena', 'program');
const run = promisify(execFile);
const runMsMax = 2 * 3_600_000;

/** As `keep-program.ts` writes it. */
const Kept = z.object({
  folder: z.string(),
  sources: z.record(z.string(), z.tuple([z.number(), z.number()])),
});

export default async function prepare(): Promise<void> {
  process.env['NODE_COMPILE_CACHE'] ??= join(root, '.arena', 'compile-cache');
  let kept = await keptFolder();
  if (kept === null) {
    await run(process.execPath, [join(root, 'server/setup/keep-program.ts')]);
    kept = await keptFolder();
    if (kept === null) throw new Error('a source changed while the programs were bundled; run it again');
  }
  process.env['ARENA_TEST_PROGRAM'] = await copyOf(kept);
}

/** Tests that start the arena have it bundled anew, and the bundles before those go: these must stay. */
async function copyOf(kept: string): Promise<string> {
  const copy = join(home, `tests-${kept}`);
  const program = join(copy, 'cli', 'arena.mjs');
  const copies = (await readdir(home)).filter((name) => name.startsWith('tests-'));
  if (copies.includes(`tests-${kept}`)) return program;
  // A name tells when it was bundled. A run that began since may still be under way with its own.
  const old = copies.filter((name) => Number(name.split('-')[1]) < Date.now() - runMsMax);
  for (const name of old) await rm(join(home, name), { recursive: true, force: true });
  const fresh = join(home, `fresh-${process.pid}`);
  await cp(join(home, kept), fresh, { recursive: true });
  await rename(fresh, copy);
  await Promise.all([load(program, 'serve'), load(program, 'agents')]);
  return program;
}

/** Null where there is none, or one of other sources. */
async function keptFolder(): Promise<string | null> {
  const text = await readFile(join(home, 'kept.json'), 'utf8').catch(() => null);
  if (text === null) return null;
  const { folder, sources } = Kept.parse(JSON.parse(text));
  const same = Object.entries(sources).map(async ([path, [size, mtimeMs]]) => {
    const now = await stat(join(root, path)).catch(() => null);
    return now?.size === size && now.mtimeMs === mtimeMs;
  });
  return (await Promise.all(same)).every(Boolean) ? folder : null;
}

/** A program that waits for its orders has loaded; without a parent it ends, and its code is kept. */
async function load(program: string, verb: string): Promise<void> {
  const child = fork(program, [verb], {
    env: { ...process.env, [ordersAwaited]: 'yes' },
    execArgv: [],
    stdio: 'ignore',
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.disconnect();
  await ended;
}
