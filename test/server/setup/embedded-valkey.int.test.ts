// The Valkey that comes along: one for a folder, however many starts there are.

import { execFileSync, spawn } from 'node:child_process';
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
import { connectTo } from '../../support/valkey.ts';

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
  const connection = await connectTo(first.url);
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
  vi.stubEnv('PATH', join(folder, 'nothing'));
  onTestFinished(() => void vi.unstubAllEnvs());
  const kept = keep({ command: 'valkey-server', args: [], env: {} });
  await expect(kept).rejects.toThrow(/^the keeper of valkey-server: spawn .* ENOENT$/);
});

test('a server ends with the process that asked for it, and what waits beside it ends with the server', async () => {
  const { command, env } = await findValkey(known, silent);
  const order = { command, env, args: ['--port', '0', '--unixsocket', join(folder, 'socket'), '--save', ''] };
  const module = fileURLToPath(new URL('../../../server/setup/embedded-valkey.ts', import.meta.url));
  const asking = `const { keep } = await import('${module}');
    const { pid } = await keep(${JSON.stringify(order)});
    process.stdout.write(String(pid));`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', asking], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [pid] = await once(parent.stdout, 'data');
  expect(inGroup(String(pid))).toEqual(['sh', 'valkey-server']);
  parent.kill('SIGKILL');
  await expect.poll(() => inGroup(String(pid))).toEqual([]);

  const server = await keep(order);
  process.kill(server.pid, 'SIGKILL');
  expect(await server.ended).toMatch(/^valkey-server ended \(SIGKILL\)/);
  await expect.poll(() => inGroup(String(server.pid))).toEqual([]);
});

/** The programs that run in a group of processes. */
function inGroup(group: string): string[] {
  const table = execFileSync('ps', ['-eo', 'pgid=,stat=,comm='], { encoding: 'utf8' });
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .flatMap(([pgid, state, name = '']) => (pgid === group && !state?.startsWith('Z') ? [name] : []))
    .sort();
}
