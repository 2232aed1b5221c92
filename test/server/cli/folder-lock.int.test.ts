// One `arena up` for each folder, whatever becomes of the store and of whoever had the lock.

import { hostname } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { folderId, lockFolder } from '../../../server/cli/up/folder-lock.ts';
import { connect, untilReady } from '../../../streams/valkey/connection.ts';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';
import { connectTo, startTestValkey, type TestValkey } from '../../support/valkey.ts';

let valkey: TestValkey;
let line: TcpProxy;
let lossy: string;

beforeAll(async () => {
  valkey = await startTestValkey();
  line = await startTcpProxy(valkey.port);
  lossy = line.url.replace('http', 'redis');
});
afterAll(async () => {
  await line.stop();
  await valkey.stop();
});

test('one folder has one, another has its own, and it is free when its holder has ended', async () => {
  const unlock = await lockFolder(valkey.url, '/one', true);
  await expect(lockFolder(valkey.url, '/one', true)).rejects.toThrow('already runs from this folder (/one)');
  const other = await lockFolder(valkey.url, '/other', true);
  unlock();
  other();
  await expect
    .poll(() => lockFolder(valkey.url, '/one', true).then((done) => done(), String))
    .toBeUndefined();
});

test('a store that is lost at any step of it only delays it', async () => {
  const before = line.pieces();
  (await lockFolder(lossy, '/lossy', true))();
  const words = line.pieces() - before;
  for (let after = 0; after <= words; after++) {
    line.dropAfter(after);
    (await lockFolder(lossy, `/lossy/${after}`, true))();
  }
});

test('a machine that was cut off has it no longer than some beats', async () => {
  const holder = connect(valkey.url, `arena-up:${hostname()}:${folderId('/cut off')}`);
  await untilReady(holder, AbortSignal.timeout(5_000));
  const locked = () => lockFolder(valkey.url, '/cut off', true).then((unlock) => unlock(), String);
  expect(await locked()).toContain('already runs from this folder');
  await expect.poll(locked, { timeout: 20_000, interval: 500 }).toBeUndefined();
  holder.disconnect();
}, 40_000);

test.each(['client|list', 'client|id', 'client|setname'])(
  'where the store does not say who is there (-%s), a start goes on and says so',
  async (forbidden) => {
    const admin = await connectTo(valkey.url);
    await admin.call('ACL', 'SETUSER', 'ann', 'reset', 'on', '>right', '+@all', '~*', `-${forbidden}`);
    admin.disconnect();
    let unseen = 0;
    const url = valkey.url.replace('redis://', 'redis://ann:right@');
    const unlock = await lockFolder(url, '/unseen', true, () => {
      unseen += 1;
    });
    unlock();
    expect(unseen).toBe(1);
  },
);
