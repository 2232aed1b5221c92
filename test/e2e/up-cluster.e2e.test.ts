import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startTestCluster } from '../support/cluster.ts';
import { freePort } from '../support/ports.ts';
import { runVerb, startProcess } from '../support/processes.ts';

test('starts on a cluster whose first node is away, and beside it none that names other nodes', async () => {
  const cluster = await startTestCluster(1);
  const folder = await mkdtemp(join(tmpdir(), 'arena-up-'));
  const away = `redis://127.0.0.1:${await freePort()}`;
  const env = {
    ARENA_DATA_DIR: folder,
    PORT: String(await freePort()),
    VALKEY_URL: `${away},${cluster.url}`,
  };
  const first = startProcess('up', ['up'], env);
  try {
    await expect.poll(first.output, { timeout: 90_000 }).toContain('Agent Arena is ready');
    const beside = { ...env, PORT: String(await freePort()), VALKEY_URL: cluster.url };
    expect(await runVerb(['up'], beside)).toEqual({
      ...{ code: 1, out: '' },
      err: expect.stringContaining('already runs from this folder'),
    });
  } finally {
    await first.stop();
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  }
});
