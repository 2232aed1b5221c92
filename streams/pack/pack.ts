// `npm run pack:engine [-- <folder>]`: the engine as one tarball for `npm install`, written into the folder
// (by default where npm was called). Name and version stand in `package.json` beside this file. Its
// dependencies are what its code imports, in the versions that the whole project is tested with.

import { execFileSync } from 'node:child_process';
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const engine = fileURLToPath(new URL('..', import.meta.url));
const project = join(engine, '..');
const manifestFile = join(engine, 'pack', 'package.json');
const tsc = join(project, 'node_modules/typescript/bin/tsc');

type Json = Record<string, unknown>;

function readJson(file: string): Json {
  return JSON.parse(readFileSync(file, 'utf8')) as Json;
}

/** Writes the package into an empty folder: JavaScript with types, the Lua beside it, and its papers. */
function build(into: string): void {
  const emit = [tsc, '-p', join(engine, 'pack'), '--outDir', into];
  execFileSync(process.execPath, emit, { stdio: ['ignore', 2, 2] });
  for (const lua of globSync('**/*.lua', { cwd: engine })) cpSync(join(engine, lua), join(into, lua));
  for (const paper of ['README.md', 'CHANGELOG.md']) cpSync(join(engine, paper), join(into, paper));
  // As they are read, not as they would run here: Node takes types away in a program's own folder alone.
  cpSync(join(engine, 'examples'), join(into, 'examples'), { recursive: true });
  cpSync(join(project, 'LICENSE'), join(into, 'LICENSE'));
  const manifest = { ...readJson(manifestFile), dependencies: dependenciesOf(into) };
  writeFileSync(join(into, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** Packages that the code or its types import, each with the version that the project has pinned. */
function dependenciesOf(folder: string): Record<string, string> {
  const files = globSync('**/*.{js,d.ts}', { cwd: folder });
  const packages = new Set(files.flatMap((file) => packagesIn(readFileSync(join(folder, file), 'utf8'))));
  const pinned = readJson(join(project, 'package.json'))['dependencies'] as Record<string, string>;
  return Object.fromEntries([...packages].sort().map((name) => [name, pinnedVersion(name, pinned)]));
}

function packagesIn(code: string): string[] {
  const specifiers = [...code.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*['"]([^'"]+)['"]/g)].map(
    ([, to = '']) => to,
  );
  return specifiers
    .filter((to) => !to.startsWith('.') && !to.startsWith('node:'))
    .map((to) =>
      to
        .split('/')
        .slice(0, to.startsWith('@') ? 2 : 1)
        .join('/'),
    );
}

function pinnedVersion(name: string, pinned: Record<string, string>): string {
  const version = pinned[name];
  if (version === undefined) throw new Error(`the engine imports ${name}, which package.json does not name`);
  return version;
}

const into = resolve(process.env['INIT_CWD'] ?? '.', process.argv[2] ?? '.');
const folder = mkdtempSync(join(tmpdir(), 'engine-package-'));
try {
  const content = join(folder, 'content');
  build(content);
  const quiet = ['--ignore-scripts', '--loglevel=error', '--cache', join(folder, 'npm')];
  const pack = ['pack', content, '--pack-destination', into, ...quiet];
  const name = execFileSync('npm', pack, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  process.stdout.write(`${join(into, name.trim())}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
