// Mistakes of the game: answers, points, boards, who is here.

import type { Bug } from '../bug.ts';

export const bugsOfGame: readonly Bug[] = [
  {
    name: 'answer-after-the-deadline',
    does: 'an answer counts whenever it comes, while the round is not closed',
    patches: [
      {
        file: 'core/effects.ts',
        find: `    { field: 'closesAt', passed: false, else: 'too_late' },
`,
        put: '',
      },
    ],
    caughtBy: {
      file: 'test/streams/event-log.int.test.ts',
      test: 'an answer counts from the first moment of a question to its last, both included',
    },
  },
  {
    name: 'answer-before-the-opening',
    does: 'an answer counts before its question opens',
    patches: [
      {
        file: 'core/effects.ts',
        find: `    { field: 'opensAt', reached: true, else: 'round_not_active' },
`,
        put: '',
      },
    ],
    caughtBy: {
      file: 'test/streams/event-log.int.test.ts',
      test: 'an answer counts from the first moment of a question to its last, both included',
    },
  },
  {
    name: 'answer-of-a-latecomer',
    does: 'somebody who came with the question may answer it',
    patches: [
      {
        file: 'core/effects.ts',
        find: `    { field: player, lessThanField: 'openedRev', else: 'round_not_active' },
`,
        put: '',
      },
    ],
    caughtBy: {
      file: 'test/streams/event-log.int.test.ts',
      test: 'an answer of somebody who came with the question, or after it, does not count',
    },
  },
  {
    name: 'answer-after-the-close',
    does: 'the door stays open after a round is closed',
    patches: [
      {
        file: 'core/effects.ts',
        find: `  const meta: MetaChange[] = [{ drop: 'round' }];
`,
        put: `  const meta: MetaChange[] = [];
`,
      },
    ],
    caughtBy: {
      file: 'test/streams/rooms.int.test.ts',
      test: 'no answer slips in once the round is closed, and a repeat of an earlier one is still answered',
    },
  },
  {
    name: 'answer-changed',
    does: 'a second answer takes the place of the first',
    patches: [
      {
        file: 'core/effect-names.ts',
        find: `\`answer:\${roundId}:\${playerId}\`,
  extend`,
        put: `\`answer:\${roundId}:\${playerId}:\${Math.random()}\`,
  extend`,
      },
    ],
    caughtBy: {
      file: 'test/streams/rooms.int.test.ts',
      test: 'an answer that is sent again is answered with the first one and counted once',
    },
  },
  {
    name: 'late-answer-scored',
    does: 'an answer in the second of grace gets more than the least',
    patches: [
      {
        file: 'core/scoring.ts',
        find: `  if (at > question.deadline) return basePoints;
`,
        put: `  if (at > question.deadline) return flatPoints;
`,
      },
    ],
    caughtBy: {
      file: 'test/core/scoring.unit.test.ts',
      test: 'points of a right answer > are 500 at the deadline and in the second of grace',
    },
  },
  {
    name: 'pause-costs-points',
    does: 'the time of a pause is counted against those who answer after it',
    patches: [
      { file: 'core/scoring.ts', find: 'at - question.opensAt - stood', put: 'at - question.opensAt' },
    ],
    caughtBy: {
      file: 'test/core/scoring.unit.test.ts',
      test: 'the clock of a question > stands still while the game is paused',
    },
  },
  {
    name: 'streak-of-the-absent',
    does: 'a player who came too late for a round loses the streak',
    patches: [
      {
        file: 'core/scoring.ts',
        find: 'const counts = isEligible(player, question) || mine !== undefined;',
        put: 'const counts = true;',
      },
    ],
    caughtBy: {
      file: 'test/core/scoring.unit.test.ts',
      test: 'a round that is scored > counts only who was there when it was asked: the others keep score and streak',
    },
  },
  {
    name: 'stale-work-accepted',
    does: 'work for a cycle that was given up is taken for the new one',
    patches: [
      {
        file: 'core/preparing.ts',
        find: `  if (waitingFor(room, cycleId, 'research') === null) return stale;
`,
        put: '',
      },
    ],
    caughtBy: {
      file: 'test/core/preparing.unit.test.ts',
      test: 'a cycle that fails > late work of the old cycle is stale',
    },
  },
  {
    name: 'board-taken-back',
    does: 'a projector that is late takes a board back to an older revision',
    patches: [
      {
        file: 'server/stores/boards.lua',
        find: `  if tonumber(redis.call('HGET', keys[2], game) or 0) >= rev then return 0 end
`,
        put: '',
      },
    ],
    caughtBy: {
      file: 'test/server/stores/boards.int.test.ts',
      test: 'a game that is published > by a projector that is late is not taken back to an older revision',
    },
  },
  {
    name: 'board-counts-again',
    does: 'a game that is published again counts once more',
    patches: [
      {
        file: 'server/stores/boards.lua',
        find: `  if tonumber(redis.call('HGET', keys[2], game) or 0) >= rev then return 0 end
`,
        put: '',
      },
      {
        file: 'server/stores/boards.lua',
        find: `    redis.call('ZADD', keys[4], argv[i + 1], argv[i])
`,
        put: `    redis.call('ZINCRBY', keys[4], argv[i + 1], argv[i])
`,
      },
      {
        file: 'server/stores/boards.lua',
        find: `      redis.call('ZREM', keys[4], member)
`,
        put: '',
      },
    ],
    caughtBy: {
      file: 'test/server/stores/boards.int.test.ts',
      test: 'a game that is published > twice at one revision stands as it stood',
    },
  },
  {
    name: 'document-taken-back',
    does: 'an entry that comes again writes the documents of an older revision',
    patches: [
      {
        file: 'server/stores/documents.lua',
        find: `    if stands > rev or stands == rev and not again then return false end
`,
        put: '',
      },
    ],
    caughtBy: {
      file: 'test/server/stores/documents.int.test.ts',
      test: 'documents on a plain Valkey > are written once for a revision and never taken back by a late projector',
    },
  },
  {
    name: 'presence-keeps-the-dead',
    does: 'who was once here stays here',
    patches: [
      {
        file: 'server/stores/presence.ts',
        find: '    else if (ago < limits.lastContactMs) connected',
        put: '    else connected',
      },
    ],
    caughtBy: {
      file: 'test/streams/beside-the-log.int.test.ts',
      test: 'presence > knows who was in contact within ten seconds, and since when nobody was',
    },
  },
  {
    name: 'heartbeat-counts-the-empty',
    does: 'a room that no one is in is kept awake by its own heartbeat',
    patches: [
      {
        file: 'server/stores/presence.lua',
        find: `  if argv[1] == '1' or #argv > 2 then
`,
        put: `  if true then
`,
      },
    ],
    caughtBy: {
      file: 'test/streams/beside-the-log.int.test.ts',
      test: 'presence > is of one room: who is in another is not here, though it be the same player',
    },
  },
];
