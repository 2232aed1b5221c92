// A real Valkey of its own for a test file: a fresh folder, a free port, everything on disk before it is
// acknowledged. Ends with the process that started it, however that ends.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type EmbeddedValkey, keep } from '../../server/setup/embedded-valkey.ts';
import { findValkey } from '../../server/setup/valkey-binary.ts';
import { connect, untilReady } from '../../streams/valkey/connection.ts';
import { freePort } from './ports.ts';

const checkout = fileURLToPath(new URL('../..', import.meta.url));

export interface TestValkey {
  readonly url: string;
  readonly port: number;
  readonly pid: () => number;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** A new life on the same port with the same data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const readyMsMax = 5_000;

/** A connection of the test's own; the test ends it. */
export async function connectTo(url: string): Promise<ReturnType<typeof connect>> {
  const connection = connect(url, 'test');
  await untilReady(connection, AbortSignal.timeout(readyMsMax));
  return connection;
}

/** `flags` are further arguments of valkey-server; with a password it lets in nobody who does not know it. */
export async function startTestValkey(flags: readonly string[] = [], password = ''): Promise<TestValkey> {
  const binary = await findValkey(join(checkout, '.arena'), () => undefined);
  const dir = await mkdtemp(join(tmpdir(), 'arena-valkey-'));
  const port = await freePort();
  const knowing = password === '' ? '' : `:${encodeURIComponent(password)}@`;
  const url = `redis://${knowing}127.0.0.1:${port}`;
  const where = ['--bind', '127.0.0.1', '--port', String(port), '--dir', dir];
  const durable = ['--appendonly', 'yes', '--appendfsync', 'always', '--save', ''];
  const door = password === '' ? [] : ['--requirepass', password];
  const args = [...where, ...durable, ...door, '--maxmemory-policy', 'noeviction', ...flags];
  let server: Omit<EmbeddedValkey, 'url'>;
  const start = async () => {
    server = await keep({ ...binary, args });
    const connection = connect(url, 'test-probe');
    await untilReady(connection, AbortSignal.timeout(15_000)).finally(() => connection.disconnect());
  };
  const kill = async () => {
    process.kill(server.pid, 'SIGKILL');
    await server.ended;
  };
  await start();
  return {
    url,
    port,
    pid: () => server.pid,
    kill,
    restart: start,
    async stop() {
      await server.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
