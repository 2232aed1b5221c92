// Mistakes of the one write: what `commit` looks at, and what it writes.

import type { Bug } from '../bug.ts';

export const bugsOfCommits: readonly Bug[] = [
  {
    name: 'acknowledgement-dropped',
    does: 'a commit writes its events and does not acknowledge the entry that it came to',
    patches: [
      {
        file: 'streams/valkey/commit.lua',
        find: `  redis.call('XACK', batch.feed, group, unpack(entries))
`,
        put: '',
      },
    ],
    caughtBy: {
      file: 'test/streams/event-log.int.test.ts',
      test: 'the log on Valkey > acknowledges an entry by the commit that it came to, also one of no events, and by a repeat of it',
    },
  },
  {
    name: 'idempotency-check-skipped',
    does: 'a commit does not look whether its key was there before',
    patches: [
      {
        file: 'streams/valkey/commit.lua',
        find: `first_under(s, intent)
  if first then`,
        put: `first_under(s, intent)
  first = false
  if first then`,
      },
    ],
    caughtBy: {
      file: 'test/streams/event-log.int.test.ts',
      test: 'the log on Valkey > keeps one effect of many that come under one key at once',
    },
  },
  {
    name: 'idempotency-kept-a-minute',
    does: 'what was done under a key is known for a minute, as most queues do it',
    patches: [
      {
        file: 'streams/valkey/commit.lua',
        find: `  if s.kept then call_with('HSET', s.done, s.kept) end
`,
        put: `  if s.kept then call_with('HSET', s.done, s.kept) redis.call('EXPIRE', s.done, 60) end
`,
      },
    ],
    caughtBy: {
      file: 'test/server/kept-keys.int.test.ts',
      test: 'a key > that is to stay has no end, and one that is to go has',
    },
  },
  {
    name: 'revision-ignored',
    does: 'a commit goes through whatever turn it expects',
    patches: [
      {
        file: 'streams/valkey/commit.lua',
        find: 'if other or tonumber(argv[at + 8]) ~= stands then',
        put: 'if other then',
      },
    ],
    caughtBy: {
      file: 'test/streams/event-log.int.test.ts',
      test: 'the log on Valkey > refuses a commit that expects another turn, and writes nothing of it',
    },
  },
  {
    name: 'epoch-not-compared',
    does: 'what was decided on the first life of an id is written to its second',
    patches: [
      {
        file: 'streams/valkey/commit.lua',
        find: `local other = epoch ~= '' and have.epoch and have.epoch ~= epoch`,
        put: 'local other = false',
      },
    ],
    caughtBy: {
      file: 'test/streams/event-log.int.test.ts',
      test: 'the log on Valkey > takes the turn of another life of a stream for another turn',
    },
  },
  {
    name: 'guard-not-checked',
    does: 'guards are sent and not looked at',
    patches: [
      {
        file: 'streams/valkey/commit.lua',
        find: 'if not holds(argv[i + 1], have[argv[i]], argv[i + 2], have[argv[i + 2]], s.now) then',
        put: 'if false then',
      },
    ],
    caughtBy: {
      file: 'test/streams/event-log.int.test.ts',
      test: 'the log on Valkey > writes under guards only where each of them holds, and refuses with the code of the first that does not',
    },
  },
  {
    name: 'last-moment-left-out',
    does: 'a deadline is taken for passed in its own millisecond',
    patches: [
      {
        file: 'streams/valkey/commit.lua',
        find: `  return now <= number
`,
        put: `  return now < number
`,
      },
    ],
    caughtBy: {
      file: 'test/streams/event-log.int.test.ts',
      test: 'an answer counts from the first moment of a question to its last, both included',
    },
  },
  {
    name: 'quiet-counts',
    does: 'events that conflict with none raise the turn, so that a crowd starves every decision',
    patches: [
      {
        file: 'streams/valkey/commit.lua',
        find: `    if argv[i + 1] == '' then
      first_told`,
        put: `    if true then
      first_told`,
      },
    ],
    caughtBy: {
      file: 'test/streams/event-log.int.test.ts',
      test: 'the log on Valkey > tells the feed of each commit once, with its events that are not quiet, and of quiet ones nothing',
    },
  },
  {
    name: 'feed-not-told',
    does: 'a commit writes its events and leaves out the pointer that wakes the next agent',
    patches: [
      {
        file: 'streams/valkey/commit.lua',
        find: `    redis.call('XADD', batch.feed, '*', batch.id_field, s.id, 'first', first_told, 'last', last_told,
      'types', types, 'traceparent', argv[at + 2])
`,
        put: '',
      },
    ],
    caughtBy: {
      file: 'test/streams/event-log.int.test.ts',
      test: 'the log on Valkey > tells the feed of each commit once, with its events that are not quiet, and of quiet ones nothing',
    },
  },
  {
    name: 'hash-not-linked',
    does: 'the hash of an entry does not hold the one before it',
    patches: [
      {
        file: 'streams/valkey/commit.lua',
        find: `hash = redis.sha1hex(hash .. '|'`,
        put: `hash = redis.sha1hex('|'`,
      },
    ],
    caughtBy: {
      file: 'test/streams/event-log.int.test.ts',
      test: 'each entry of a log holds the hash of the one before it in its own',
    },
  },
  {
    name: 'clock-goes-back',
    does: 'events are stamped by the clock as it is, also where it was set back',
    patches: [
      {
        file: 'streams/valkey/commit.lua',
        find: `  if have.at and tonumber(have.at) > s.now then s.now, s.moment = tonumber(have.at), have.at end
`,
        put: '',
      },
    ],
    caughtBy: {
      file: 'test/streams/event-log.int.test.ts',
      test: 'a room whose server was replaced by one with a slower clock goes on from its last event',
    },
  },
  {
    name: 'behind-a-conflict',
    does: 'what counts only behind another commit is written though that one did not go through',
    patches: [
      {
        file: 'streams/valkey/commit.lua',
        find: `  if argv[at + 7] == 'after' and not s.went then return {'conflict', 0} end
`,
        put: '',
      },
      {
        file: 'streams/valkey/commit.lua',
        find: "expects == 'rev' or expects == 'after' then",
        put: "expects == 'rev' then",
      },
    ],
    caughtBy: {
      file: 'test/streams/event-log.int.test.ts',
      test: 'the log on Valkey > commits in order, and nothing behind a commit that does not go through',
    },
  },
];
