// What is served under `/docs`: made once, when the server starts.

import { readFile } from 'node:fs/promises';
import type { Assets } from '../http/app.ts';
import { asyncApi } from './asyncapi.ts';
import { docsPage } from './page.ts';

/** `page` is the web page with its style sheet; `url` where players reach this server. */
export async function docsAssets(
  page: Assets,
  { version, url }: { version: string; url: string },
): Promise<Assets> {
  const style = [...page.keys()].find((path) => path.endsWith('.css')) ?? '';
  const site = url.replace(/\/$/, '');
  const [client, host] = await Promise.all([program('client.mjs', site), program('host.mjs', site)]);
  const bytes = (text: string) => new TextEncoder().encode(text);
  const script = (text: string) => ({ body: bytes(text), type: 'text/javascript; charset=utf-8' });
  return new Map([
    ['/docs', { body: bytes(docsPage({ style, client, host, site })), type: 'text/html; charset=utf-8' }],
    ['/docs/client.mjs', script(client)],
    ['/docs/host.mjs', script(host)],
    [
      '/docs/asyncapi.json',
      { body: bytes(JSON.stringify(asyncApi({ version, url }), null, 1)), type: 'application/json' },
    ],
  ]);
}

/** A program to show, told how to be run against this server. */
async function program(file: string, site: string): Promise<string> {
  const text = await readFile(new URL(file, import.meta.url), 'utf8');
  return text.replaceAll('http://localhost:8000', site);
}
