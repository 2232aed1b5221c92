// Mistakes that tests against a model catch: in the log in memory, and where a history has to come a long
// way.

import type { Bug } from '../bug.ts';

const histories = {
  file: 'test/model/histories.int.test.ts',
  test: 'the engine never differs from its model, whoever dies',
};

export const bugsOfModels: readonly Bug[] = [
  {
    name: 'memory-timer-late',
    does: 'the log in memory fires a timer when its moment is over, not at it',
    patches: [
      {
        file: 'streams/testing/memory-log.ts',
        find: '.filter(([, at]) => at <= clock.now)',
        put: '.filter(([, at]) => at < clock.now)',
      },
    ],
    caughtBy: {
      file: 'test/model/differential.int.test.ts',
      test: 'the log in memory and the log on Valkey never differ, whatever is asked of them',
    },
  },
  {
    name: 'pause-not-heeded',
    does: 'a consumer looks whether its group is paused, and reads on',
    patches: [
      {
        file: 'streams/consume/feed.ts',
        find: `    paused = (await orFault(() => commands.hexists(keys.paused, group))) === 1;
`,
        put: `    await orFault(() => commands.hexists(keys.paused, group));
    paused = false;
`,
      },
    ],
    caughtBy: histories,
  },
  {
    name: 'key-of-another-command',
    does: 'another command under a key that is known is taken for a repeat',
    patches: [
      {
        file: 'streams/handle/command-handler.ts',
        find: '  if (first.note !== intent?.content) {',
        put: '  if (first.note === null) {',
      },
    ],
    caughtBy: histories,
  },
  {
    name: 'counts-outlive-their-letter',
    does: 'what was counted of an entry stays when it becomes a dead letter',
    patches: [
      {
        file: 'streams/valkey/consume.lua',
        find: `  clear_attempts(keys[2], group, entry)
  return id
`,
        put: `  return id
`,
      },
    ],
    caughtBy: histories,
  },
];
