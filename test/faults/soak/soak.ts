// `npm run soak`: the stack of `npm start`, hundreds of players in room after room, rooms that leave the
// store by the project's own retention; judges whether memory is flat and whether nothing is left at the end.

import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { newTally } from '../../../server/cli/play/bots.ts';
import { embeddedUrl, freePort } from '../../../server/setup/embedded-valkey.ts';
import { findValkey } from '../../../server/setup/valkey-binary.ts';
import { connect, untilReady } from '../../../streams/parts.ts';
import { type Life, startLife } from '../../bench/start/life.ts';
import { machine } from '../../bench/support/machine.ts';
import { censusOf } from './census.ts';
import { playOn } from './crowd.ts';
import { settle } from './ending.ts';
import { fillShelves } from './fill.ts';
import { startMinutes } from './flat.ts';
import { readOptions, type SoakOptions, usage } from './options.ts';
import { reportOf, type Soaked, verdictOf, writeReport } from './report.ts';
import { keepRetaining } from './retaining.ts';
import { heapsOf, sample } from './samples.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const known = join(root, '.arena');

function optionsOrEnd(): SoakOptions {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n${usage}`);
    process.exit(2);
  }
}

/** The stack ends with the soak, however that ends. */
async function soak(options: SoakOptions, folder: string): Promise<Soaked> {
  const stage = await stageIn(folder);
  const life = await startLife(stage);
  try {
    return await soakOn(life, { ...stage, options });
  } finally {
    await life.stop();
  }
}

async function stageIn(folder: string) {
  const [dataDir, heaps] = [join(folder, 'data'), join(folder, 'heaps')];
  for (const one of [dataDir, heaps]) await mkdir(one, { recursive: true });
  await findValkey(known, () => undefined);
  await symlink(join(known, 'valkey'), join(dataDir, 'valkey')).catch(() => undefined);
  const env = {
    ARCHIVE_DIR: join(folder, 'archive'),
    INTERMISSION_MS: '1500',
    NODE_OPTIONS: `--import ${fileURLToPath(new URL('heap-on-signal.mjs', import.meta.url))}`,
    SOAK_HEAPS: heaps,
  };
  return { root, dataDir, heaps, archive: env.ARCHIVE_DIR, port: await freePort(), env };
}

interface Staged extends Awaited<ReturnType<typeof stageIn>> {
  readonly options: SoakOptions;
}

const timer = (minutes: number): AbortSignal => AbortSignal.timeout(minutes * 60_000);

async function soakOn(life: Life, { options, dataDir, heaps, archive, port }: Staged): Promise<Soaked> {
  const commands = connect((await embeddedUrl(dataDir)) ?? '', 'soak');
  await untilReady(commands, AbortSignal.timeout(60_000));
  await fillShelves(commands);
  const over = new AbortController();
  const tally = newTally();
  const look = async () => ({
    heaps: await heapsOf(life.family(), heaps),
    census: await censusOf(commands),
  });
  const site = `http://127.0.0.1:${port}`;
  const playing = playOn({ site, ...options, tally, until: timer(options.minutes) }).then(async () => {
    const last = await look();
    over.abort();
    return last;
  });
  const settled = sleep(2 * startMinutes(options.minutes) * 60_000).then(look);
  const [last, first, sampled, retired] = await Promise.all([
    playing,
    settled,
    sample({ family: life.family, commands, signal: over.signal }),
    keepRetaining({ dataDir, archive, signal: over.signal }),
  ]);
  const ending = await settle({ life, commands, dataDir, archive });
  const { joined, answered, over: games, refused } = tally;
  return {
    ...sampled,
    options,
    machine: await machine(),
    tally: { joined, answered, over: games, refused: Object.fromEntries(refused) },
    first,
    last,
    retired: retired + ending.retired,
    ending,
  };
}

const options = optionsOrEnd();
const folder = await mkdtemp(join(tmpdir(), 'arena-soak-'));
console.log(`soak: ${JSON.stringify(options)}`);
const soaked = await soak(options, folder);
const text = reportOf(soaked);
console.log(text);
if (options.report) writeReport(text);
await rm(folder, { recursive: true, force: true });
const problems = verdictOf(soaked);
for (const problem of problems) console.error(`soak: ${problem}`);
process.exit(problems.length === 0 ? 0 : 1);
