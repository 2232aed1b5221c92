// Bundles the programs of `npm start` for the next one, which then loads a few files instead of a
// thousand. Run by `up.ts` as a process of its own once people can come in, where `choose.mjs` has found
// none that is of the sources as they are. A stack trace names the sources all the same: maps stand
// beside the bundle.

import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { setPriority } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin, stop } from 'esbuild';

const checkout = fileURLToPath(new URL('../..', import.meta.url));
const home = join(checkout, '.arena', 'program');
// An arena that runs may load a part of its bundle late.
const foldersKept = 3;

/** A module finds files beside its source, wherever its code stands. */
const atTheirPlace: Plugin = {
  name: 'at their place',
  setup({ onLoad }) {
    onLoad({ filter: /\.(m?js|ts)$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const contents = text.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href));
      return { contents, loader: path.endsWith('.ts') ? 'ts' : 'js' };
    });
  },
};

/** Gives the files that went into the bundle. */
async function bundleInto(folder: string): Promise<string[]> {
  const { metafile } = await build({
    absWorkingDir: checkout,
    entryPoints: ['server/cli/arena.ts', 'server/cli/up/start.ts'],
    outbase: 'server',
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    plugins: [atTheirPlace],
    // What is seldom loaded, and what looks for itself in its package.
    external: ['esbuild', 'ollama', 'openai', 'pino', '@opentelemetry/*'],
    banner: {
      js: `import { createRequire as requireOf } from 'node:module'; const require = requireOf(${JSON.stringify(join(checkout, 'package.json'))});`,
    },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    sourcemap: 'linked',
    sourcesContent: false,
    metafile: true,
    logLevel: 'silent',
  }).finally(() => stop());
  return Object.keys(metafile.inputs);
}

async function sizesOf(paths: readonly string[]): Promise<Record<string, readonly [number, number]>> {
  const entries = paths.map(async (path) => {
    const { size, mtimeMs } = await stat(join(checkout, path));
    return [relative(checkout, join(checkout, path)), [size, mtimeMs]] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

setPriority(10);
await mkdir(home, { recursive: true, mode: 0o700 });
const folder = `${Date.now()}-${randomUUID()}`;
const before = Date.now();
const sources = await sizesOf(await bundleInto(join(home, folder)));
// What was written meanwhile may be in the bundle or not.
if (Object.values(sources).every(([, mtimeMs]) => mtimeMs < before)) {
  const fresh = join(home, `${folder}.json`);
  await writeFile(fresh, JSON.stringify({ folder, sources }), { mode: 0o600 });
  await rename(fresh, join(home, 'kept.json'));
}
const folders = (await readdir(home)).filter((name) => /^\d+-/.test(name)).sort();
for (const old of folders.slice(0, -foldersKept)) await rm(join(home, old), { recursive: true, force: true });
process.exit();
