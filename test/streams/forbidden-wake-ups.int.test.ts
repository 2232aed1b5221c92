// A cluster whose user may use every command and key, but no channel: what users of an ACL have unless they
// were given channels, too.

import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Epoch, RoomCode } from '../../core/ids.ts';
import { defaultSettings } from '../../core/settings.ts';
import { createGameKeys } from '../../server/stores/keys.ts';
import { gameStream } from '../../server/wiring/game-stream.ts';
import { createFeed } from '../../streams/consume/feed.ts';
import { createCommandHandler } from '../../streams/handle/command-handler.ts';
import { createEventLog } from '../../streams/log/event-log.ts';
import { newTraceparent } from '../../streams/trace/traceparent.ts';
import { untilReady, type Valkey } from '../../streams/valkey/connection.ts';
import { openStore, type Store } from '../../streams/valkey/store.ts';
import { startTestCluster, type TestCluster } from '../support/cluster.ts';
import { pace } from '../support/engine.ts';
import { changed, request } from '../support/room-log.ts';

let cluster: TestCluster;
let store: Store;
let commands: Valkey;

const allow = (...rights: readonly string[]) =>
  Promise.all(cluster.nodes.map(({ admin }) => admin.call('ACL', 'SETUSER', 'quiet', ...rights)));

const quiet = () => cluster.url.replaceAll('redis://', 'redis://quiet:secret@');

beforeAll(async () => {
  cluster = await startTestCluster(1);
  await allow('on', '>secret', '~*', '+@all', 'resetchannels');
  store = await openStore(quiet(), AbortSignal.timeout(10_000));
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
    const log = createEventLog(commands, createGameKeys(store), gameStream);
    const room = RoomCode.parse('QQQQAA');
    const command = {
      type: 'createRoom',
      epoch: Epoch.parse(ulid()),
      settings: defaultSettings,
      pace,
    } as const;
    const context = { by: 'server', traceparent: newTraceparent() } as const;
    expect(await createCommandHandler(log, gameStream).handle(room, () => command, context)).toMatchObject({
      status: 'done',
    });
    const effects = { meta: [], timers: [{ set: 'idle', inMs: 60_000 }] };
    const wanted = request(room, [changed(3)], { key: 'once', effects });
    expect(await log.commit(wanted)).toMatchObject({ status: 'ok', rev: 2 });
    expect(await log.commit(wanted)).toMatchObject({ status: 'dup', rev: 2 });
    expect(await commands.zscore(createGameKeys(store).of(room).timers, `${room}|idle`)).not.toBeNull();
  });

  test('readers still find what is written, a sweep later', async () => {
    const keys = createGameKeys(store).of(RoomCode.parse('QQQQAA'));
    const feed = createFeed({
      definition: gameStream,
      reader: store.reader(keys, commands, 'test'),
      commands,
      keys,
      group: 'writer',
      consumer: 'test',
    });
    await feed.open();
    expect((await feed.read(10, 0)).length).toBeGreaterThan(0);
  });

  test('it is told while it lasts: that no wake-up is heard, or that none can be sent', async () => {
    const told: (string | null)[] = [];
    store.tellTo((code, why) => told.push(code === 'wake_ups_refused' ? why : code));
    const last = () => told.at(-1);
    await expect.poll(last, { timeout: 15_000 }).toMatch(/NOPERM.*channel/);
    await allow('allchannels');
    await expect.poll(last, { timeout: 15_000 }).toBeNull();
    // A user who could hear all and publish nothing would never notice by listening.
    await allow('-spublish');
    const deaf = await openStore(quiet(), AbortSignal.timeout(10_000));
    for (const partition of createGameKeys(deaf).partitions) deaf.idle(partition);
    const ofDeaf: (string | null)[] = [];
    deaf.tellTo((_code, why) => ofDeaf.push(why));
    await expect.poll(() => ofDeaf.at(-1), { timeout: 15_000 }).toMatch(/NOPERM.*spublish/);
    await allow('+spublish');
    await expect.poll(() => ofDeaf.at(-1), { timeout: 15_000 }).toBeNull();
    deaf.close();
  }, 60_000);
});
