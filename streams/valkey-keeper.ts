// Holds one valkey-server and ends it when whoever asked for it is gone: run as a process of its own by
// `embedded-valkey.ts`, which it tells by IPC how the server fares. A server without a keeper would outlive a
// killed parent.

import { spawn } from 'node:child_process';
import { z } from 'zod';

const Order = z.object({
  command: z.string(),
  args: z.array(z.string()),
  env: z.record(z.string(), z.string()),
});

process.once('message', (message) => {
  const { command, args, env } = Order.parse(message);
  const server = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['pipe', 'ignore', 'pipe'] });
  const lastWords: string[] = [];
  server.stderr.on('data', (chunk) => lastWords.push(String(chunk)));
  server.on('error', (error) => end(`${command}: ${error.message}`));
  server.on('exit', (code, signal) =>
    end(`valkey-server ended (${signal ?? code}) ${lastWords.join('').trim()}`),
  );
  server.on('spawn', () => process.send?.({ pid: server.pid }));
  const stop = () => server.kill('SIGTERM');
  process.on('disconnect', stop);
  process.on('SIGTERM', stop);
  // A terminal's Ctrl-C reaches the whole group; the parent stops things in order.
  process.on('SIGINT', () => undefined);
});

function end(reason: string): void {
  if (!process.connected) process.exit(0);
  process.send?.({ ended: reason }, () => process.exit(0));
}
