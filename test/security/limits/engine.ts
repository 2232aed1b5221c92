// Limits of the engine: what a program that stands on it may ask of a log, and what its agents may do.

import { z } from 'zod';
import { saidBy } from '../../../streams/consume/dead-letters.ts';
import type { CommitRequest } from '../../../streams/contract/event-log.ts';
import { refuseUnfit } from '../../../streams/contract/unfit.ts';
import { defineStream, Fault } from '../../../streams/engine.ts';
import { createCommandHandler } from '../../../streams/handle/command-handler.ts';
import { createFoldCache } from '../../../streams/handle/fold-cache.ts';
import { createStamp } from '../../../streams/log/stamp.ts';
import { engineLimits, newTraceparent } from '../../../streams/parts.ts';
import { createMemoryLog, memoryTask } from '../../../streams/testing.ts';
import { by, each, type Judged, most, noLimit, text } from './judged.ts';

const limits = engineLimits;
const parts = {
  name: 'notes',
  events: { Written: z.object({}) },
  initial: 0,
  decide: (_write: 'write', _count: number) => ({ events: [{ type: 'Written', data: {} } as const] }),
  evolve: (count: number) => count + 1,
};
const notes = defineStream(parts);
type Notes = NonNullable<typeof notes.types>;
const context = { by: 'test', traceparent: newTraceparent() };

/** `taken`, or the code of the fault that it comes to. */
async function cameOf(work: () => unknown): Promise<unknown> {
  try {
    await work();
    return 'taken';
  } catch (error) {
    if (error instanceof Fault) return error.code;
    throw error;
  }
}

/** A commit in which one thing is so large, and what a log says of it before it writes anything. */
const committing = (part: (size: number) => Partial<CommitRequest>) => (size: number) => {
  const nothing = { events: [], effects: { meta: [], timers: [] } };
  const request = { stream: 's', key: null, expect: { guards: [] }, ...nothing, ...part(size) };
  return cameOf(() => refuseUnfit(request as unknown as CommitRequest));
};
const unfit = (max: number, part: (size: number) => Partial<CommitRequest>) =>
  most(max, committing(part), 'unfit_commit');
const effects = (part: Partial<CommitRequest['effects']>) => ({ effects: { meta: [], timers: [], ...part } });
const guarded = (guards: readonly unknown[]) => ({ expect: { guards } }) as unknown as Partial<CommitRequest>;
const guard = { field: 'f', present: true, else: 'no' };

const writing = (id: string) =>
  cameOf(() => createCommandHandler(createMemoryLog(notes), notes).handle(id, () => 'write', context));

/** A command whose first commits conflict, so many of them. */
function conflicting(conflicts: number): Promise<unknown> {
  const log = createMemoryLog(notes);
  let left = conflicts;
  const commit: typeof log.commit = async (request) =>
    left-- > 0 ? { status: 'conflict', turn: 0 } : log.commit(request);
  const handler = createCommandHandler({ ...log, commit }, notes);
  return cameOf(() => handler.handle('s', () => 'write', context));
}

const streamsOf = async (count: number) => {
  const log = createMemoryLog(notes);
  const cache = createFoldCache(log, notes);
  const handler = createCommandHandler(log, notes);
  for (let n = 0; n < count; n++) {
    await handler.handle(`s-${n}`, () => 'write', context);
    await cache.load(`s-${n}`);
  }
  return cache.peek('s-0') === undefined ? 'forgotten' : 'kept';
};

/** A stream of so many events, and how many of them one look gives. */
async function looked(count: number): Promise<number> {
  const log = createMemoryLog(notes);
  const one = { type: 'Written', data: {} } as const;
  const events = createStamp(notes)(Array(count).fill(one), null, { stream: 's', state: 0, context });
  const begun = { meta: [{ set: 'epoch', value: 'first' }], timers: [] };
  await log.commit({ stream: 's', key: null, expect: 'new', events, effects: begun });
  return (await log.look('s', 0)).events.length;
}

