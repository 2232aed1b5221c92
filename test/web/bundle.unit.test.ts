// The page's bundle is made once for its sources, and anew when one of them is another.

import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Bundle, bundle, keptBundle } from '../../server/web/bundle.ts';

let folder: string;
let made: number;
const file = () => join(folder, 'kept', 'page.json');
const counted = (): Promise<Bundle> => {
  made++;
  return bundle();
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'arena-bundle-'));
  made = 0;
});
afterEach(() => rm(folder, { recursive: true }));

test('a second start takes the bundle of the first; no other user can read or change it', async () => {
  const first = await keptBundle(file(), counted);
  expect(await keptBundle(file(), counted)).toEqual(first);
  expect(made).toBe(1);
  expect((await stat(file())).mode & 0o777).toBe(0o600);
  // What the page is made of is in it: its own files, and packages.
  const sources = Object.keys(first.sources);
  for (const of of ['server/web/main.tsx', 'server/web/style.css', 'node_modules/preact/'])
    expect(
      sources.some((path) => path.startsWith(of)),
      of,
    ).toBe(true);
});

test('a source that is another, a file that is torn or cannot be written: it is bundled anew', async () => {
  const first = await keptBundle(file(), counted);
  const sources = { ...first.sources, 'server/web/main.tsx': 'another hash' };
  await writeFile(file(), JSON.stringify({ ...first, sources, files: {} }));
  expect(await keptBundle(file(), counted)).toEqual(first);
  await writeFile(file(), (await readFile(file(), 'utf8')).slice(0, 1_000));
  expect(await keptBundle(file(), counted)).toEqual(first);
  expect(made).toBe(3);
  expect(await keptBundle('/dev/null/page.json', counted)).toEqual(first);
  expect(made).toBe(4);
});
