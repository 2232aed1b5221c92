// What is said of a store that is waited for, and what is taken for the URL of one.

import { expect, test } from 'vitest';
import { reportAway } from '../../streams/consume/report.ts';
import { openStore } from '../../streams/engine.ts';
import { engineLimits } from '../../streams/parts.ts';
import { createTellAway } from '../../streams/valkey/tell-away.ts';

const { awayAgainMs } = engineLimits;
const refused = new Error('connect ECONNREFUSED 127.0.0.1:1');

test('an address that does not reply is told of at once, and then each minute', () => {
  let now = 5;
  const told: unknown[] = [];
  const tell = createTellAway(
    (_what, { at, error }) => void told.push(`${at} ${error}`),
    () => now,
  );
  const line = (at: string) => `${at} ${refused}`;
  for (let second = 0; second < 150; second++) {
    tell('one:1', refused);
    if (second > 0) tell('two:1', refused);
    now += 1_000;
  }
  expect(told).toEqual(['one:1', 'two:1', 'one:1', 'two:1', 'one:1', 'two:1'].map(line));
});

test('a password that does not fit is told of once it is known, and what to do', () => {
  const told: unknown[] = [];
  const tell = createTellAway(
    (_what, { error }) => void told.push(error),
    () => 5,
  );
  for (const said of [
    'connect ECONNREFUSED',
    'WRONGPASS invalid username-password pair',
    'NOAUTH Authentication required.',
    'Connection is closed.',
  ])
    for (let times = 0; times < 3; times++) tell('one:1', new Error(said));
  tell('two:1', new Error('NOAUTH Authentication required.'));
  expect(told).toEqual([
    expect.stringContaining('ECONNREFUSED'),
    expect.stringContaining('wrong user or password in the URL of the store'),
    expect.stringContaining('wants a password: write it into its URL'),
  ]);
});

test('a consumer tells of a store that stays away at its first loss, and then each minute', () => {
  let now = 0;
  const tries: unknown[] = [];
  const tell = reportAway(
    (_what, detail) => void tries.push(detail['tries']),
    () => now,
  );
  for (let losses = 1; losses <= 130; losses++) {
    tell(refused, losses);
    now += awayAgainMs / 60;
  }
  tell(refused, 1);
  expect(tries).toEqual([undefined, 61, 121, undefined]);
});

test.each([
  ['', 'is empty'],
  ['http://u:s3cret@127.0.0.1:6379', 'begins with http:'],
  ['127.0.0.1', 'is none'],
  ['localhost:6379', 'begins with localhost:'],
  ['redis://a:1,,redis://b:1', 'is empty'],
  ['redis:///1', 'names no host'],
])('%j is no URL of a store', async (url, why) => {
  const opening = openStore(url, AbortSignal.timeout(2_000), () => undefined);
  const message = `the URL of the store ${why}: write redis://host:port, rediss:// for TLS, and commas between the nodes of a cluster`;
  await expect(opening).rejects.toThrow(new Error(message));
});
