// The scripts and styles of the page, bundled of its sources; and kept on disk for the next start, with
// a hash of every file that went in. So there is no build step and nothing goes stale: what was changed
// is bundled anew.

import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const Bundle = z.object({
  /** Hashes of the sources, by their paths in the checkout. */
  sources: z.record(z.string(), z.string()),
  /** By name; names carry a hash of the content. */
  files: z.record(z.string(), z.string()),
  /** Names of what the page begins with. */
  script: z.string(),
  style: z.string(),
});
export type Bundle = z.infer<typeof Bundle>;

const checkout = fileURLToPath(new URL('../..', import.meta.url));
const entry = 'server/web/main.tsx';

/** The bundle that is kept in the file, if it is of the sources as they are; else a new one. */
export async function keptBundle(file: string, make: () => Promise<Bundle> = bundle): Promise<Bundle> {
  const kept = await readBundle(file);
  if (kept !== null && (await isOf(kept.sources))) return kept;
  const made = await make();
  await keep(file, made);
  return made;
}

async function readBundle(file: string): Promise<Bundle | null> {
  try {
    return Bundle.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    // None yet, or one of another version: a new one takes its place.
    return null;
  }
}

async function isOf(sources: Bundle['sources']): Promise<boolean> {
  const now = await Promise.all(
    Object.keys(sources).map(async (path) => [path, await hashOf(path)] as const),
  );
  return now.every(([path, hash]) => hash === sources[path]);
}

async function hashOf(path: string): Promise<string | null> {
  const bytes = await readFile(join(checkout, path)).catch(() => null);
  return bytes === null ? null : createHash('sha256').update(bytes).digest('base64');
}

/** Whole or not at all. Where nothing can be written, as in a container, each start bundles. */
async function keep(file: string, made: Bundle): Promise<void> {
  const fresh = `${file}.${randomUUID()}`;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(fresh, JSON.stringify(made), { mode: 0o600 });
    await rename(fresh, file);
  } catch (error) {
    if (!(error instanceof Error && 'errno' in error)) throw error;
  }
}

/** esbuild is loaded here alone, and its process, which waits for more work, is ended. */
export async function bundle(): Promise<Bundle> {
  const { build, stop } = await import('esbuild');
  const { outputFiles, metafile } = await build({
    absWorkingDir: checkout,
    entryPoints: [entry],
    outdir: dirname(entry),
    entryNames: 'assets/[name]-[hash]',
    chunkNames: 'assets/[name]-[hash]',
    bundle: true,
    splitting: true,
    write: false,
    metafile: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    logLevel: 'silent',
  }).finally(() => stop());
  const begun = Object.entries(metafile.outputs).find(([, output]) => output.entryPoint === entry);
  if (begun === undefined || begun[1].cssBundle === undefined)
    throw new Error('the page has no script or no style');
  const inputs = Object.keys(metafile.inputs).map(
    async (path) => [path, (await hashOf(path)) ?? ''] as const,
  );
  return {
    sources: Object.fromEntries(await Promise.all(inputs)),
    files: Object.fromEntries(outputFiles.map(({ path, text }) => [basename(path), text])),
    script: basename(begun[0]),
    style: basename(begun[1].cssBundle),
  };
}
