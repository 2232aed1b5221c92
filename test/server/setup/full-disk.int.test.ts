// A disk that takes nothing more: the Valkey that comes along ends at a write, starts well, and ends at the
// next one. It is started ever more seldom, why is said in one sentence, and what was acknowledged stays.

import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { keepValkey } from '../../../server/cli/up/keep-valkey.ts';
import { embeddedUrl, startValkey } from '../../../server/setup/embedded-valkey.ts';
import { findValkey } from '../../../server/setup/valkey-binary.ts';
import { connect, untilReady } from '../../../streams/valkey/connection.ts';
import { arena } from '../../support/processes.ts';
import { connectTo } from '../../support/valkey.ts';

const checkout = fileURLToPath(new URL('../../..', import.meta.url));
const known = join(checkout, '.arena');
const silent = () => undefined;
let folder: string;

beforeEach(async () => {
  await findValkey(known, silent);
  folder = await mkdtemp(join(tmpdir(), 'arena-full-'));
  await symlink(join(known, 'valkey'), join(folder, 'valkey'));
});
afterEach(() => rm(folder, { recursive: true }));

/** No file of a Valkey may grow beyond some kilobytes from now on: it is refused, as on a full disk. */
async function limitFiles(): Promise<void> {
  const { command, env } = await findValkey(known, silent);
  const settings = Object.entries(env).map(([name, value]) => `${name}='${value}'`);
  const lines = ['#!/bin/sh', "trap '' XFSZ", 'ulimit -f 64', `${settings.join(' ')} exec '${command}' "$@"`];
  const script = join(folder, 'bin', 'valkey-server');
  await mkdir(join(folder, 'bin'));
  await writeFile(script, `${lines.join('\n')}\n`, { mode: 0o755 });
  vi.stubEnv('PATH', `${join(folder, 'bin')}:${process.env['PATH']}`);
  onTestFinished(() => void vi.unstubAllEnvs());
}

/** Writes whenever somebody answers, as all processes of a game do; gives the keys that were acknowledged. */
async function writeUntil(signal: AbortSignal): Promise<string[]> {
  const acknowledged: string[] = [];
  const connection = connect((await embeddedUrl(folder)) ?? '', 'test');
  for (let at = 0; ; at++) {
    const key = `key:${at}`;
    try {
      await untilReady(connection, signal);
      await connection.set(key, 'x'.repeat(4_000));
      acknowledged.push(key);
    } catch {
      if (signal.aborted) break;
    }
  }
  connection.disconnect();
  return acknowledged;
}

test('a Valkey that ends at each write is started ever more seldom, and why is said', async () => {
  await limitFiles();
  const said: string[] = [];
  const enough = new AbortController();
  const say = (line: string) => {
    said.push(line);
    if (said.length === 5) enough.abort();
  };
  const restarting = { healthyMs: 30_000, chance: () => 0 };
  const valkey = await keepValkey({ dataDir: folder, restarting, say }, new AbortController().signal);
  const acknowledged = await writeUntil(enough.signal);
  await valkey.stop();
  const wrote = '(Error|Short write while) writing to the AOF file: .*';
  const saying = (seconds: string) =>
    expect.stringMatching(
      `^Valkey: valkey-server ended \\(1\\) ${wrote}; it is started again in ${seconds} s$`,
    );
  expect(said).toEqual(['0.1', '0.2', '0.4', '0.8', '1.6'].map(saying));

  vi.unstubAllEnvs();
  const whole = await startValkey(folder, silent);
  const connection = await connectTo(whole.url);
  const held = await connection.exists(...acknowledged);
  connection.disconnect();
  await whole.stop();
  expect(acknowledged.length).toBeGreaterThan(3);
  expect(held).toBe(acknowledged.length);
}, 60_000);

/** A verb of `arena` that may write no file. */
async function runWithoutDisk(verb: string): Promise<{ code: number | null; err: string }> {
  const child = spawn('sh', ['-c', `ulimit -f 0; exec '${process.execPath}' '${arena}' ${verb}`], {
    env: { PATH: process.env['PATH'], ARENA_DATA_DIR: folder, PORT: '0', HOST: '127.0.0.1' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let err = '';
  child.stderr.on('data', (chunk) => {
    err += String(chunk);
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, err };
}

test('the doctor names a disk that takes nothing where Valkey does not run, and a start does', async () => {
  const first = await startValkey(folder, silent);
  await first.stop();
  const full = `${join(folder, 'data')} takes nothing more: file too large (`;
  const doctor = await runWithoutDisk('doctor');
  expect(doctor.code).toBe(1);
  expect(doctor.err).toContain(`arena: The Valkey of this folder is not running: ${full}`);
  const up = await runWithoutDisk('up');
  expect(up.code).toBe(1);
  expect(up.err).toMatch(/^arena: .*\n$/);
  expect(up.err).toContain(`arena: Valkey cannot be started: ${full}`);
}, 60_000);
