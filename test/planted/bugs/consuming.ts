// Mistakes around a handler: taking, leases, tries, dead letters, acknowledgements, trimming.

import type { Bug } from '../bug.ts';

export const bugsOfConsuming: readonly Bug[] = [
  {
    name: 'acknowledged-first',
    does: 'an entry is acknowledged as soon as it is taken, and then handled',
    patches: [
      {
        file: 'streams/consume/run-entry.ts',
        find: `  if (counts.starts === 0) return 'finished';
`,
        put: `  if (counts.starts === 0) return 'finished';
  await deps.feed.ack([pointer.id]);
`,
      },
    ],
    caughtBy: {
      file: 'test/streams/consumer-ends.int.test.ts',
      test: 'a process that died > leaves its entries to its own next life at once',
    },
  },
  {
    name: 'group-at-the-end',
    does: 'a group begins at `$`, so that it never hears of what was written before it',
    patches: [
      {
        file: 'streams/consume/feed.ts',
        find: `stream, group, '0', 'MKSTREAM'`,
        put: `stream, group, '$', 'MKSTREAM'`,
      },
    ],
    caughtBy: {
      file: 'test/streams/timers.int.test.ts',
      test: 'a timer that a commit sets > waits in the feed where no consumer was there when it fired',
    },
  },
  {
    name: 'consumer-dropped-with-pending',
    does: 'a consumer that is gone is deleted, and what it still had is gone with it',
    patches: [
      {
        file: 'streams/valkey/consume.lua',
        find: `  if #redis.call('XPENDING', keys[1], argv[1], '-', '+', 1, argv[2]) > 0 then return 0 end
`,
        put: '',
      },
    ],
    caughtBy: {
      file: 'test/streams/beside-the-log.int.test.ts',
      test: 'the feed > never loses a consumer that has something pending',
    },
  },
  {
    name: 'start-not-counted',
    does: 'an entry that is taken over from a dead process does not count another start',
    patches: [
      {
        file: 'streams/valkey/consume.lua',
        find: '(starts[field] or tonumber(before[i] or 0)) + 1',
        put: 'math.max(1, starts[field] or tonumber(before[i] or 0))',
      },
    ],
    caughtBy: {
      file: 'test/streams/consumer-ends.int.test.ts',
      test: 'a process that died > leaves its entries to its own next life at once',
    },
  },
  {
    name: 'poison-never-given-up',
    does: 'an entry that kills every process is handled again for ever',
    patches: [
      {
        file: 'streams/consume/run-entry.ts',
        find: '  if (deaths >= limits.deathsMax) {',
        put: '  if (deaths >= Number.POSITIVE_INFINITY) {',
      },
    ],
    caughtBy: {
      file: 'test/streams/consumer-ends.int.test.ts',
      test: 'a process that died > ten times over one entry makes it a dead letter without another run',
    },
  },
  {
    name: 'lease-not-renewed',
    does: 'a handler that works for longer than its lease loses its entry to another',
    patches: [
      {
        file: 'streams/consume/consumer.ts',
        find: `  if (running.size === 0) return;
`,
        put: `  if (running.size >= 0) return;
`,
      },
    ],
    caughtBy: {
      file: 'test/streams/consumer-ends.int.test.ts',
      test: 'a lease > is kept while the handler works longer than it lasts',
    },
  },
  {
    name: 'renewal-takes-back',
    does: 'who lost its lease takes the entry back from its new owner with the next renewal',
    patches: [
      {
        file: 'streams/valkey/consume.lua',
        find: `    if held and held[2] == consumer then
`,
        put: `    if held then
`,
      },
    ],
    caughtBy: {
      file: 'test/streams/consumer-ends.int.test.ts',
      test: 'a lease > that is lost aborts the handler, and its late commit changes nothing',
    },
  },
  {
    name: 'lost-lease-goes-on',
    does: 'a handler that lost its lease is not told',
    patches: [
      {
        file: 'streams/consume/consumer.ts',
        find: `      lost.abort.abort(new Fault('lease_lost', \`entry \${id} is another's\`, { retryable: true }));
`,
        put: '',
      },
    ],
    caughtBy: {
      file: 'test/streams/consumer-ends.int.test.ts',
      test: 'a lease > that is lost aborts the handler, and its late commit changes nothing',
    },
  },
  {
    name: 'drain-counts-a-death',
    does: 'a process that ends in order leaves its starts counted, as if it had died of them',
    patches: [
      {
        file: 'streams/valkey/consume.lua',
        find: `  if argv[5] == '1' then take_back(keys[2], group, entry) end
`,
        put: '',
      },
    ],
    caughtBy: {
      file: 'test/streams/consumer-ends.int.test.ts',
      test: 'an end in order > gives unfinished entries up for others to take at once, uncounted',
    },
  },
  {
    name: 'own-pending-not-asked',
    does: 'what a process was given in its last life is not asked for in the next',
    patches: [
      {
        file: 'streams/consume/consumer.ts',
        find: `    if (hand.retake) await takeOver(deps, hand);
`,
        put: '',
      },
    ],
    caughtBy: {
      file: 'test/streams/consumer-ends.int.test.ts',
      test: 'a process that died > leaves its entries to its own next life at once',
    },
  },
  {
    name: 'dead-not-claimed',
    does: 'what a dead process was given is not taken over by another',
    patches: [
      {
        file: 'streams/consume/consumer.ts',
        find: '    if (deps.clock() >= nextClaimAt) {',
        put: '    if (deps.clock() < 0) {',
      },
    ],
    caughtBy: {
      file: 'test/streams/consumer-ends.int.test.ts',
      test: 'a process that died > leaves its entries to others when the lease is over',
    },
  },
  {
    name: 'claims-from-the-start',
    does: 'each look for what was left begins at the first entry, and never comes to those behind',
    patches: [
      {
        file: 'streams/consume/feed.ts',
        find: `      cursor = next;
`,
        put: '',
      },
    ],
    caughtBy: {
      file: 'test/streams/taken-over.int.test.ts',
      test: 'a look for what was left behind goes on where the last one stopped, also behind much that is fresh',
    },
  },
  {
    name: 'letter-after-acknowledgement',
    does: 'an entry is acknowledged, and then its dead letter is written',
    patches: [
      {
        file: 'streams/consume/attempts.ts',
        find: `      const args = [group, consumer, id, ...Object.entries(fields).flat()];
`,
        put: `      const args = [group, consumer, id, ...Object.entries(fields).flat()];
      await commands.xack(keys.feed, group, id);
`,
      },
    ],
    caughtBy: {
      file: 'test/streams/consumer.int.test.ts',
      test: 'an entry > that nobody can read becomes a dead letter, and the loop goes on',
    },
  },
  {
    name: 'letter-of-another',
    does: 'who lost its lease writes a dead letter of what another handles now',
    patches: [
      {
        file: 'streams/valkey/consume.lua',
        find: `  if not is_mine(keys[1], group, consumer, entry) then return '' end
`,
        put: '',
      },
    ],
    caughtBy: {
      file: 'test/streams/taken-over.int.test.ts',
      test: 'a consumer that lost its lease writes no dead letter, and leaves the entry to its new owner',
    },
  },
  {
    name: 'letter-put-back-twice',
    does: 'two operators put one dead letter back, and it is handled twice',
    patches: [
      {
        file: 'streams/valkey/consume.lua',
        find: `  redis.call('XDEL', keys[2], argv[1])
`,
        put: '',
      },
    ],
    caughtBy: {
      file: 'test/streams/dead-letters.int.test.ts',
      test: 'on one Valkey > two operators put a letter back at once: one does, and its count goes with it',
    },
  },
  {
    name: 'exceptions-without-end',
    does: 'a handler that always throws is tried for ever',
    patches: [
      {
        file: 'streams/consume/run-entry.ts',
        find: '    if (exceptions >= limits.exceptionsMax) return',
        put: '    if (exceptions >= Number.POSITIVE_INFINITY) return',
      },
    ],
    caughtBy: {
      file: 'test/streams/consumer.int.test.ts',
      test: 'a handler that throws > is tried again and its entry becomes a dead letter after five exceptions',
    },
  },
  {
    name: 'store-away-blamed',
    does: 'an entry is blamed for a store that is away, and ends as a dead letter',
    patches: [
      {
        file: 'streams/consume/run-entry.ts',
        find: `    if (isAway(error)) return away(pointer, deps, error);
`,
        put: '',
      },
    ],
    caughtBy: {
      file: 'test/streams/partly-away.int.test.ts',
      test: 'a try that found a part of the store away counts as none, however many there are',
    },
  },
  {
    name: 'late-handler-waited-for',
    does: 'a handler that never comes back is waited for',
    patches: [
      {
        file: 'streams/consume/run-entry.ts',
        find: '    const open = await deadline(handlerMsMax, signal, late(handlerMsMax), async (until) => {',
        put: '    const open = await deadline(2 ** 30, signal, late(handlerMsMax), async (until) => {',
      },
    ],
    caughtBy: {
      file: 'test/streams/late-handlers.int.test.ts',
      test: 'a command that is never made holds up neither the next try nor the room',
    },
  },
  {
    name: 'innocent-killed-too',
    does: 'what a dead process had is tried beside innocent entries',
    patches: [{ file: 'streams/consume/exclusion.ts', find: '(alone ? running === 0 : !solo)', put: 'true' }],
    caughtBy: {
      file: 'test/streams/exclusion.unit.test.ts',
      test: 'ordinary work runs side by side, suspicious work alone, and none is overtaken for ever',
    },
  },
  {
    name: 'pending-trimmed',
    does: 'entries are deleted that a consumer was given and has not acknowledged',
    patches: [
      {
        file: 'streams/valkey/consume.lua',
        find: `    if pending[2] then keep(pending[2]) end
`,
        put: '',
      },
    ],
    caughtBy: {
      file: 'test/streams/beside-the-log.int.test.ts',
      test: 'the feed > is trimmed behind every group, and not while one of them is missing or behind',
    },
  },
  {
    name: 'trimmed-before-a-group',
    does: 'entries are deleted before a group has begun that is to read them',
    patches: [
      {
        file: 'streams/valkey/consume.lua',
        find: `    if not seen[group] then return 0 end
`,
        put: '',
      },
    ],
    caughtBy: {
      file: 'test/streams/beside-the-log.int.test.ts',
      test: 'the feed > is trimmed behind every group, and not while one of them is missing or behind',
    },
  },
];
