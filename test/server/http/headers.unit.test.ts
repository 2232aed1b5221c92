// What every reply asks of the browser speaks for this host, and for no other.

import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { readConfig } from '../../../server/config/config.ts';
import { headersFor } from '../../../server/http/headers.ts';

const headersOf = async (publicUrl: string | undefined, host: string) => {
  const { http } = readConfig(publicUrl === undefined ? {} : { PUBLIC_URL: publicUrl });
  const app = new Hono().use(headersFor(http)).get('/', (c) => c.text(''));
  return (await app.request('/', { headers: { host } })).headers;
};

test('TLS is asked for where there is TLS, for this host alone and no list of others', async () => {
  const tls = (await headersOf('https://quiz.example', 'quiz.example')).get('strict-transport-security');
  expect(tls).toMatch(/^max-age=\d+$/);
  for (const plain of [undefined, 'http://quiz.example']) {
    expect((await headersOf(plain, 'localhost:8000')).get('strict-transport-security')).toBeNull();
  }
});

test.each([
  ['https://quiz.example', 'quiz.example', 'ws://quiz.example wss://quiz.example'],
  [
    'https://quiz.example',
    'inner:8000',
    'ws://inner:8000 wss://inner:8000 ws://quiz.example wss://quiz.example',
  ],
  ['http://[fd00::5]:8000', '[fd00::5]:8000', 'ws://[fd00::5]:8000 wss://[fd00::5]:8000'],
  ['https://quiz.example', "evil.example 'unsafe-inline'; x", 'ws://quiz.example wss://quiz.example'],
])('a page of %s, asked for at %s, may open sockets there and nowhere else', async (url, host, allowed) => {
  const policy = (await headersOf(url, host)).get('content-security-policy') ?? '';
  const [, connect] = /connect-src ([^;]*)/.exec(policy) ?? [];
  expect(connect).toBe(`'self' ${allowed}`);
  expect(policy).not.toMatch(/\bwss?:(?!\/\/)|\*|unsafe/);
});

test('nothing is allowed to pages of other hosts, and no cookie is set', async () => {
  const headers = await headersOf('https://quiz.example', 'quiz.example');
  for (const name of headers.keys()) expect(name).not.toMatch(/^access-control-|^set-cookie$/);
  expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
});
