// `npm run extract`: writes the extracts of open data anew, from the packages that package.json names. For
// a new version of one of them; what it changes in the claims is then seen in the difference.

import { mkdir, writeFile } from 'node:fs/promises';
import { makeExtracts } from './extracts.ts';

const folder = new URL('../../../../agents/knowledge/data/', import.meta.url);
for (const [name, text] of await makeExtracts()) {
  const file = new URL(name, folder);
  await mkdir(new URL('.', file), { recursive: true });
  await writeFile(file, text);
  console.log(`${name}: ${Math.round(text.length / 1_024)} kB`);
}
