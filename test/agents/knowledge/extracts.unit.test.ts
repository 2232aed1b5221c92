// What claims are made from is what the packages say, in the versions that package.json names.

import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { makeExtracts } from './extracts/extracts.ts';

const folder = fileURLToPath(new URL('../../../agents/knowledge/data', import.meta.url));

test('the extracts of open data are what `npm run extract` makes of the packages, with their licences', async () => {
  const made = await makeExtracts();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const kept = files.map(({ parentPath, name }) => `${parentPath}/${name}`.slice(folder.length + 1));
  expect(kept.sort()).toEqual([...made.keys()].sort());
  for (const [name, text] of made) expect(await readFile(`${folder}/${name}`, 'utf8'), name).toBe(text);
});
