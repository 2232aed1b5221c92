// A subscription that is woken while it looks: what it was woken for may have come after it looked.

import { expect, onTestFinished, test } from 'vitest';
import { createGameKeys } from '../../server/stores/keys.ts';
import type { OpenedGame } from '../../server/wiring/game-stream.ts';
import { gameStream } from '../../server/wiring/game-stream.ts';
import { createSubscriptions } from '../../streams/consume/subscriptions.ts';
import { createMemoryLog } from '../../streams/testing.ts';
import { inTime } from '../support/engine-for-each.ts';
import { changed, createIn, request } from '../support/room-log.ts';

test('a wake-up that comes while a subscription looks is not lost', async () => {
  const log = createMemoryLog(gameStream);
  const keys = createGameKeys();
  const room = await createIn(log);
  const wake = Promise.withResolvers<unknown>();
  const never = new Promise(() => undefined);
  let reads = 0;
  const reader = {
    ready: async () => undefined,
    woken: async () => undefined,
    read: () => (reads++ === 0 ? wake.promise : never),
    end: () => undefined,
  };
  let looks = 0;
  const opened = {
    definition: gameStream,
    keys,
    commands: { status: 'ready', xrevrange: async () => [] },
    store: { reader: () => reader },
    log: {
      ...log,
      async look(stream: typeof room, afterRev: number) {
        const seen = await log.look(stream, afterRev);
        looks += 1;
        // The second look comes with the beginning of the tail.
        if (looks !== 2) return seen;
        await log.commit(request(room, [changed(3)]));
        wake.resolve([[keys.partitions[0]?.feed, [['1-0', ['room', room]]]]]);
        await new Promise(setImmediate);
        return seen;
      },
    },
  } as unknown as OpenedGame;
  const stop = new AbortController();
  onTestFinished(() => stop.abort(new Error('the test is over')));
  const following = createSubscriptions(opened, 'test').follow(room, { signal: stop.signal });
  const next = async () => (await inTime('the next event', following.next())).value?.type;
  expect([await next(), await next()]).toEqual(['ROOM_CREATED', 'SETTINGS_CHANGED']);
});
