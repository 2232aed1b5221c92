// A start on a Valkey that cannot be reached, or must not be trusted with a game: one sentence and its cure.

import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import type { Logger } from 'pino';
import { afterEach, describe, expect, test } from 'vitest';
import { storeFor } from '../../server/wiring/store.ts';
import { freePort } from '../support/ports.ts';
import { runVerb } from '../support/processes.ts';
import { connectTo, startTestValkey } from '../support/valkey.ts';

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

async function valkeyWith(...flags: string[]) {
  const valkey = await startTestValkey(flags);
  cleanUps.push(valkey.stop);
  return valkey;
}

/** What is said at a start until it works, ends, or something was said. */
async function startOn(url: string, replicated = false): Promise<{ said: string[]; ended: string | null }> {
  const said: string[] = [];
  const stop = new AbortController();
  const { promise: saying, resolve: heard } = Promise.withResolvers<void>();
  const log = {
    warn(line: string) {
      said.push(line);
      heard();
    },
  } as unknown as Logger;
  const starting = storeFor(url, stop.signal, log, { replicated }).then(
    (store) => {
      store?.close();
      return null;
    },
    (error: Error) => `${error.name}: ${error.message}`,
  );
  const ended = await Promise.race([starting, saying.then(() => null)]);
  stop.abort();
  await starting;
  return { said, ended };
}

/** Something that listens and is no Valkey; gives its port. */
async function listenAs(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(() => new Promise((resolve) => server.close(resolve)));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

const answering = (answer: (text: string, socket: Socket) => void) =>
  createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => answer(String(chunk), socket));
  });

describe('a start that waits says what it waits for', () => {
  test('a host that is not known', async () => {
    const { said, ended } = await startOn('redis://user:secret@valkey.invalid:6379');
    expect(ended).toBeNull();
    expect(said[0]).toBe('redis://valkey.invalid:6379 is on no host that is known here. Correct VALKEY_URL.');
  });

  test('a port where nobody listens', async () => {
    const port = await freePort();
    const { said } = await startOn(`redis://127.0.0.1:${port}`);
    expect(said[0]).toContain('is not listening. Start Valkey there or correct VALKEY_URL.');
  });

  test('a server that hangs up before TLS begins, as one does that ends', async () => {
    const port = await listenAs(createServer((socket) => void socket.destroy()));
    const { said, ended } = await startOn(`rediss://127.0.0.1:${port}`);
    expect(ended).toBeNull();
    expect(said[0]).toContain('hangs up before TLS begins. If it speaks plain text, write redis://');
  });

  test('a cluster with slots that nobody serves', async () => {
    const { url } = await valkeyWith('--cluster-enabled', 'yes', '--cluster-port', String(await freePort()));
    const { said } = await startOn(url);
    expect(said[0]).toContain('16384 slots of the cluster have no primary. Try: valkey-cli --cluster fix');
  });

  test('and goes on when it is there', async () => {
    const { url } = await valkeyWith();
    expect(await startOn(url)).toEqual({ said: [], ended: null });
  });

  test('and warns where what is written does not stay', async () => {
    const { url } = await valkeyWith('--appendonly', 'no');
    expect((await startOn(url)).said).toEqual([
      'Valkey: what is written is lost with the server. valkey-cli CONFIG SET appendonly yes, and the same in its configuration file.',
    ]);
  });

  test('and where nothing more can be written', async () => {
    const { url } = await valkeyWith('--maxmemory', '1mb');
    expect((await startOn(url)).said[0]).toContain(
      'the memory of the store is full, so nothing is written. Raise maxmemory',
    );
  });

  test('but not where it stays and the server keeps its configuration to itself', async () => {
    const { url } = await valkeyWith('--rename-command', 'CONFIG', '');
    expect(await startOn(url)).toEqual({ said: [], ended: null });
  });
});

test('a start that is to wait for replicas says where none follows', async () => {
  const primary = await valkeyWith();
  expect((await startOn(primary.url, true)).said).toEqual([
    'Valkey: no replica follows, so with ARENA_DURABILITY=replicated nothing is acknowledged. Start one, or set ARENA_DURABILITY=disk.',
  ]);
  expect((await startOn(primary.url)).said).toEqual([]);
  await valkeyWith('--replicaof', `127.0.0.1 ${primary.port}`);
  await expect.poll(async () => (await startOn(primary.url, true)).said, { timeout: 10_000 }).toEqual([]);
}, 20_000);

