// Holds one valkey-server and ends it when the process that asked for it is gone: run as a process of its own
// by `embedded-valkey.ts`, which it tells by IPC how the server fares. A server without a keeper would
// outlive a killed parent.

import { spawn } from 'node:child_process';
import type { Order } from './embedded-valkey.ts';
import { reasonIn } from './last-words.ts';

const wordsCharsMax = 2_000;

// Its files hold what no player may know yet; it makes new ones at each rewrite.
process.umask(0o077);

process.once('message', (message) => {
  // Our own parent's word; a start waits for this process, and what would check it doubles what it loads.
  const { command, args, env } = message as Order;
  // A group of its own: a terminal's Ctrl-C reaches it when its turn has come, and a script that started the
  // server is told with it.
  const server = spawn(command, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let lastWords = '';
  const hear = (chunk: Buffer) => {
    lastWords = (lastWords + String(chunk)).slice(-wordsCharsMax);
  };
  server.stdout.on('data', hear);
  server.stderr.on('data', hear);
  server.on('error', (error) => end(`${command}: ${error.message}`));
  server.on('close', (code, signal) =>
    end(`valkey-server ended (${signal ?? code}) ${reasonIn(lastWords)}`.trim()),
  );
  server.on('spawn', () => process.send?.({ pid: server.pid }));
  const stop = () => stopGroup(server.pid);
  process.on('disconnect', stop);
  process.on('SIGTERM', stop);
  // The parent stops things in order.
  process.on('SIGINT', () => undefined);
});

/** No process may be left in it. */
function stopGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGTERM');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function end(reason: string): void {
  if (!process.connected) process.exit(0);
  process.send?.({ ended: reason }, () => process.exit(0));
}
