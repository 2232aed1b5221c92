// The engine's package as somebody else gets it: packed, installed into an empty folder, and compiled against
// with the types that it brings. What it needs is copied from our own packages, so no registry is asked; npm
// objects where a version is not the one that the package names.

import { execFile, execFileSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
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
  /** Compiles a copy of a program within the folder, into `out`; gives back what the compiler objects to. */
  compile(program: URL): Promise<string>;
  remove(): Promise<void>;
}

export async function installPackage(): Promise<Installed> {
  const folder = await mkdtemp(join(tmpdir(), 'engine-user-'));
  const { stdout } = await run(process.execPath, [pack, folder]);
  const tarball = stdout.trim();
  const manifest = Manifest.parse(JSON.parse(await fileIn(tarball, 'package/package.json')));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module', private: true }));
  const needed = await withNeeds([...Object.keys(manifest.dependencies), '@types/node']);
  // A cache of its own, and an empty one: nothing comes from elsewhere.
  const offline = ['--offline', '--cache', join(folder, '.npm'), '--install-links'];
  const args = ['install', ...offline, '--ignore-scripts', '--loglevel=error', tarball, ...needed.map(ours)];
  await run('npm', args, { cwd: folder });
  return {
    folder,
    files: (await list(tarball)).map((path) => path.replace('package/', '')).sort(),
    manifest,
    compile: (program) => compile(folder, program),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

const fileIn = async (tarball: string, path: string): Promise<string> =>
  (await run('tar', ['-xzOf', tarball, path])).stdout;

const list = async (tarball: string): Promise<string[]> =>
  (await run('tar', ['-tzf', tarball])).stdout.trim().split('\n');

const ours = (name: string): string => join(root, 'node_modules', name);

const manifestOf = async (name: string): Promise<z.infer<typeof Manifest>> =>
  Manifest.parse(JSON.parse(await readFile(join(ours(name), 'package.json'), 'utf8')));

/** With all that they need in turn. */
async function withNeeds(names: readonly string[]): Promise<string[]> {
  const wanted = new Set(names);
  for (const name of wanted) {
    const { dependencies } = await manifestOf(name);
    for (const needed of Object.keys(dependencies)) wanted.add(needed);
  }
  return [...wanted];
}

/** As strict as a program can be, also about the types of the package itself. */
async function compile(folder: string, program: URL): Promise<string> {
  const name = basename(program.pathname);
  await cp(program, join(folder, name));
  const strict = [
    '--strict',
    '--exactOptionalPropertyTypes',
    '--noUncheckedIndexedAccess',
    '--noEmitOnError',
  ];
  const plain = ['--module', 'nodenext', '--target', 'es2024', '--types', 'node', '--skipLibCheck', 'false'];
  const args = [tsc, ...strict, ...plain, '--pretty', 'false', '--outDir', 'out', name];
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
