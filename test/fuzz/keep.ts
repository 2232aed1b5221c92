// A finding is made small on servers of its own and kept as a file that plays it again.

import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Episode } from './episode.ts';
import { type Finding, isWrong } from './fuzz.ts';
import type { Documented } from './judge.ts';
import { shrink } from './shrink.ts';
import type { World } from './world.ts';

const folder = fileURLToPath(new URL('../../.arena/fuzz/', import.meta.url));

/** `open`: gives a server to ask, a new one where the last has ended. */
export async function shrunk(
  { episodes }: Finding,
  documented: Documented,
  open: () => Promise<World>,
): Promise<readonly Episode[]> {
  let world = await open();
  const small = await shrink(
    episodes,
    async (some) => {
      if (!world.isAlive()) {
        await world.stop();
        world = await open();
      }
      return isWrong(world, some, documented);
    },
    80,
  );
  await world.stop();
  return small;
}

/** The path of the file. */
export function keep(name: string, wrong: readonly string[], episodes: readonly Episode[]): string {
  mkdirSync(folder, { recursive: true });
  const path = `${folder}${name.replace(/[^\w.-]/g, '_')}.json`;
  writeFileSync(path, JSON.stringify({ wrong, episodes }, null, 2));
  return path;
}
