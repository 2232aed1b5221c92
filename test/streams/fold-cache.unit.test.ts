// What a process remembers of streams: of two loads that overtake each other the further one stays.

import { expect, test } from 'vitest';
import { gameStream } from '../../server/wiring/game-stream.ts';
import { createFoldCache } from '../../streams/handle/fold-cache.ts';
import { createMemoryLog } from '../../streams/testing.ts';
import { changed, createIn, request } from '../support/room-log.ts';

test('a load that ends last and knows less takes nothing back', async () => {
  const log = createMemoryLog(gameStream);
  const room = await createIn(log);
  const [looked, held] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let looks = 0;
  const slowAtFirst: typeof log = {
    ...log,
    async look(stream, afterRev) {
      const seen = await log.look(stream, afterRev);
      looks += 1;
      looked.resolve();
      if (looks === 1) await held.promise;
      return seen;
    },
  };
  const cache = createFoldCache(slowAtFirst, gameStream);
  const first = cache.load(room);
  await looked.promise;
  await log.commit(request(room, [changed(3)]));
  expect((await cache.load(room)).rev).toBe(2);
  held.resolve();
  expect((await first).rev).toBe(1);
  expect(cache.peek(room)?.rev).toBe(2);
});
