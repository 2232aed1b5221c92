// A Valkey that speaks TLS and wants a password: a game on it, and the terminal's verbs, by `rediss://`.

import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeCertificate } from '../support/certificate.ts';
import { freePort } from '../support/ports.ts';
import { runVerb } from '../support/processes.ts';
import { serveOn } from '../support/serving.ts';
import { startTestValkey, type TestValkey } from '../support/valkey.ts';

const folder = mkdtempSync(join(tmpdir(), 'arena-tls-'));
const [certFile, keyFile] = ['cert.pem', 'key.pem'].map((name) => join(folder, name)) as [string, string];
const usual = getCACertificates();
const { cert, key } = makeCertificate();
let valkey: TestValkey;
let url: string;

beforeAll(async () => {
  writeFileSync(certFile, cert);
  writeFileSync(keyFile, key, { mode: 0o600 });
  const port = await freePort();
  const files = ['--tls-cert-file', certFile, '--tls-key-file', keyFile, '--tls-ca-cert-file', certFile];
  const flags = ['--tls-port', String(port), '--tls-auth-clients', 'no', ...files];
  valkey = await startTestValkey(flags, 'p@ss: w/ord');
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