const stepNamed = async (chars: number) => {
  const log = createMemoryLog(notes);
  await createCommandHandler(log, notes).handle('s', () => 'write', context);
  const task = await memoryTask<Notes>(log, notes, { stream: 's', group: 'g', by: 'test' });
  return cameOf(() => task.once(text(chars), async () => 1));
};

const retaining = (afterMs: number): unknown => {
  try {
    defineStream({ ...parts, retention: { ends: ['Written'], afterMs } });
    return 'taken';
  } catch (error) {
    return String(error).includes('retention') ? 'refused' : error;
  }
};

const said = (chars: number): string =>
  saidBy(new Error(text(chars - 'Error: '.length))).length === chars ? 'whole' : 'cut';

const own = noLimit('a pace of ours');
const lot = noLimit('how much is done at once; the rest is done next');
const cache = noLimit('a cache: what falls out is read again');
const calls = (title: string) => by('test/streams/commit-call.unit.test.ts', title);
const backoff = by(
  'test/streams/backoff.unit.test.ts',
  'each try waits twice as long as the one before, up to a bound and no longer, however many there are',
);
const lease = by(
  'test/streams/consumer-ends.int.test.ts',
  'leaves its entries to others when the lease is over',
);

const ofCommits = {
  streamIdCharsMax: most(limits.streamIdCharsMax, (chars) => writing(text(chars)), 'bad_stream_id'),
  eventsPerCommitMax: unfit(limits.eventsPerCommitMax, (count) => ({ events: Array(count) as never })),
  changesPerCommitMax: each(
    unfit(limits.changesPerCommitMax, (count) => effects({ meta: Array(count).fill({ drop: 'f' }) })),
    unfit(limits.changesPerCommitMax, (count) => effects({ timers: Array(count).fill({ cancel: 't' }) })),
    unfit(limits.changesPerCommitMax, (count) => ({
      secrets: Object.fromEntries(Array.from({ length: count }, (_, n) => [`hash ${n}`, null])),
    })),
  ),
  guardsPerCommitMax: unfit(limits.guardsPerCommitMax, (count) => guarded(Array(count).fill(guard))),
  keyCharsMax: each(
    unfit(limits.keyCharsMax, (chars) => ({ key: text(chars) })),
    unfit(limits.keyCharsMax, (chars) => ({ intent: { key: text(chars), content: '' } })),
  ),
  noteCharsMax: each(
    unfit(limits.noteCharsMax, (chars) => ({ key: 'k', note: text(chars) })),
    unfit(limits.noteCharsMax, (chars) => ({ intent: { key: 'k', content: text(chars) } })),
    unfit(limits.noteCharsMax, (chars) => effects({ meta: [{ set: 'f', value: text(chars) }] })),
  ),
  fieldCharsMax: each(
    unfit(limits.fieldCharsMax, (chars) => effects({ meta: [{ set: text(chars), value: '' }] })),
    unfit(limits.fieldCharsMax, (chars) => guarded([{ ...guard, field: text(chars) }])),
    unfit(limits.fieldCharsMax, (chars) => guarded([{ ...guard, else: text(chars) }])),
    unfit(limits.fieldCharsMax, (chars) => guarded([{ field: 'f', equals: text(chars), else: 'no' }])),
    unfit(limits.fieldCharsMax, (chars) => guarded([{ field: 'f', lessThanField: text(chars), else: 'no' }])),
    unfit(limits.fieldCharsMax, (chars) => ({ expect: { turn: 1, epoch: text(chars) } })),
    unfit(limits.fieldCharsMax, (chars) => ({ count: text(chars) })),
    unfit(limits.fieldCharsMax, (chars) => ({ secrets: { [text(chars)]: null } })),
    unfit(limits.fieldCharsMax, (chars) => ({ secrets: { hash: text(chars) } })),
    unfit(limits.fieldCharsMax, (chars) => ({ settles: { group: text(chars), entryId: '1-1' } })),
  ),
  timerNameCharsMax: unfit(limits.timerNameCharsMax, (chars) =>
    effects({ timers: [{ cancel: text(chars) }] }),
  ),
  timerMsMax: each(
    unfit(limits.timerMsMax, (inMs) => effects({ timers: [{ set: 't', inMs }] })),
    unfit(limits.timerMsMax, (inMs) => effects({ meta: [{ set: 'f', inMs }] })),
    most(limits.timerMsMax, retaining, 'refused'),
  ),
  momentMsMax: unfit(limits.momentMsMax, (at) => effects({ timers: [{ set: 't', at }] })),
  commitsPerCallMax: by(
    'test/streams/gather.unit.test.ts',
    'what is asked in one turn leaves together, in its order, in lists of a bounded length',
  ),
  callCharsMax: calls('a call ends with the commit by which it is as large as a call may be'),
  argumentChars: calls(
    'many small arguments make a call large as well: a driver takes no more than some 100,000',
  ),
  conflictsMax: most(limits.conflictsMax - 1, conflicting, 'too_many_conflicts'),
  commandsAtOnce: by(
    'test/streams/permits.unit.test.ts',
    'commands of many streams that are sent at once come through, a bounded number at a time',
  ),
  changesInOrderMax: lot,
  entriesPerCallMax: lot,
  lookEntriesMax: most(limits.lookEntriesMax, looked, limits.lookEntriesMax, limits.lookEntriesMax),
  readPageEntries: by('test/streams/rooms.int.test.ts', 'a log longer than a page folds to its end'),
  fitValuesKept: cache,
  streamsCachedMax: most(limits.streamsCachedMax, streamsOf, 'forgotten', 'kept'),
};

