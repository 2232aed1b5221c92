// The fuzzing finds what is wrong with a server, and says by which request.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fuzz } from './fuzz.ts';
import { documentedIn } from './judge.ts';
import { shrunk } from './keep.ts';
import { startWorld } from './world.ts';

const documented = documentedIn(readFileSync(new URL('../../server/README.md', import.meta.url), 'utf8'));

test('a mistake that is planted in a server is found, and made as small as one request', async () => {
  const planted = await startWorld({ alone: true, preload: 'planted.ts' });
  const found = await fuzz(planted, { seed: 'planted', frames: 20_000, documented, findingsMax: 1 });
  const [finding] = found.findings;
  expect(finding?.wrong.join()).toContain('refused as internal');
  const small = await shrunk(finding ?? { wrong: [], episodes: [] }, documented, async () => planted);
  const sent = small.flatMap(({ steps }) => steps.map(({ data }) => data));
  expect(sent).toHaveLength(1);
  expect(sent[0]).toContain('"extend"');
});
