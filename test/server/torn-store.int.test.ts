// A Valkey of one's own that cuts its file by itself: what the doctor and a start say of it.

import { readdir, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { preflightOf } from '../../server/operate/preflight.ts';
import { appendOnly, incremental, temporaryFolder } from '../support/aof.ts';
import { startCrashing } from '../support/crashing-valkey.ts';
import { type Engine, startEngine } from '../support/engine.ts';
import { freePort } from '../support/ports.ts';

/** Lives once on the folder, and is killed. */
async function living<T>(folder: string, mends: boolean, live: (engine: Engine) => Promise<T>): Promise<T> {
  const server = await startCrashing(folder, await freePort(), mends);
  const engine = await startEngine(server.url);
  try {
    return await live(engine);
  } finally {
    await engine.close();
    await server.kill();
  }
}

/** What is found about crashes: its mood, and all that is said. */
async function found({ commands, keys }: Engine) {
  const findings = await preflightOf(commands, keys);
  return findings
    .map(({ mood, what, cure }) => ({ mood, said: `${what}. ${cure}` }))
    .filter(({ said }) => /aof-load-truncated|own file/.test(said));
}

const commit = ({ commands }: Engine, entry: string) =>
  commands.multi().xadd('log', '1-0', 'e', entry).hset('meta', 'rev', '1').exec();

const risk = [{ mood: 'note', said: expect.stringContaining('(aof-load-truncated yes)') }];

test('a server that would cut its file is told of, one that refuses it is not', async () => {
  const folder = await temporaryFolder();
  expect(await living(folder, true, found)).toEqual([]);
  expect(await living(folder, false, found)).toEqual(risk);
});

test('a server that has cut its file is found, then what it lost; a rewrite in between heals it', async () => {
  const [folder, healed] = [await temporaryFolder(), await temporaryFolder()];
  for (const each of [folder, healed]) {
    await living(each, false, (engine) => commit(engine, 'half'));
    const file = incremental(join(each, 'data'));
    await truncate(file, (await stat(file)).size - 20);
  }
  const torn = [{ mood: 'bad', said: expect.stringMatching(/tore its file .* BGREWRITEAOF/) }];
  const writeOn = async (engine: Engine) => {
    expect(await found(engine)).toEqual(torn);
    await commit(engine, 'fresh');
    expect(await found(engine)).toEqual(torn);
  };
  await living(folder, false, writeOn);
  await living(folder, false, async (engine) => {
    const lost = [{ mood: 'bad', said: expect.stringMatching(/refused commands of its own file/) }];
    expect(await found(engine)).toEqual(lost);
  });
  await living(healed, false, async (engine) => {
    await writeOn(engine);
    await engine.commands.call('BGREWRITEAOF');
    const files = () => readdir(appendOnly(join(healed, 'data')));
    await expect.poll(files).not.toContain('appendonly.aof.1.incr.aof');
    await expect.poll(() => found(engine)).toEqual(risk);
  });
  await living(healed, false, async (engine) => {
    expect(await found(engine)).toEqual(risk);
    expect(await engine.commands.xrange('log', '-', '+')).toEqual([['1-0', ['e', 'fresh']]]);
  });
});
