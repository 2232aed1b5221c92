// A cluster whose user may use every command and key, but no channel: what users of an ACL have unless they
// were given channels, too.

import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Epoch, RoomCode } from '../../core/ids.ts';
import { defaultSettings } from '../../core/settings.ts';
import { untilReady, type Valkey } from '../../streams/connection.ts';
import { createEventLog } from '../../streams/event-log.ts';
import { createFeed } from '../../streams/feed.ts';
import { createRooms } from '../../streams/rooms.ts';
import { openStore, type Store } from '../../streams/store.ts';
import { newTraceparent } from '../../streams/trace.ts';
import { startTestCluster, type TestCluster } from '../support/cluster.ts';
import { pace } from '../support/engine.ts';
import { changed, request } from './event-log.contract.ts';

let cluster: TestCluster;
let store: Store;
let commands: Valkey;

const allow = (...rights: readonly string[]) =>
  Promise.all(cluster.nodes.map(({ admin }) => admin.call('ACL', 'SETUSER', 'quiet', ...rights)));

beforeAll(async () => {
  cluster = await startTestCluster(1);
  await allow('on', '>secret', '~*', '+@all', 'resetchannels');
  const url = cluster.url.replaceAll('redis://', 'redis://quiet:secret@');
  store = await openStore(url, AbortSignal.timeout(10_000));
  commands = store.connect('test');
  await untilReady(commands, AbortSignal.timeout(10_000));
}, 60_000);
afterAll(async () => {
  commands.disconnect();
  store.close();
  await cluster.stop();
});

describe('without a channel', () => {
  test('a commit is whole: no event without its key, its timers and what guards look at', async () => {
    const log = createEventLog(commands, store.keys);
    const room = RoomCode.parse('QQQQAA');
    const command = {
      type: 'createRoom',
      epoch: Epoch.parse(ulid()),
      settings: defaultSettings,
      pace,
    } as const;
    const context = { by: 'server', traceparent: newTraceparent() } as const;
    expect(await createRooms(log).handle(room, () => command, context)).toMatchObject({ status: 'done' });
    const effects = { meta: [], timers: [{ set: 'idle', inMs: 60_000 }] };
    const wanted = request(room, [changed(3)], { key: 'once', effects });
    expect(await log.commit(wanted)).toMatchObject({ status: 'ok', rev: 2 });
    expect(await log.commit(wanted)).toMatchObject({ status: 'dup', rev: 2 });
    expect(await commands.zscore(store.keys.of(room).timers, `${room}|idle`)).not.toBeNull();
  });

  test('readers still find what is written, a sweep later', async () => {
    const keys = store.keys.of(RoomCode.parse('QQQQAA'));
    const feed = createFeed({
      line: store.line(keys, commands, 'test'),
      commands,
      keys,
      group: 'writer',
      consumer: 'test',
    });
    await feed.open();
    expect((await feed.read(10, 0)).length).toBeGreaterThan(0);
  });
});
