// Bundles the page in memory when the server starts: no build step, nothing on disk to go stale. Names carry
// a hash of the content, so browsers may keep what they have.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export interface Asset {
  readonly body: Uint8Array;
  readonly type: string;
}

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const types = { js: 'text/javascript; charset=utf-8', css: 'text/css; charset=utf-8' } as const;

/** Assets by URL path; `/` is the page itself, for every path that shows it. */
export async function buildWeb(): Promise<ReadonlyMap<string, Asset>> {
  const { outputFiles } = await build({
    entryPoints: [here('main.tsx')],
    outfile: here('main.js'),
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    logLevel: 'silent',
  });
  const assets = new Map<string, Asset>();
  const urlOf = (kind: 'js' | 'css'): string => {
    const file = outputFiles.find(({ path }) => path.endsWith(`.${kind}`));
    if (file === undefined) throw new Error(`the page has no ${kind}`);
    const hash = createHash('sha256').update(file.contents).digest('hex').slice(0, 10);
    const url = `/assets/main-${hash}.${kind}`;
    assets.set(url, { body: file.contents, type: types[kind] });
    return url;
  };
  const page = (await readFile(here('page.html'), 'utf8'))
    .replace('%script%', urlOf('js'))
    .replace('%style%', urlOf('css'));
  return assets.set('/', { body: new TextEncoder().encode(page), type: 'text/html; charset=utf-8' });
}
