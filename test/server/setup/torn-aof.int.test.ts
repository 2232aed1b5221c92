// What is acknowledged after a crash has torn the append-only file stays, however often the server is
// started. AOF_CUTS=all starts it twice for every byte of the three commits, which takes some minutes.

import { open, readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { walkAof } from '../../../server/setup/aof-walk.ts';
import { appendOnly } from '../../support/aof.ts';
import { contentsOf, endRound, joinAs } from '../../support/commits.ts';
import { startCrashing } from '../../support/crashing-valkey.ts';
import { checkLog, cutsOf, living, type Recorded, record, tryAll } from '../../support/cut-commits.ts';
import { type Engine, startEngine } from '../../support/engine.ts';
import { freePort } from '../../support/ports.ts';

const everyBytes = process.env['AOF_CUTS'] === 'all' ? 1 : 53;
const minutes = 60_000;

const pathOf = ({ folder, file }: Recorded): string => join(appendOnly(join(folder, 'data')), file);

test(
  'cut anywhere in the last three commits, the file keeps what is acknowledged after it was mended',
  async () => {
    const recorded = await record();
    await tryAll(recorded, cutsOf(recorded, everyBytes));
  },
  120 * minutes,
);

test('cut at every byte of the last three commits, it is mended to the end of a whole commit', async () => {
  const recorded = await record();
  const { bytes, ends } = recorded;
  const file = await open(pathOf(recorded), 'r+');
  for (let cut = bytes.length; cut >= (ends[0] ?? 0); cut--) {
    await file.truncate(cut);
    const whole = ends.findLast((end) => end <= cut) ?? 0;
    const { halves, tornAt } = await walkAof(file);
    expect({ cut, halves, tornAt }).toEqual({ cut, halves: [], tornAt: whole === cut ? null : whole });
  }
  await file.close();
});

test('the same holds for the file that follows a rewrite, also of one that was killed midway', async () => {
  const done = await record(async ({ commands }) => {
    await commands.call('BGREWRITEAOF');
    await expect.poll(() => commands.info('persistence')).toContain('aof_rewrite_in_progress:0');
  });
  expect(done.file).toBe('appendonly.aof.2.incr.aof');
  await tryAll(
    done,
    cutsOf(done, 500).filter((_, at) => at % 7 === 0),
  );
  const killed = await record(async ({ commands }) => {
    // Longer than the server lives.
    await commands.config('SET', 'rdb-key-save-delay', '60000000');
    await commands.call('BGREWRITEAOF');
    await expect.poll(() => commands.info('persistence')).toContain('aof_rewrite_in_progress:1');
  });
  expect(killed.file).toBe('appendonly.aof.2.incr.aof');
  expect(
    await readFile(join(appendOnly(join(killed.folder, 'data')), 'appendonly.aof.manifest'), 'utf8'),
  ).toContain('appendonly.aof.1.incr.aof');
  await tryAll(
    killed,
    cutsOf(killed, 500).filter((_, at) => at % 7 === 3),
  );
});

/** As versions before did: the server cut its file itself, and wrote on. */
async function livingUnmended<T>(
  folder: string,
  port: number,
  live: (engine: Engine) => Promise<T>,
): Promise<T> {
  const server = await startCrashing(folder, port, false);
  const engine = await startEngine(server.url);
  const lived = await live(engine);
  await engine.close();
  await server.kill();
  return lived;
}

test('what was acknowledged behind half a commit, before files were mended, comes back', async () => {
  const recorded = await record();
  const { folder, round, ends } = recorded;
  const port = await freePort();
  // Inside the answer, behind its first commands.
  await truncate(pathOf(recorded), (ends[1] ?? 0) - 60);
  const acknowledged = await livingUnmended(folder, port, async (engine) => {
    await endRound(engine, round, { answer: 'FAKE' });
    await joinAs(engine, round.room, 'Cy');
    return contentsOf(engine);
  });
  await living(folder, port, async (engine) => {
    expect(await contentsOf(engine)).toEqual(acknowledged);
    await checkLog(engine, round, 'FAKE');
  });
});

test('it comes back after starts that lost it, too, and what was played meanwhile fits behind it', async () => {
  const recorded = await record();
  const { folder, round, ends } = recorded;
  const port = await freePort();
  await truncate(pathOf(recorded), (ends[1] ?? 0) - 60);
  await livingUnmended(folder, port, (engine) => endRound(engine, round, { answer: 'FAKE' }));
  await livingUnmended(folder, port, async (engine) => {
    // The answer that was never acknowledged.
    expect(JSON.stringify(await contentsOf(engine))).toContain('FACT');
    await joinAs(engine, round.room, 'Cy');
  });
  await living(folder, port, (engine) => checkLog(engine, round, 'FAKE'));
});
