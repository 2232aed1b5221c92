// Mistakes of a process that decides, commits, and calls the outside.

import type { Bug } from '../bug.ts';

export const bugsOfHandling: readonly Bug[] = [
  {
    name: 'known-fold-trusted',
    does: 'what a process knows of a stream is taken for its head, and only the turn is checked',
    patches: [
      {
        file: 'streams/handle/command-handler.ts',
        find: `    const exact = known !== undefined;
`,
        put: `    const exact = false;
`,
      },
    ],
    caughtBy: {
      file: 'test/streams/decided-ahead.unit.test.ts',
      test: 'a command on a stream that was opened counts what came since, quiet as it is',
    },
  },
  {
    name: 'older-fold-kept',
    does: 'of two loads that overtake each other the one that ends last stays',
    patches: [
      {
        file: 'streams/handle/fold-cache.ts',
        find: 'const further = other !== undefined && other.epoch === folded.epoch && other.rev > folded.rev;',
        put: 'const further = false;',
      },
    ],
    caughtBy: {
      file: 'test/streams/fold-cache.unit.test.ts',
      test: 'a load that ends last and knows less takes nothing back',
    },
  },
  {
    name: 'page-begins-twice',
    does: 'a page begins with the event that was read last, and it is folded again',
    patches: [
      {
        file: 'streams/handle/fold.ts',
        find: 'return same?.id === folded.last ? fresh : null;',
        put: 'return same?.id === folded.last ? page : null;',
      },
    ],
    caughtBy: {
      file: 'test/streams/rooms.int.test.ts',
      test: 'what a commit gives back is the room as every other process reads it',
    },
  },
  {
    name: 'cut-back-unseen',
    does: 'a reader goes on by revision, although a failover has put another event in the place of the last',
    patches: [
      {
        file: 'streams/handle/fold.ts',
        find: 'return same?.id === folded.last ? fresh : null;',
        put: 'return same === undefined ? null : fresh;',
      },
    ],
    caughtBy: {
      file: 'test/streams/cut-back.unit.test.ts',
      test: 'a room is folded anew where another event came in the place of one that was lost',
    },
  },
  {
    name: 'repeat-refused',
    does: 'a repeat is refused because of what its first time changed',
    patches: [
      {
        file: 'streams/handle/command-handler.ts',
        find: `const first = key === null ? null : await log.firstResult(stream, key);
  if (first === null) {`,
        put: `const first = null as { readonly note: string } | null;
  if (first === null) {`,
      },
    ],
    caughtBy: {
      file: 'test/streams/rooms.int.test.ts',
      test: 'the same nonce twice is the same player, whoever asks and whenever',
    },
  },
  {
    name: 'replies-in-another-order',
    does: 'replies of one call are given to the wrong asks',
    patches: [
      { file: 'streams/valkey/gather.ts', find: 'came[index] ??', put: 'came[list.length - 1 - index] ??' },
    ],
    caughtBy: {
      file: 'test/streams/gather.unit.test.ts',
      test: 'what is asked in one turn leaves together, in its order, in lists of a bounded length',
    },
  },
  {
    name: 'lane-out-of-order',
    does: 'commands that are put back into a lane come in another order',
    patches: [
      {
        file: 'streams/handle/lanes.ts',
        find: 'list.entries()) queue.waiting[queue.first + index] = one;',
        put: '[...list].reverse().entries()) queue.waiting[queue.first + index] = one;',
      },
    ],
    caughtBy: {
      file: 'test/streams/decided-ahead.unit.test.ts',
      test: 'what is put back into a lane is done before all others, in its order',
    },
  },
  {
    name: 'conflict-taken-for-done',
    does: 'a last commit that conflicts counts as the end of its entry',
    patches: [
      {
        file: 'streams/consume/task.ts',
        find: `      return outcome.status === 'ok';
`,
        put: `      return true;
`,
      },
    ],
    caughtBy: {
      file: 'test/streams/taken-over.int.test.ts',
      test: 'what came while a handler only looked makes it look again before its entry is acknowledged',
    },
  },
  {
    name: 'once-not-kept',
    does: 'the result of a call to the outside is given and not kept',
    patches: [
      {
        file: 'streams/consume/once.ts',
        find: `      const outcome = await log.commit(request);
`,
        put: `      const outcome = { status: 'ok' } as Awaited<ReturnType<typeof log.commit>>;
`,
      },
    ],
    caughtBy: {
      file: 'test/streams/once.unit.test.ts',
      test: 'the result of a step > is what every later try gets, without another call',
    },
  },
  {
    name: 'once-own-result',
    does: 'of two that made the same call each goes on with its own result',
    patches: [
      {
        file: 'streams/consume/once.ts',
        find: `      if (outcome.status === 'dup') return outcome.note;
`,
        put: `      if (outcome.status === 'dup') return note;
`,
      },
    ],
    caughtBy: {
      file: 'test/streams/once.unit.test.ts',
      test: 'two that call at the same time > in two tasks call under one key, and both get what was kept first',
    },
  },
  {
    name: 'once-key-of-another-life',
    does: 'the key that is handed to a payment is the same for two lives of one id',
    patches: [
      {
        file: 'streams/consume/once.ts',
        find: '[definition.name, stream, head.epoch, group, name]',
        put: '[definition.name, stream, group, name]',
      },
    ],
    caughtBy: {
      file: 'test/streams/once.unit.test.ts',
      test: 'the key to hand over is of one kind, stream, life, group and name',
    },
  },
  {
    name: 'upcaster-skipped',
    does: 'an old event is read as if it were of the present version',
    patches: [
      {
        file: 'streams/contract/envelope.ts',
        find: `    if (v === version) return raw;
    const lift`,
        put: `    if (v === version || upcasters.size > 0) return raw;
    const lift`,
      },
    ],
    caughtBy: {
      file: 'test/streams/lifted.int.test.ts',
      test: 'is lifted version by version wherever the log is read, also for a dead letter that is put back',
    },
  },
  {
    name: 'told-before-the-replica',
    does: 'a commit is told before a replica has it',
    patches: [
      {
        file: 'streams/log/replicated-log.ts',
        find: `      await replicas.confirm(request.stream, { keys, rev: outcome.rev });
`,
        put: `      void replicas.confirm(request.stream, { keys, rev: outcome.rev }).catch(() => undefined);
`,
      },
    ],
    caughtBy: {
      file: 'test/streams/replicas.int.test.ts',
      test: 'an event is not acknowledged while the replica is away, and a repeat is once it is back',
    },
  },
];
