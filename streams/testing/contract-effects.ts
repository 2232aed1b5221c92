// The part of the contract suite about what a commit looks at and changes beside the log: guards, fields,
// counts, timers, the feed and what it acknowledges.

import assert from 'node:assert/strict';
import type { Effects, Guard } from '../contract/effects.ts';
import {
  begin,
  blank,
  type Notebook,
  type OpenLog,
  opened,
  renamed,
  scribbled,
  written,
} from './contract-log.ts';

export const contractOfEffects = [
  {
    name: 'writes under guards only where each of them holds, and refuses with the code of the first that does not',
    async run(open: OpenLog) {
      const { id, log, commit } = await opened(open);
      const under = (...guards: Guard<string>[]) => commit([scribbled()], { expect: { guards } });
      const set = (...meta: Effects['meta'][number][]) =>
        commit([scribbled()], { expect: { guards: [] }, effects: { meta, timers: [] } });
      const refused = async (code: string, ...guards: Guard<string>[]) =>
        assert.deepEqual(await under(...guards), { status: 'refused', code });
      const guards = {
        present: { field: 'f', present: true, else: 'present' },
        equals: { field: 'f', equals: 'v', else: 'equals' },
        less: { field: 'f', lessThanField: 'g', else: 'less' },
        reached: { field: 'f', reached: true, else: 'reached' },
        passed: { field: 'f', passed: false, else: 'passed' },
      } as const;
      for (const guard of Object.values(guards)) await refused(guard.else, guard);
      await set({ set: 'f', value: 'v' });
      written(await under(guards.present, guards.equals));
      await set({ set: 'f', value: 'w' });
      await refused('equals', guards.present, guards.equals, guards.reached);
      await set({ set: 'f', value: '10' });
      await refused('less', guards.less);
      await set({ set: 'g', value: '10' });
      await refused('less', guards.less);
      await set({ set: 'g', rev: true }, { set: 'f', value: '7' });
      await refused('less', guards.less);
      await set({ set: 'f', value: '6' });
      written(await under(guards.less));
      await refused('passed', guards.reached, guards.passed);
      await set({ set: 'f', inMs: 60_000 });
      written(await under(guards.passed));
      await refused('reached', guards.passed, guards.reached);
      await set({ set: 'f', inMs: 0 });
      written(await under(guards.reached));
      await set({ drop: 'f' });
      await refused('present', guards.present);
      assert.equal((await log.read(id, 0)).length, 14);
    },
  },
  {
    name: 'takes a field that holds no decimal number for none that a guard lets through',
    async run(open: OpenLog) {
      const { commit } = await opened(open);
      const under = (guard: Guard<string>) => commit([scribbled()], { expect: { guards: [guard] } });
      for (const value of ['', ' 8 ', '0x10', '1e3', 'inf', 'Infinity', 'nan', 'many']) {
        const meta = [
          { set: 'f', value },
          { set: 'g', value: '5' },
        ];
        await commit([scribbled()], { expect: { guards: [] }, effects: { meta, timers: [] } });
        const refused = { status: 'refused', code: 'no' };
        assert.deepEqual(await under({ field: 'f', reached: true, else: 'no' }), refused, value);
        assert.deepEqual(await under({ field: 'f', passed: false, else: 'no' }), refused, value);
        assert.deepEqual(await under({ field: 'f', lessThanField: 'g', else: 'no' }), refused, value);
        assert.deepEqual(await under({ field: 'g', lessThanField: 'f', else: 'no' }), refused, value);
      }
    },
  },
  {
    name: 'counts a field up, and gives the count; a commit that does not count gives none',
    async run(open: OpenLog) {
      const { commit } = await opened(open);
      const counts: unknown[] = [];
      for (const count of ['n', 'n', 'm', 'n']) {
        counts.push(written(await commit([scribbled()], { count, expect: { guards: [] } })).count);
      }
      assert.deepEqual(counts, [1, 2, 1, 3]);
      assert.equal(written(await commit([renamed('b')])).count, null);
    },
  },
  {
    name: 'sets timers for their moments, moves and cancels them, and leaves those of other streams alone',
    async run(open: OpenLog) {
      const one = await opened(open);
      const other = await begin(blank(one));
      const turn = turns();
      const timersOf = (notebook: Notebook) => one.timersOf(notebook.id);
      await turn(other, [{ set: 'close|a', inMs: 60_000 }]);
      const at = await turn(one, [
        { set: 'close|a', inMs: 5_000 },
        { set: 'open|b', at: 77 },
        { set: 'look|c', inMs: 1 },
        { set: 'stage|d', inMs: 0 },
      ]);
      const first = { 'close|a': at + 5_000, 'open|b': 77, 'look|c': at + 1, 'stage|d': at };
      assert.deepEqual({ ...(await timersOf(one)) }, first);
      const moved = await turn(one, [
        { set: 'close|a', inMs: 9_000 },
        { cancel: 'open|b' },
        { cancel: 'never|set' },
      ]);
      const { 'open|b': _cancelled, ...left } = first;
      assert.deepEqual({ ...(await timersOf(one)) }, { ...left, 'close|a': moved + 9_000 });
      await turn(one, [{ set: 'look|c', inMs: 5 }, { cancel: 'look|c' }]);
      const names = async (notebook: Notebook) => Object.keys(await timersOf(notebook)).sort();
      assert.deepEqual(await names(one), ['close|a', 'stage|d']);
      assert.deepEqual(await names(other), ['close|a']);
      const effects = { meta: [], timers: [{ cancel: 'close|a' }] };
      assert.equal((await one.commit([renamed('z')], { effects })).status, 'conflict');
      assert.deepEqual(await names(one), ['close|a', 'stage|d']);
      await turn(one, effects.timers);
      assert.deepEqual([await names(one), await names(other)], [['stage|d'], ['close|a']]);
    },
  },
  {
    name: 'tells the feed of each commit once, with its events that are not quiet, and of quiet ones nothing',
    async run(open: OpenLog) {
      const { id, commit, take, request, log } = await opened(open);
      await commit([scribbled()], { expect: { guards: [] } });
      await log.commit(request([scribbled(), renamed('b'), scribbled(), renamed('c')], { key: 'k' }));
      await commit([renamed('d')], { key: 'k' });
      await commit([renamed('e')]);
      await commit([], { expect: { turn: 6 } });
      const told = await take(id, 'readers');
      assert.deepEqual(
        told.map(({ stream, what }) => [
          stream,
          what.kind === 'events' && [what.first, what.last, what.types],
        ]),
        [
          [id, [1, 1, ['Opened']]],
          [id, [4, 6, ['Renamed', 'Renamed']]],
        ],
      );
      assert.deepEqual(await take(id, 'readers'), []);
    },
  },
  {
    name: 'acknowledges an entry by the commit that it came to, also one of no events, and by a repeat of it',
    async run(open: OpenLog) {
      const { id, commit, isPending, entryFor } = await withEntries(open);
      const first = await entryFor('first');
      written(await commit([renamed('b')], { key: 'k', settles: first }));
      assert.equal(await isPending(id, first.group, first.entryId), false);
      const second = await entryFor('second');
      assert.equal((await commit([], { key: 'k', settles: second })).status, 'dup');
      assert.equal(await isPending(id, second.group, second.entryId), false);
      const third = await entryFor('third');
      const { rev } = written(await commit([], { settles: third, expect: { turn: 2 } }));
      assert.equal(rev, 2);
      assert.equal(await isPending(id, third.group, third.entryId), false);
    },
  },
  {
    name: 'acknowledges nothing by a commit that is refused or conflicts, and nothing of another group',
    async run(open: OpenLog) {
      const { id, commit, isPending, entryFor } = await withEntries(open);
      const [mine, theirs] = [await entryFor('mine'), await entryFor('theirs')];
      const late = await commit([], { settles: mine, expect: { turn: 0 } });
      assert.deepEqual(late, { status: 'conflict', turn: 1 });
      const guard = { field: 'f', present: true, else: 'no' } as const;
      const barred = await commit([], { settles: mine, expect: { guards: [guard] } });
      assert.deepEqual(barred, { status: 'refused', code: 'no' });
      assert.equal(await isPending(id, mine.group, mine.entryId), true);
      written(await commit([], { settles: mine }));
      assert.equal(await isPending(id, mine.group, mine.entryId), false);
      assert.equal(await isPending(id, theirs.group, theirs.entryId), true);
    },
  },
];

/** Commits an event with timers, each time in the turn after the last; gives its moment. */
function turns() {
  const known = new Map<string, number>();
  return async ({ id, commit }: Notebook, timers: Effects['timers']): Promise<number> => {
    const { rev, at } = written(
      await commit([renamed('b')], { expect: { turn: known.get(id) ?? 1 }, effects: { meta: [], timers } }),
    );
    known.set(id, rev);
    return at;
  };
}

/** A stream whose first entry each group is given when it asks. */
async function withEntries(open: OpenLog) {
  const notebook = await opened(open);
  const entryFor = async (group: string) => {
    const [entry] = await notebook.take(notebook.id, group);
    assert.ok(entry, `the group ${group} is given the entry of the first event`);
    assert.equal(await notebook.isPending(notebook.id, group, entry.id), true);
    return { group, entryId: entry.id };
  };
  return { ...notebook, entryFor };
}
