// The Valkey that comes along: one for a folder, however many starts there are.

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { embeddedUrl, endStray, isAlive, keep, startValkey } from '../../../server/setup/embedded-valkey.ts';
import { findValkey } from '../../../server/setup/valkey-binary.ts';
import { connect, untilReady } from '../../../streams/valkey/connection.ts';

const known = fileURLToPath(new URL('../../../.arena', import.meta.url));
const silent = () => undefined;
let folder: string;

beforeEach(async () => {
  await findValkey(known, silent);
  folder = await mkdtemp(join(tmpdir(), 'arena-valkey-'));
  await symlink(join(known, 'valkey'), join(folder, 'valkey'));
});
afterEach(() => rm(folder, { recursive: true }));

test('of two first starts in one folder, one has it: two servers would mix their files', async () => {
  const starts = await Promise.allSettled([startValkey(folder, silent), startValkey(folder, silent)]);
  const up = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
  const refusals = starts.flatMap((start) => (start.status === 'rejected' ? [String(start.reason)] : []));
  try {
    expect(up.map(({ url }) => url)).toEqual([await embeddedUrl(folder)]);
    expect(refusals).toEqual([expect.stringMatching(/Failed listening on port \d+/)]);
  } finally {
    await Promise.all(up.map((server) => server.stop()));
  }
});

test('a start waits for whoever is about to leave its port', async () => {
  const first = await startValkey(folder, silent);
  await first.stop();
  const { port } = new URL(first.url);
  const leaving = createServer().listen(Number(port), '127.0.0.1');
  await once(leaving, 'listening');
  leaving.on('connection', (socket) => socket.destroy());
  setTimeout(() => leaving.close(), 1_000);
  const second = await startValkey(folder, silent);
  expect(second.url).toBe(first.url);
  await second.stop();
});

/** A script that the PATH finds first, and that adds to the arguments. */
async function scriptThatStarts(more = ''): Promise<void> {
  const { command, env } = await findValkey(known, silent);
  const settings = Object.entries(env).map(([name, value]) => `${name}='${value}'`);
  const line = `${settings.join(' ')} '${command}' "$@" ${more}`;
  await writeFile(join(folder, 'valkey-server'), `#!/bin/sh\n${line}\n`, { mode: 0o755 });
  vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`);
  onTestFinished(() => void vi.unstubAllEnvs());
}

test('a server that a script on the PATH starts is taken as well', async () => {
  await scriptThatStarts();
  const server = await startValkey(folder, silent);
  expect(await isAlive(folder)).toBe(true);
  await server.stop();
  await endStray(folder);
});

test('a server that takes long to load what it keeps is waited for', async () => {
  const first = await startValkey(folder, silent);
  const connection = connect(first.url, 'test');
  await untilReady(connection, AbortSignal.timeout(5_000));
  const filling = connection.pipeline();
  for (let at = 0; at < 50; at++) filling.set(`key:${at}`, randomBytes(1_500).toString('base64'));
  await filling.exec();
  // What it loads byte by byte, not command by command, is in the form of a snapshot.
  await connection.call('BGREWRITEAOF');
  await expect
    .poll(() => connection.info('persistence'), { timeout: 10_000 })
    .toContain('aof_rewrite_in_progress:0');
  connection.disconnect();
  await first.stop();
  // Each takes 100 ms, and after each it answers; together they take longer than an answer may.
  await scriptThatStarts('--key-load-delay 100000 --loading-process-events-interval-bytes 1024');
  const second = await startValkey(folder, silent, 3_000);
  expect(second.url).toBe(first.url);
  await second.stop();
}, 60_000);

test('a keeper that the machine cannot run is told as what the server ended with', async () => {
  const { execPath } = process;
  process.execPath = join(folder, 'nothing');
  const kept = keep({ command: 'valkey-server', args: [], env: {} });
  process.execPath = execPath;
  await expect(kept).rejects.toThrow(/^the keeper of valkey-server: spawn .* ENOENT$/);
});
