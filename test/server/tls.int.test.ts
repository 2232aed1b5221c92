// A Valkey that speaks TLS and wants a password: a game on it, and the terminal's verbs, by `rediss://`.

import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { defineStream, openStore } from '../../streams/engine.ts';
import { newTraceparent, openStream } from '../../streams/parts.ts';
import { makeCertificate } from '../support/certificate.ts';
import { freePort } from '../support/ports.ts';
import { runVerb } from '../support/processes.ts';
import { serveOn } from '../support/serving.ts';
import { startTestValkey, type TestValkey } from '../support/valkey.ts';

const folder = mkdtempSync(join(tmpdir(), 'arena-tls-'));
const [certFile, keyFile] = ['cert.pem', 'key.pem'].map((name) => join(folder, name)) as [string, string];
const usual = getCACertificates();
const password = 'p@ss: w/ord';
const { cert, key } = makeCertificate();
let valkey: TestValkey;
let url: string;

beforeAll(async () => {
  writeFileSync(certFile, cert);
  writeFileSync(keyFile, key, { mode: 0o600 });
  const port = await freePort();
  const files = ['--tls-cert-file', certFile, '--tls-key-file', keyFile, '--tls-ca-cert-file', certFile];
  const flags = ['--tls-port', String(port), '--tls-auth-clients', 'no', ...files];
  valkey = await startTestValkey(flags, password);
  url = valkey.url.replace('redis:', 'rediss:').replace(/\d+$/, String(port));
});
afterAll(async () => {
  setDefaultCACertificates(usual);
  await valkey.stop();
  rmSync(folder, { recursive: true });
});

test('a game is played over TLS with a password, and found by who trusts the certificate', async () => {
  expect(new X509Certificate(cert).checkIP('127.0.0.1')).toBe('127.0.0.1');
  // What NODE_EXTRA_CA_CERTS does for a process that starts.
  setDefaultCACertificates([...usual, cert]);
  const arena = await serveOn(url);
  const { room, hostToken } = await arena.makeRoom({ rounds: 1, seconds: 5 });
  const host = arena.client({ room, role: 'host', token: hostToken });
  const ada = arena.client({ room, name: 'Ada', choose: () => 'FACT' });
  for (const client of [host, ada]) await client.connect();
  await host.request('start', { after: null });
  await ada.until(() => ada.frame('GAME_OVER') !== undefined);
  const trusting = { VALKEY_URL: url, NODE_EXTRA_CA_CERTS: certFile };
  const { code, out, err } = await runVerb(['state', room], trusting);
  expect({ code, out, err }).toEqual({ code: 0, out: expect.stringContaining('"phase": "over"'), err: '' });
  await arena.stop();
});

test('whoever does not trust the certificate is told what to do, and whoever has no password', async () => {
  const strange = await runVerb(['rooms'], { VALKEY_URL: url });
  expect(strange).toMatchObject({ code: 1, out: '', err: expect.stringContaining('NODE_EXTRA_CA_CERTS') });
  const open = url.replace(/:[^/]*@/, '');
  const unknown = await runVerb(['rooms'], { VALKEY_URL: open, NODE_EXTRA_CA_CERTS: certFile });
  expect(unknown).toMatchObject({ code: 1, out: '', err: expect.stringContaining('wants a password') });
});

/** Somebody on the way to a port, who reads along; `url` leads through. */
async function startEavesdropper(through: string) {
  let heard = '';
  const server = createServer((client) => {
    const upstream = connect(Number(new URL(through).port), '127.0.0.1');
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      from.on('data', (data) => {
        heard += data.toString('latin1');
      });
      from.on('error', () => to.destroy());
      from.pipe(to);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: through.replace(/\d+$/, String(port)),
    heard: () => heard,
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}

const said = 'a claim before its time';
const notes = defineStream({
  name: 'notes',
  events: { Written: z.object({ text: z.string() }) },
  initial: 0,
  decide: (_write: 'write', _count: number) => ({
    events: [{ type: 'Written', data: { text: said } } as const],
  }),
  evolve: (count: number) => count + 1,
});

/** What can be read on the way while something is written and read again. */
async function readOnTheWay(through: string, stream: string): Promise<string[]> {
  setDefaultCACertificates([...usual, cert]);
  const line = await startEavesdropper(through);
  const store = await openStore(line.url, AbortSignal.timeout(10_000));
  const opened = openStream(store, notes, { name: 'notes' });
  await opened.ready(AbortSignal.timeout(10_000));
  const context = { by: 'test', traceparent: newTraceparent() };
  expect(await opened.handler.handle(stream, () => 'write', context)).toMatchObject({ status: 'done' });
  expect(await opened.log.read(stream, 0)).toMatchObject([{ data: { text: said } }]);
  opened.close();
  store.close();
  await line.stop();
  return [said, password, stream].filter((secret) => line.heard().includes(secret));
}

test('who listens on the way to the store reads no claim, no password and no name of a stream', async () => {
  expect(await readOnTheWay(url, 'over-tls')).toEqual([]);
  // And whoever listens would have heard them.
  expect(await readOnTheWay(valkey.url, 'in-plain')).toEqual([said, password, 'in-plain']);
});
