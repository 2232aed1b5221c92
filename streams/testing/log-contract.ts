// What every log must do, as cases for any test runner. The log in memory passes them, and so does the log on
// Valkey; a log of your own, or one that wraps another, is tried with the same ones.

import assert from 'node:assert/strict';
import { ulid } from 'ulid';
import { limits } from '../contract/limits.ts';
import { contractOfEffects } from './contract-effects.ts';
import {
  begin,
  blank,
  exists,
  missing,
  type OpenLog,
  opened,
  renamed,
  scribbled,
  written,
} from './contract-log.ts';
import { contractOfUnfit } from './contract-unfit.ts';

export interface LogCase {
  /** A sentence that begins with what a log does. */
  readonly name: string;
  /** Rejects with what does not hold. */
  run(open: OpenLog): Promise<void>;
}

const contractOfCommits: readonly LogCase[] = [
  {
    name: 'begins a stream only where there is none',
    async run(open) {
      const notebook = await opened(open);
      const again = await notebook.commit([renamed('b')], { expect: 'new' });
      assert.deepEqual(again, { status: 'refused', code: exists });
      const nowhere = blank(notebook);
      assert.deepEqual(await nowhere.commit([renamed('b')]), { status: 'refused', code: missing });
      const byGuards = await nowhere.commit([scribbled()], { expect: { guards: [] } });
      assert.deepEqual(byGuards, { status: 'refused', code: missing });
      assert.equal(await nowhere.log.head(nowhere.id), null);
      assert.equal((await notebook.log.read(notebook.id, 0)).length, 1);
    },
  },
  {
    name: 'numbers events without a gap, in the order of the commit, at one moment that never goes back',
    async run(open) {
      const { id, log, commit } = await opened(open);
      const three = written(await commit([renamed('b'), renamed('c'), renamed('d')]));
      const one = written(await commit([renamed('e')], { expect: { turn: 4 } }));
      assert.deepEqual([three.rev, one.rev], [4, 5]);
      const events = await log.read(id, 0);
      assert.deepEqual(
        events.map(({ rev, data }) => [rev, 'title' in data && data.title]),
        [
          [1, 'first'],
          [2, 'b'],
          [3, 'c'],
          [4, 'd'],
          [5, 'e'],
        ],
      );
      assert.deepEqual(
        events.slice(1, 4).map(({ at }) => at),
        Array(3).fill(three.at),
      );
      assert.ok(events.every(({ at }, index) => at >= (events[index - 1]?.at ?? 0)));
    },
  },
  {
    name: 'reads after a revision, as many as are wanted, and tells where a stream ends',
    async run(open) {
      const notebook = await opened(open);
      const { id, log, epoch, commit } = notebook;
      await commit([renamed('b'), renamed('c'), scribbled(), renamed('d')]);
      const revs = async (after: number, max?: number) =>
        (await log.read(id, after, max)).map(({ rev }) => rev);
      assert.deepEqual(await revs(2, 2), [3, 4]);
      assert.deepEqual(await revs(3), [4, 5]);
      assert.deepEqual(await revs(5), []);
      assert.deepEqual(await log.head(id), { rev: 5, epoch });
      const nowhere = blank(notebook);
      assert.equal(await log.head(nowhere.id), null);
      assert.deepEqual(await log.read(nowhere.id, 0), []);
    },
  },
  {
    name: 'gives where a stream stands and what comes after a revision in one look',
    async run(open) {
      const notebook = await opened(open);
      const { id, log, epoch, commit } = notebook;
      await commit([renamed('b'), renamed('c'), scribbled()]);
      const nowhere = blank(notebook);
      // Asked together, they may leave together.
      const looks = await Promise.all([
        log.look(id, 0),
        log.look(nowhere.id, 0),
        log.look(id, 2),
        log.look(id, 4),
      ]);
      const revs = looks.map(({ events }) => events.map(({ rev }) => rev));
      assert.deepEqual(revs, [[1, 2, 3, 4], [], [3, 4], []]);
      const head = { rev: 4, epoch };
      assert.deepEqual(
        looks.map((look) => look.head),
        [head, null, head, head],
      );
      assert.deepEqual(looks[0]?.events, await log.read(id, 0));
      // The rest of a long one is read.
      const many = Array.from({ length: limits.lookEntriesMax }, (_, index) => renamed(`name ${index}`));
      await commit(many, { key: 'many', expect: { turn: 3 } });
      const { head: after, events } = await log.look(id, 1);
      assert.deepEqual([after?.rev, events.length, events[0]?.rev], [4 + many.length, many.length, 2]);
    },
  },
  {
    name: 'commits in order, and nothing behind a commit that does not go through',
    async run(open) {
      const { id, log, epoch, request, commit } = await opened(open);
      const at = (turn: number, key: string) => request([renamed(key)], { key, expect: { turn, epoch } });
      const all = await Promise.all(log.commitInOrder([at(1, 'a'), at(2, 'b'), at(3, 'c')]));
      assert.deepEqual(
        all.map(({ status }) => status),
        ['ok', 'ok', 'ok'],
      );
      // Another commit came first, so that the turn is what the second one expects of the one before it.
      await commit([renamed('d')], { key: 'd', expect: { turn: 4, epoch } });
      const late = await Promise.all(log.commitInOrder([at(4, 'e'), at(5, 'f'), at(6, 'g')]));
      assert.deepEqual(
        late.map(({ status }) => status),
        ['conflict', 'conflict', 'conflict'],
      );
      // A repeat writes nothing, so what was decided by it does not count.
      const again = await Promise.all(log.commitInOrder([at(5, 'd'), at(5, 'h')]));
      assert.deepEqual(
        again.map(({ status }) => status),
        ['dup', 'conflict'],
      );
      const keys = (await log.read(id, 1)).map(({ key }) => key);
      assert.deepEqual(keys, ['a', 'b', 'c', 'd']);
    },
  },
  {
    name: 'keeps a key before the first event of a stream, which begins with that event alone',
    async run(open) {
      const { id, log, commit } = blank(await opened(open));
      assert.equal(written(await commit([], { key: 'k', note: 'n', expect: 'new' })).rev, 0);
      assert.deepEqual([await log.head(id), await log.read(id, 0)], [null, []]);
      assert.deepEqual(await commit([renamed('b')]), { status: 'refused', code: missing });
      assert.equal((await commit([renamed('b')], { key: 'k', expect: 'new' })).status, 'dup');
      assert.equal(written(await commit([renamed('b')], { expect: 'new' })).rev, 1);
    },
  },
  {
    name: 'commits in order up to one that it cannot keep, which alone is told so',
    async run(open) {
      const { id, log, epoch, request } = await opened(open);
      const at = (turn: number, key: string) => request([renamed(key)], { key, expect: { turn, epoch } });
      const timers = [{ set: 't', inMs: -1 }];
      const unfit = { ...at(2, 'b'), effects: { meta: [], timers } };
      const came = await Promise.allSettled(log.commitInOrder([at(1, 'a'), unfit, at(3, 'c')]));
      assert.deepEqual(
        came.map((one) => (one.status === 'fulfilled' ? one.value.status : one.reason.code)),
        ['ok', 'unfit_commit', 'conflict'],
      );
      assert.deepEqual((await log.read(id, 1)).length, 1);
      for (const expect of ['new', { guards: [] }, { turn: 2, rev: 2 }] as const) {
        const behind = [at(2, 'd'), request([scribbled()], { expect })];
        const [, last] = await Promise.allSettled(log.commitInOrder(behind));
        assert.equal(last?.status === 'rejected' && last.reason.code, 'unfit_commit');
      }
    },
  },
  {
    name: 'commits by a revision only where nothing came since, not even what is quiet',
    async run(open) {
      const { id, log, epoch, commit } = await opened(open);
      await commit([scribbled()]);
      const late = await commit([renamed('b')], { expect: { turn: 1, epoch, rev: 1 } });
      assert.deepEqual(late, { status: 'conflict', turn: 1 });
      const other = await commit([renamed('b')], { expect: { turn: 1, epoch: 'other', rev: 2 } });
      assert.deepEqual(other, { status: 'conflict', turn: 1 });
      assert.equal(written(await commit([renamed('b')], { expect: { turn: 1, epoch, rev: 2 } })).rev, 3);
      assert.equal((await log.read(id, 0)).length, 3);
    },
  },
  {
    name: 'gives back what was written, to the letter',
    async run(open) {
      const { id, log, request } = await opened(open);
      const sent = request([renamed('b "c" | d\n\u{1f4d3}')], { key: 'k' });
      const { at } = written(await log.commit(sent));
      assert.deepEqual(await log.read(id, 1), [{ ...sent.events[0], rev: 2, at }]);
    },
  },
  {
    name: 'tells the time of a stream, which is never before its last event',
    async run(open) {
      const notebook = await opened(open);
      const { id, log, commit } = notebook;
      const before = await log.now(id);
      const { at } = written(await commit([renamed('b')]));
      assert.ok(at >= before);
      assert.ok((await log.now(id)) >= at);
      assert.ok(Math.abs((await log.now(blank(notebook).id)) - (await log.now(null))) < 1_000);
    },
  },
  {
    name: 'refuses a commit that expects another turn, and writes nothing of it',
    async run(open) {
      const { id, log, commit } = await opened(open);
      await commit([renamed('b')]);
      const late = await commit([renamed('c')], { key: 'late', count: 'n' });
      assert.deepEqual(late, { status: 'conflict', turn: 2 });
      assert.deepEqual(await log.read(id, 2), []);
      assert.equal(await log.firstResult(id, 'late'), null);
      const early = await commit([renamed('c')], { expect: { turn: 3 } });
      assert.deepEqual(early, { status: 'conflict', turn: 2 });
      const next = await commit([renamed('c')], { expect: { turn: 2 }, count: 'n' });
      assert.equal(written(next).count, 1);
    },
  },
  {
    name: 'takes the turn of another life of a stream for another turn',
    async run(open) {
      const { epoch, commit } = await opened(open);
      const other = await commit([renamed('b')], { expect: { turn: 1, epoch: ulid() } });
      assert.deepEqual(other, { status: 'conflict', turn: 1 });
      assert.equal(written(await commit([renamed('b')], { expect: { turn: 1, epoch } })).rev, 2);
    },
  },
  {
    name: 'does not count quiet events into the turn',
    async run(open) {
      const { commit } = await opened(open);
      assert.equal(written(await commit([scribbled()], { expect: { guards: [] } })).rev, 2);
      assert.equal(written(await commit([renamed('b'), scribbled()])).rev, 4);
      assert.equal(written(await commit([renamed('c')], { expect: { turn: 3 } })).rev, 5);
    },
  },
  {
    name: 'gives a key that it knows the first result, whatever is expected now',
    async run(open) {
      const { id, log, commit } = await opened(open);
      const { at } = written(await commit([renamed('b')], { key: 'k', note: 'a-b-c' }));
      const again = await commit([renamed('c')], { key: 'k', note: 'other', expect: { turn: 99 } });
      assert.deepEqual(again, { status: 'dup', rev: 2, at, note: 'a-b-c' });
      assert.deepEqual(await log.firstResult(id, 'k'), { rev: 2, at, note: 'a-b-c' });
      assert.deepEqual(await log.read(id, 2), []);
      assert.equal(await log.firstResult(id, 'other'), null);
    },
  },
  {
    name: 'knows an intent by a key of its own, beside that of the effect, and notes its content',
    async run(open) {
      const { id, log, commit } = await opened(open);
      const intent = { key: 'wanted', content: 'digest' };
      const { at } = written(await commit([renamed('b')], { key: 'one', note: 'n', intent }));
      const again = await commit([renamed('c')], { key: 'two', intent, expect: { turn: 2 } });
      assert.deepEqual(again, { status: 'dup', rev: 2, at, note: 'digest' });
      assert.deepEqual(await log.firstResult(id, 'wanted'), { rev: 2, at, note: 'digest' });
      assert.deepEqual(await log.firstResult(id, 'one'), { rev: 2, at, note: 'n' });
      assert.equal(await log.firstResult(id, 'two'), null);
    },
  },
  {
    name: 'keeps one effect of many that come under one key at once',
    async run(open) {
      const { id, log, commit } = await opened(open);
      const one = () => commit([scribbled()], { key: 'same', expect: { guards: [] } });
      const outcomes = await Promise.all(Array.from({ length: 20 }, one));
      const statuses = outcomes.map(({ status }) => status).sort();
      assert.deepEqual(statuses, [...Array(19).fill('dup'), 'ok']);
      assert.equal((await log.read(id, 1)).length, 1);
    },
  },
  {
    name: 'keeps streams apart: revisions, keys and counts of one are none of the other',
    async run(open) {
      const one = await opened(open);
      const two = await begin(blank(one));
      written(await one.commit([renamed('b')], { key: 'k', count: 'n' }));
      const { rev, count } = written(await two.commit([renamed('b')], { key: 'k', count: 'n' }));
      assert.deepEqual({ rev, count }, { rev: 2, count: 1 });
    },
  },
];

/**
 * Each case opens a log of its own. Run them with any test runner:
 * `for (const { name, run } of logContract) test(name, () => run(open))`.
 */
export const logContract: readonly LogCase[] = [
  ...contractOfCommits,
  ...contractOfEffects,
  ...contractOfUnfit,
];
