// The part of the contract suite about commits that no log can keep: each is refused before anything of it is
// written.

import assert from 'node:assert/strict';
import type { CommitRequest } from '../contract/event-log.ts';
import { Fault } from '../contract/fault.ts';
import { limits } from '../contract/limits.ts';
import { type OpenLog, opened, renamed, scribbled, written } from './contract-log.ts';

/** What a program without types, or with a variable that was forgotten, may hand over. */
const cast = (value: unknown): never => value as never;

/** By the word that its refusal has to say. */
const unfit: readonly (readonly [string, Partial<CommitRequest>])[] = [
  ...[Number.NaN, Number.POSITIVE_INFINITY, 1e300, -1, 0.5, limits.timerMsMax + 1, cast(null)].map(
    (inMs) => [`inMs of the timer t is ${inMs}`, withEffects({ timers: [{ set: 't', inMs }] })] as const,
  ),
  ...[Number.NaN, -1, 1.5, limits.momentMsMax + 1].map(
    (at) => [`at of the timer t is ${at}`, withEffects({ timers: [{ set: 't', at }] })] as const,
  ),
  ['inMs of the timer t is "60"', withEffects({ timers: [{ set: 't', inMs: cast('60') }] })],
  ['inMs of the timer t is undefined', withEffects({ timers: [cast({ set: 't' })] })],
  ['the name of a timer is ""', withEffects({ timers: [{ cancel: '' }] })],
  ['the name of a timer is 5', withEffects({ timers: [{ set: cast(5), inMs: 1 }] })],
  ['the name of a timer', withEffects({ timers: [{ set: 'x'.repeat(10_000), inMs: 1 }] })],
  ['the name of a timer', withEffects({ timers: [{ set: '\ud800', inMs: 1 }] })],
  ['inMs of the field f is NaN', withEffects({ meta: [{ set: 'f', inMs: Number.NaN }] })],
  ['inMs of the field f is -5', withEffects({ meta: [{ set: 'f', inMs: -5 }] })],
  ['the field f is 5', withEffects({ meta: [{ set: 'f', value: cast(5) }] })],
  ['a field of meta is ""', withEffects({ meta: [{ drop: '' }] })],
  ['a field of meta is "rev"', withEffects({ meta: [{ set: 'rev', value: 'x' }] })],
  ['its number of timers is 1001', withEffects({ timers: Array(1_001).fill({ cancel: 't' }) })],
  ['its number of events is 50000', { events: cast(Array(50_000).fill(null)) }],
  ['its key is 5', { key: cast(5) }],
  ['its key is undefined', { key: cast(undefined) }],
  ['its key is ""', { key: '' }],
  ['its note is 7', { key: 'k', note: cast(7) }],
  ['the key of its intent', { intent: { key: '', content: '' } }],
  ['the counted field is ""', { count: '' }],
  ['the counted field is "turn"', { count: 'turn' }],
  ['the counted field is "f"', { count: 'f', ...withEffects({ meta: [{ set: 'f', value: '0' }] }) }],
  ['the field of a guard is 5', { expect: { guards: [cast({ field: 5, present: true, else: 'no' })] } }],
  [
    'what is to equal the field f is 5',
    { expect: { guards: [{ field: 'f', equals: cast(5), else: 'no' }] } },
  ],
  ['the entry that it acknowledges', { settles: { group: 'readers', entryId: 'soon' } }],
  ['the owner of a secret is ""', { secrets: { hash: '' } }],
];

function withEffects(effects: Partial<CommitRequest['effects']>): Partial<CommitRequest> {
  return { effects: { meta: [], timers: [], ...effects } };
}