const ofAgents = {
  leaseMs: lease,
  blockMs: own,
  blockBrieflyMs: own,
  socketTimeoutMs: noLimit('how long the store may be silent, which is ours'),
  exceptionsMax: by(
    'test/streams/consumer.int.test.ts',
    'is tried again and its entry becomes a dead letter after five exceptions',
  ),
  deathsMax: by(
    'test/streams/consumer-ends.int.test.ts',
    'ten times over one entry makes it a dead letter without another run',
  ),
  retryBaseMs: backoff,
  retryMaxMs: backoff,
  awayAgainMs: by(
    'test/streams/tell-away.unit.test.ts',
    'an address that does not reply is told of at once, and then each minute',
  ),
  batchEntriesMax: lot,
  takeEntriesMax: lot,
  ratedInHandMax: by('test/streams/rates.int.test.ts', 'no process takes more than it may keep waiting'),
  projectEveryMs: own,
  timersFiredMax: lot,
  timerLookMs: own,
  replicaWaitMs: by(
    'test/streams/cluster.int.test.ts',
    'does not come while no replica answers, and comes with the same request once one does',
  ),
  sweepMs: own,
  hintsKept: noLimit('of hints that fall out a follower makes up by a look'),
  operationsKept: by(
    'test/server/recorded-operations.int.test.ts',
    'of what was done the newest is kept, and no more than some beyond the limit',
  ),
  drainMs: by(
    'test/streams/consumer-ends.int.test.ts',
    'gives unfinished entries up for others to take at once, uncounted',
  ),
  retentionAgainMsMin: own,
  retentionAgainMsMax: own,
  retentionLooksMax: lot,
  retentionBusyMs: own,
  retentionAtOnce: lot,
  retentionLooksEntries: lot,
  housekeepingEveryMs: own,
  consumerGoneMs: noLimit('how long a name of a process is kept that is not heard of'),
  stackCharsMax: noLimit('what a dead letter tells of an exception is cut'),
  onceResultBytesMax: by(
    'test/streams/once.unit.test.ts',
    'has as many bytes as the limit says, and no more',
  ),
  onceNameCharsMax: most(limits.onceNameCharsMax, stepNamed, 'bad_step_name'),
  pauseLookMs: own,
  failureCharsMax: most(limits.failureCharsMax, said, 'cut', 'whole'),
};

export const ofEngine = { ...ofCommits, ...ofAgents } satisfies Record<keyof typeof engineLimits, Judged>;
