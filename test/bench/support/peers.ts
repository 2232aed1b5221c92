// The programs that ours is measured beside. They stand in a package of their own, which is installed when a
// benchmark first asks for one: everything else does without them.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { progress } from './interleaved.ts';

const folder = fileURLToPath(new URL('../peers', import.meta.url));

/**
 * A peer by its name in `test/bench/peers/package.json`, with the version that runs. The caller says what it
 * uses of it: the types of the peers are no part of this checkout.
 */
export async function loadPeer(
  name: string,
): Promise<{ readonly version: string; readonly module: unknown }> {
  const { dependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (!Object.hasOwn(dependencies, name)) throw new Error(`${name} is none of the peers`);
  install();
  const found = createRequire(join(folder, 'package.json')).resolve(name);
  return { version: String(dependencies[name]), module: await import(pathToFileURL(found).href) };
}

/** `npm ci` where the lock file has changed since the last one. */
function install(): void {
  const stampFile = join(folder, 'node_modules', '.stamp');
  const lock = readFileSync(join(folder, 'package-lock.json'));
  const stamp = createHash('sha256').update(lock).digest('hex');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  progress('installing the peers (the first time only)');
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status, error } = spawnSync('npm', args, { cwd: folder, stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error('npm could not install the peers', { cause: error });
  writeFileSync(stampFile, stamp);
}