export const contractOfUnfit = [
  {
    name: 'refuses a commit that it could not keep whole, says what is wrong with it, and writes nothing of it',
    async run(open: OpenLog) {
      const { id, log, commit, request, take, timersOf, isPending } = await opened(open);
      const [entry] = await take(id, 'readers');
      assert.ok(entry, 'the group readers is given the entry of the first event');
      const settles = { group: 'readers', entryId: entry.id };
      for (const [said, wrong] of unfit) {
        const sent = { ...request([renamed('b')], { key: 'k', settles }), ...(wrong as object) };
        await assert.rejects(log.commit(sent), (error) => {
          assert.ok(error instanceof Fault, String(error));
          assert.deepEqual([error.code, error.retryable], ['unfit_commit', false]);
          assert.ok(error.message.includes(said), `${error.message}\n  should say: ${said}`);
          return true;
        });
      }
      assert.equal((await log.read(id, 0)).length, 1);
      assert.deepEqual(await take(id, 'readers'), []);
      assert.deepEqual({ ...(await timersOf(id)) }, {});
      assert.equal(await log.firstResult(id, 'k'), null);
      assert.equal(await isPending(id, 'readers', entry.id), true);
      written(await commit([renamed('b')], { key: 'k', settles }));
      assert.equal(await isPending(id, 'readers', entry.id), false);
    },
  },
  {
    name: 'refuses to count a field that has no number, and writes nothing of that commit',
    async run(open: OpenLog) {
      const { id, log, commit } = await opened(open);
      const quietly = { expect: { guards: [] } } as const;
      for (const value of ['many', '1.5', '', '9'.repeat(15)]) {
        await commit([scribbled()], { ...quietly, ...withEffects({ meta: [{ set: 'n', value }] }) });
        const { length } = await log.read(id, 0);
        await assert.rejects(commit([scribbled()], { ...quietly, count: 'n' }), { code: 'unfit_commit' });
        assert.equal((await log.read(id, 0)).length, length);
      }
      await commit([scribbled()], { ...quietly, ...withEffects({ meta: [{ set: 'n', value: '-3' }] }) });
      assert.equal(written(await commit([scribbled()], { ...quietly, count: 'n' })).count, -2);
    },
  },
  {
    name: 'takes the longest names, the latest timers and the most events that its limits allow',
    async run(open: OpenLog) {
      const { id, log, commit, timersOf } = await opened(open);
      const name = 'x'.repeat(limits.timerNameCharsMax);
      const timers = [
        { set: name, inMs: limits.timerMsMax },
        { set: 'last', at: limits.momentMsMax },
        ...Array.from({ length: limits.changesPerCommitMax - 2 }, (_, at) => ({ cancel: `never ${at}` })),
      ];
      const meta = Array.from({ length: limits.changesPerCommitMax }, (_, at) => ({
        set: `${'f'.repeat(limits.fieldCharsMax - 4)}${1_000 + at}`.slice(-limits.fieldCharsMax),
        value: 'v',
      }));
      const events = Array.from({ length: limits.eventsPerCommitMax }, () => renamed('b'));
      const key = 'k'.repeat(limits.keyCharsMax);
      const note = 'n'.repeat(limits.noteCharsMax);
      const { rev, at } = written(await commit(events, { key, note, effects: { meta, timers } }));
      assert.equal(rev, limits.eventsPerCommitMax + 1);
      assert.deepEqual(
        { ...(await timersOf(id)) },
        { [name]: at + limits.timerMsMax, last: limits.momentMsMax },
      );
      assert.deepEqual(await log.firstResult(id, key), { rev, at, note });
    },
  },
  {
    name: 'takes many of the largest commits at once, as each by itself',
    async run(open: OpenLog) {
      const { id, log, commit } = await opened(open);
      const events = Array.from({ length: limits.eventsPerCommitMax }, () => scribbled());
      const meta = Array.from({ length: limits.changesPerCommitMax }, (_, at) => ({
        set: `f${at}`,
        value: 'v',
      }));
      const effects = { meta, timers: [] };
      const count = limits.commitsPerCallMax;
      const all = Array.from({ length: count }, () => commit(events, { expect: { guards: [] }, effects }));
      for (const one of await Promise.all(all)) written(one);
      assert.equal((await log.head(id))?.rev, 1 + count * events.length);
    },
  },
];
