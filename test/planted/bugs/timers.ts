// Mistakes of timers, of streams that leave the store, and of wake-ups.

import type { Bug } from '../bug.ts';

export const bugsOfTimers: readonly Bug[] = [
  {
    name: 'timer-fires-again',
    does: 'a timer that has fired stays in the list',
    patches: [
      {
        file: 'streams/valkey/streams.lua',
        find: `    redis.call('ZREM', keys[1], due[i])
`,
        put: '',
      },
    ],
    caughtBy: {
      file: 'test/streams/beside-the-log.int.test.ts',
      test: 'timers > fire once each, however many processes fire them, and none before it is due',
    },
  },
  {
    name: 'cancelled-timer-fires',
    does: 'a timer that is cancelled keeps its place in the list',
    patches: [
      {
        file: 'streams/valkey/commit.lua',
        find: `      redis.call('ZREM', batch.timers, member)
`,
        put: '',
      },
    ],
    caughtBy: {
      file: 'test/streams/timers.int.test.ts',
      test: 'a timer that a commit sets > and sets again fires once, at the moment set last; cancelled it never fires',
    },
  },
  {
    name: 'timer-early',
    does: 'a timer fires before it is due',
    patches: [
      {
        file: 'streams/valkey/streams.lua',
        find: `local until_now = string.format('%.0f', now)`,
        put: `local until_now = string.format('%.0f', now + 1000)`,
      },
    ],
    caughtBy: {
      file: 'test/streams/beside-the-log.int.test.ts',
      test: 'timers > fire once each, however many processes fire them, and none before it is due',
    },
  },
  {
    name: 'timer-taken-first',
    does: 'a timer is taken out of the list, and then put into the feed: two calls',
    patches: [
      {
        file: 'streams/consume/timers.ts',
        find: `      const reply = await callFunction(connection, 'fire', [keys.timers, keys.feed, keys.timerNames], args);
`,
        put: `      const due = await connection.zrange(keys.timers, 0, Date.now(), 'BYSCORE');
      for (const member of due) {
        await connection.zrem(keys.timers, member);
        const [stream = '', ...name] = member.split('|');
        await connection.xadd(keys.feed, '*', idField, stream, 'alarm', name.join('|'), 'due', Date.now());
      }
      const reply = await callFunction(connection, 'fire', [keys.timers, keys.feed, keys.timerNames], args);
`,
      },
    ],
    caughtBy: {
      file: 'test/streams/timers.int.test.ts',
      test: 'a timer that a commit sets > wakes once whoever is woken by timers, with its name and moment, whatever it is for',
    },
  },
  {
    name: 'stream-left-too-early',
    does: 'a stream leaves the store while a group still has work with it',
    patches: [
      {
        file: 'streams/valkey/streams.lua',
        find: `  if argv[5] ~= 'force' and has_work(keys[7], about, groups, looked) then return 'busy' end
`,
        put: '',
      },
    ],
    caughtBy: {
      file: 'test/streams/retention.int.test.ts',
      test: 'on one Valkey > a group that lags, or has not begun, keeps a stream until it has caught up',
    },
  },
  {
    name: 'second-life-deleted',
    does: 'who was thought dead takes out the second life of the stream that it archived',
    patches: [
      {
        file: 'streams/valkey/streams.lua',
        find: `if head[1] ~= argv[3] or (argv[4] ~= '' and head[2] ~= argv[4]) then`,
        put: 'if head[1] ~= argv[3] then',
      },
    ],
    caughtBy: {
      file: 'test/streams/retention.int.test.ts',
      test: 'on one Valkey > one that was thought dead takes no second life of the id out',
    },
  },
  {
    name: 'wake-up-lost',
    does: 'a subscription makes itself ready for the next wake-up after it has looked, not before',
    patches: [
      {
        file: 'streams/consume/subscriptions.ts',
        find: `          follower.woken = Promise.withResolvers<void>();
          const fresh = await untilDone(() => place.readOn(), { signal, chance: Math.random });
`,
        put: `          const fresh = await untilDone(() => place.readOn(), { signal, chance: Math.random });
          follower.woken = Promise.withResolvers<void>();
`,
      },
    ],
    caughtBy: {
      file: 'test/streams/subscriptions.unit.test.ts',
      test: 'a wake-up that comes while a subscription looks is not lost',
    },
  },
  {
    name: 'wake-up-before-the-wait',
    does: 'a wake-up that comes between a look and the wait is not counted',
    patches: [
      {
        file: 'streams/valkey/wake-ups.ts',
        find: 'listened.count !== heard || signal.aborted) return;',
        put: 'signal.aborted) return;',
      },
    ],
    caughtBy: {
      file: 'test/streams/unwell-node.unit.test.ts',
      test: 'a wake-up that came between a look and the wait for it ends that wait at once',
    },
  },
  {
    name: 'tail-begins-late',
    does: 'a tail that lost its store on the way in begins with one stream of two',
    patches: [
      {
        file: 'streams/consume/tail.ts',
        find: `  last.set(feed, ofFeed).set(hints, ofHints);
`,
        put: `  last.set(feed, ofFeed);
  if (ofHints !== '0-0') last.set(hints, ofHints);
`,
      },
    ],
    caughtBy: {
      file: 'test/streams/bugs.unit.test.ts',
      test: 'a tail that lost its store on the way in follows both streams all the same',
    },
  },
];
