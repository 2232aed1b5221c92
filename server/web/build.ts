// Bundles the page in memory when the server starts: no build step, nothing on disk to go stale. Names carry
// a hash of the content, so browsers may keep what they have.

import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export interface Asset {
  readonly body: Uint8Array;
  readonly type: string;
}

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const types = { js: 'text/javascript; charset=utf-8', css: 'text/css; charset=utf-8' } as const;

/**
 * Assets by URL path; `/` is the page itself, for every path that shows it. `publicUrl`: how people reach it.
 */
export async function buildWeb(publicUrl: string): Promise<ReadonlyMap<string, Asset>> {
  const { outputFiles, metafile } = await build({
    entryPoints: [here('main.tsx')],
    outdir: here('.'),
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
  });
  const assets = new Map<string, Asset>();
  for (const { path, contents } of outputFiles) {
    const kind = path.endsWith('.css') ? 'css' : 'js';
    assets.set(`/assets/${basename(path)}`, { body: contents, type: types[kind] });
  }
  const entry = Object.entries(metafile.outputs).find(([, output]) =>
    output.entryPoint?.endsWith('main.tsx'),
  );
  if (entry === undefined || entry[1].cssBundle === undefined)
    throw new Error('the page has no script or no style');
  const page = (await readFile(here('page.html'), 'utf8'))
    .replace('%public-url%', new URL(publicUrl).href)
    .replace('%script%', `/assets/${basename(entry[0])}`)
    .replace('%style%', `/assets/${basename(entry[1].cssBundle)}`);
  return assets.set('/', { body: new TextEncoder().encode(page), type: 'text/html; charset=utf-8' });
}
