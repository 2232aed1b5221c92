// A Valkey that is started and killed hundreds of times: made ready as `npm start` does it, but
// without what waits beside the server there: it is gone before.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findValkey } from '../../server/setup/valkey-binary.ts';
import { readyData } from '../../server/setup/valkey-data.ts';

const known = fileURLToPath(new URL('../../.arena', import.meta.url));

export interface CrashingValkey {
  readonly url: string;
  /** What mending it said before this start. */
  readonly said: readonly string[];
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
}

const alive = new Set<number>();
process.on('exit', () => {
  for (const pid of alive) process.kill(-pid, 'SIGKILL');
});

/**
 * Starts one on the data under `folder`. `mends`: as `npm start` does; without it the server deals with its
 * files itself, as it did before.
 */
export async function startCrashing(folder: string, port: number, mends = true): Promise<CrashingValkey> {
  await mkdir(join(folder, 'data'), { recursive: true });
  const said: string[] = [];
  if (mends) await readyData(folder, port, (line) => said.push(line));
  const { command, env } = await findValkey(known, () => undefined);
  const where = ['--bind', '127.0.0.1', '--port', String(port), '--dir', join(folder, 'data')];
  const durable = ['--appendonly', 'yes', '--appendfsync', 'always', '--save', ''];
  const cuts = ['--aof-load-truncated', mends ? 'no' : 'yes'];
  const server = spawn(command, [...where, ...durable, ...cuts], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
    // A group of its own: what it has forked to rewrite its file goes with it.
    detached: true,
  });
  const { pid } = server;
  if (pid === undefined) throw new Error(`${command} cannot be started`);
  alive.add(pid);
  const gone = once(server, 'exit').then(() => void alive.delete(pid));
  let words = '';
  const ready = new Promise<true>((resolve) => {
    server.stdout.on('data', (chunk: Buffer) => {
      words += String(chunk);
      if (words.includes('Ready to accept connections')) resolve(true);
    });
  });
  if ((await Promise.race([ready, gone])) !== true) {
    throw new Error(`the server did not start: ${words.split('\n').slice(-4).join('\n')}`);
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    said,
    async kill() {
      process.kill(-pid, 'SIGKILL');
      await gone;
    },
  };
}