describe('a start that no waiting helps ends', () => {
  test('without a password where one is wanted, and with a wrong one', async () => {
    const { url, port } = await valkeyWith();
    const admin = await connectTo(url);
    await admin.config('SET', 'requirepass', 'right');
    admin.disconnect();
    expect((await startOn(url)).ended).toContain('wants a password. Write it into VALKEY_URL');
    const wrong = `redis://:wrong@127.0.0.1:${port}`;
    const { ended } = await startOn(wrong);
    expect(ended).toContain(`redis://127.0.0.1:${port} does not take the user or the password`);
    expect((await startOn(`redis://:right@127.0.0.1:${port}`)).ended).toBeNull();
    // As a whole: one line, and an end.
    const { code, out, err } = await runVerb(['serve'], { VALKEY_URL: wrong, LOG_LEVEL: 'silent' });
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err.trim()).toBe(`arena: ${ended?.replace('CannotStart: ', '')}`);
  }, 20_000);

  test('with a database that is not there', async () => {
    const { url } = await valkeyWith();
    expect((await startOn(`${url}/15`)).ended).toBeNull();
    expect((await startOn(`${url}/16`)).ended).toMatch(
      /the URL of the store names database 16: .*out of range/,
    );
    const { code, err } = await runVerb(['rooms'], { VALKEY_URL: `${url}/16` });
    expect({ code, err }).toEqual({
      code: 1,
      err: expect.stringMatching(/^arena: the URL of the store names database 16/),
    });
  }, 20_000);

  test('on what speaks HTTP', async () => {
    const port = await listenAs(createHttpServer((_, reply) => reply.end('hello')));
    expect((await startOn(`redis://127.0.0.1:${port}`)).ended).toContain('speaks HTTP and is no Valkey.');
  });

  test('with plain text where TLS is spoken, and with TLS where it is not', async () => {
    const alert = Buffer.from([0x15, 3, 1, 0, 2, 2, 0x46]);
    const port = await listenAs(answering((_, socket) => void socket.end(alert)));
    expect((await startOn(`redis://127.0.0.1:${port}`)).ended).toContain('speaks TLS. Write rediss://');
    const { port: plain } = await valkeyWith();
    const { said } = await startOn(`rediss://127.0.0.1:${plain}`);
    expect(said[0]).toContain(
      'does not answer in TLS. If it speaks plain text, write redis:// in VALKEY_URL.',
    );
  }, 20_000);

  test('on a server that is too old', async () => {
    const info = '# Server\r\nredis_version:6.2.14\r\nrole:master\r\nloading:0\r\n';
    const server = answering((text, socket) => {
      for (const command of text.split(/^\*\d+\r\n/m).filter((part) => part !== '')) {
        socket.write(/info/i.test(command) ? `$${info.length}\r\n${info}\r\n` : '*0\r\n');
      }
    });
    const { ended } = await startOn(`redis://127.0.0.1:${await listenAs(server)}`);
    expect(ended).toBe('CannotStart: Valkey: Valkey 6.2.14 is too old. Use Valkey 8 or newer.');
  });

  test('on one that may throw events away', async () => {
    const { url } = await valkeyWith('--maxmemory-policy', 'allkeys-lru');
    expect((await startOn(url)).ended).toContain(
      'maxmemory-policy is allkeys-lru: events may be thrown away.',
    );
  });

  test('as a whole, before any program could come back and fail again', async () => {
    const { url } = await valkeyWith('--maxmemory-policy', 'allkeys-lru');
    const env = { VALKEY_URL: url, PORT: String(await freePort()) };
    const { code, out, err } = await runVerb(['up'], env);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/^arena: Valkey: maxmemory-policy is allkeys-lru: events may be thrown away\. .*\n$/);
  }, 20_000);

  test('on one that may, and keeps its configuration to itself', async () => {
    const { url } = await valkeyWith('--rename-command', 'CONFIG', '', '--maxmemory-policy', 'allkeys-lru');
    expect((await startOn(url)).ended).toContain('maxmemory-policy is allkeys-lru');
  });

  test.each([
    ['functions', '-function', 'function'],
    ['the time', '-time', 'time'],
  ])('as a user who may not have %s', async (_what, taken, named) => {
    const { port } = await valkeyWith('--user', 'ann', 'on', '>right', '~*', '&*', '+@all', taken);
    const { ended } = await startOn(`redis://ann:right@127.0.0.1:${port}`);
    expect(ended).toMatch(
      new RegExp(`^CannotStart: Valkey: the user of the store lacks \\+.*${named}.*ACL SETUSER ann `),
    );
  });

  test('on a replica', async () => {
    const primary = await valkeyWith();
    const { url } = await valkeyWith('--replicaof', `127.0.0.1 ${primary.port}`);
    expect((await startOn(url)).ended).toContain(
      'this is a replica, which takes no writes. Name its primary',
    );
  });
});
