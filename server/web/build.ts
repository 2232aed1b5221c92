// The page as it is served: one document for every screen, with its scripts and styles. Browsers may
// keep those, since their names carry a hash of the content.

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundle, keptBundle } from './bundle.ts';

export interface Asset {
  readonly body: Uint8Array;
  readonly type: string;
}

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const types = { js: 'text/javascript; charset=utf-8', css: 'text/css; charset=utf-8' } as const;

/**
 * Assets by URL path; `/` is the page itself, for every path that shows it. `publicUrl`: how people
 * reach it. `keptIn`: the file of the last bundle, if one is kept.
 */
export async function buildWeb(publicUrl: string, keptIn?: string): Promise<ReadonlyMap<string, Asset>> {
  const { files, script, style } = keptIn === undefined ? await bundle() : await keptBundle(keptIn);
  const bytes = (text: string) => new TextEncoder().encode(text);
  const assets = new Map<string, Asset>();
  for (const [name, text] of Object.entries(files)) {
    assets.set(`/assets/${name}`, { body: bytes(text), type: types[name.endsWith('.css') ? 'css' : 'js'] });
  }
  const page = (await readFile(here('page.html'), 'utf8'))
    .replace('%public-url%', new URL(publicUrl).href)
    .replace('%script%', `/assets/${script}`)
    .replace('%style%', `/assets/${style}`);
  return assets.set('/', { body: bytes(page), type: 'text/html; charset=utf-8' });
}
