// What is served under `/docs`: made once, when the server starts.

import { readFile } from 'node:fs/promises';
import type { Assets } from '../app.ts';
import { asyncApi } from './asyncapi.ts';
import { docsPage } from './page.ts';

/** `page` is the web page with its style sheet; `url` where players reach this server. */
export async function docsAssets(
  page: Assets,
  { version, url }: { version: string; url: string },
): Promise<Assets> {
  const style = [...page.keys()].find((path) => path.endsWith('.css')) ?? '';
  const client = await readFile(new URL('client.mjs', import.meta.url), 'utf8');
  const bytes = (text: string) => new TextEncoder().encode(text);
  return new Map([
    ['/docs', { body: bytes(docsPage({ style, client })), type: 'text/html; charset=utf-8' }],
    ['/docs/client.mjs', { body: bytes(client), type: 'text/javascript; charset=utf-8' }],
    [
      '/docs/asyncapi.json',
      { body: bytes(JSON.stringify(asyncApi({ version, url }), null, 1)), type: 'application/json' },
    ],
  ]);
}
