// The engine's package as somebody else gets it: packed, installed into an empty folder, and compiled against
// with the types that it brings. What it needs is copied from our own packages, so no registry is asked; npm
// objects where a version is not the one that the package names. That is done once for each state of the
// engine and kept under `.arena`; every test gets a copy, in a folder that knows nothing of the project.

import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';

const root = fileURLToPath(new URL('../..', import.meta.url));
const pack = fileURLToPath(new URL('../../streams/pack/pack.ts', import.meta.url));
const tsc = join(root, 'node_modules/typescript/bin/tsc');
const run = promisify(execFile);

const Manifest = z.looseObject({
  name: z.string(),
  version: z.string(),
  dependencies: z.record(z.string(), z.string()).default({}),
});

export interface Installed {
  readonly folder: string;
  /** Files in the tarball, from the top of the package. */
  readonly files: readonly string[];
  readonly manifest: z.infer<typeof Manifest>;
  /**
   * Compiles a program of the folder, by its name, or a copy of one, into `out`; gives back what the compiler
   * objects to.
   */
  compile(program: URL | string): Promise<string>;
  remove(): Promise<void>;
}

export async function installPackage(): Promise<Installed> {
  const kept = await installedOnce();
  const folder = await mkdtemp(join(tmpdir(), 'engine-user-'));
  await cp(kept, folder, { recursive: true, verbatimSymlinks: true });
  const [tarball = ''] = globSync('*.tgz', { cwd: folder }).map((name) => join(folder, name));
  return {
    folder,
    files: (await list(tarball)).map((path) => path.replace('package/', '')).sort(),
    manifest: await manifestOf(tarball),
    compile: (program) => compile(folder, program),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Where this state of the engine is installed. Two that ask at once both make it, and one is kept. */
async function installedOnce(): Promise<string> {
  const all = join(root, '.arena', 'engine-package');
  const kept = join(all, stateOfEngine());
  if (await isThere(kept)) return kept;
  await mkdir(all, { recursive: true });
  await removeOld(all);
  const made = await mkdtemp(join(all, 'new-'));
  try {
    await install(made);
    await rename(made, kept);
  } catch (error) {
    await rm(made, { recursive: true, force: true });
    if (!(await isThere(kept))) throw error;
  }
  return kept;
}

async function install(folder: string): Promise<void> {
  const { stdout } = await run(process.execPath, [pack, folder]);
  const tarball = stdout.trim();
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module', private: true }));
  const { dependencies } = await manifestOf(tarball);
  const needed = await withNeeds([...Object.keys(dependencies), '@types/node']);
  // A cache of its own, and an empty one: nothing comes from elsewhere.
  const cache = join(folder, '.npm');
  const offline = ['--offline', '--cache', cache, '--install-links'];
  const args = ['install', ...offline, '--ignore-scripts', '--loglevel=error', tarball, ...needed.map(ours)];
  await run('npm', args, { cwd: folder });
  await rm(cache, { recursive: true, force: true });
}

/** Of all that the package is made of and installed with, this file included. */
function stateOfEngine(): string {
  const files = globSync('streams/**/*.*', { cwd: root }).sort();
  const rest = ['LICENSE', 'package.json', 'package-lock.json', 'test/support/package.ts'];
  const hash = createHash('sha256');
  for (const file of [...files, ...rest]) hash.update(file).update(readFileSync(join(root, file)));
  return hash.digest('hex').slice(0, 16);
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** Those of earlier states; what is younger may be in use. */
async function removeOld(all: string): Promise<void> {
  for (const name of await readdir(all)) {
    const path = join(all, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
    if (Date.now() - mtimeMs > 3_600_000) await rm(path, { recursive: true, force: true });
  }
}

const manifestOf = async (tarball: string): Promise<z.infer<typeof Manifest>> =>
  Manifest.parse(JSON.parse(await fileIn(tarball, 'package/package.json')));

const fileIn = async (tarball: string, path: string): Promise<string> =>
  (await run('tar', ['-xzOf', tarball, path])).stdout;

const list = async (tarball: string): Promise<string[]> =>
  (await run('tar', ['-tzf', tarball])).stdout.trim().split('\n');

const ours = (name: string): string => join(root, 'node_modules', name);

const ourManifestOf = async (name: string): Promise<z.infer<typeof Manifest>> =>
  Manifest.parse(JSON.parse(await readFile(join(ours(name), 'package.json'), 'utf8')));

/** With all that they need in turn. */
async function withNeeds(names: readonly string[]): Promise<string[]> {
  const wanted = new Set(names);
  for (const name of wanted) {
    const { dependencies } = await ourManifestOf(name);
    for (const needed of Object.keys(dependencies)) wanted.add(needed);
  }
  return [...wanted];
}

/** As strict as a program can be, also about the types of the package itself. */
async function compile(folder: string, program: URL | string): Promise<string> {
  const name = typeof program === 'string' ? program : basename(program.pathname);
  if (typeof program !== 'string') await cp(program, join(folder, name));
  const strict = [
    '--strict',
    '--exactOptionalPropertyTypes',
    '--noUncheckedIndexedAccess',
    '--noEmitOnError',
  ];
  const plain = ['--module', 'nodenext', '--target', 'es2024', '--types', 'node', '--skipLibCheck', 'false'];
  const imports = ['--rewriteRelativeImportExtensions'];
  const args = [tsc, ...strict, ...plain, ...imports, '--pretty', 'false', '--outDir', 'out', name];
  const outcome = await run(process.execPath, args, { cwd: folder }).catch((error: unknown) => error);
  return z.object({ stdout: z.string() }).parse(outcome).stdout;
}

export interface Node {
  readonly command: string;
  /** Such as `v24.12.0`. */
  readonly version: string;
}

/** The Node that runs this, and those that PATH names; one of each version. */
export function nodesHere(): readonly Node[] {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const nodes = [process.execPath, ...folders.map((path) => join(path, 'node'))].flatMap((command) => {
    try {
      return [{ command, version: execFileSync(command, ['--version'], { encoding: 'utf8' }).trim() }];
    } catch {
      return [];
    }
  });
  return nodes.filter(({ version }, at) => nodes.findIndex((other) => other.version === version) === at);
}
