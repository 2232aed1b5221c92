// `npm run faults`: programs under test, a workload, and faults that overlap, all from one seed; then a
// verdict from what clients saw and from the raw log.

import { type FaultOptions, readOptions, usage } from './options.ts';
import type { World } from './world.ts';

function optionsOrEnd(): FaultOptions {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n${usage}`);
    process.exit(2);
  }
}

async function loadWorld(name: string): Promise<World> {
  const { world } = (await import(`./worlds/${name}.ts`)) as { world: World };
  return world;
}

const options = optionsOrEnd();
console.log(`faults: ${JSON.stringify(options)}`);
for (const name of options.worlds) {
  const { kinds, commands } = await loadWorld(name);
  console.log(`${name}: ${kinds.join(', ')}; ${commands.join(', ')}`);
}
