// A function of the store that raises has written nothing, whatever arguments a client sends: what stood
// between two of its writes would be an event without its timer, or a letter that is neither dead nor back.

import { expect, test } from 'vitest';
import { engineLibrary } from '../../streams/valkey/functions.ts';
import { commandsForAll } from '../support/commands-for-all.ts';
import { type GoodCall, tryOddly } from '../support/odd-arguments.ts';

const forAll = commandsForAll();

type Call = GoodCall<Parameters<typeof engineLibrary.call>[1]>;

const group = [
  ['XADD', 'feed', '5-0', 'stream', 'one', 'first', 1, 'last', 1, 'types', 'A', 'traceparent', ''],
  ['XADD', 'feed', '6-0', 'stream', 'one', 'first', 2, 'last', 2, 'types', 'B', 'traceparent', ''],
  ['XGROUP', 'CREATE', 'feed', 'group', '0'],
  // At a moment that is told, so that two seeds are the same.
  ['XCLAIM', 'feed', 'group', 'me', 0, '5-0', '6-0', 'TIME', 1_000, 'FORCE', 'JUSTID'],
] as const;
const begun = [
  ['XADD', 'log', '1-0', 'type', 'A', 'at', 5, 'e', '{}', 'seal', 's'],
  [
    'HSET',
    'meta',
    'rev',
    1,
    'turn',
    1,
    'at',
    5,
    'seal',
    's',
    'epoch',
    'life',
    'n',
    4,
    'f',
    'v',
    'g',
    9,
    'h',
    1,
  ],
  ['HSET', 'done', 'before', '1-5-'],
  ['ZADD', 'timers', 7, 'one|old', 9, 'two|old'],
  ['ZADD', 'names', 0, 'one|old', 0, 'two|old'],
] as const;
const note = [100, 'verb', 'drop', 'by', 'ada', 'stream', 'one', 'about', 'x'];
const letter = [['XADD', 'dead', '8-0', 'stream', 'one', 'requeues', 1]] as const;

const rows = [
  [...['f', 'equals', 'v', 'no'], ...['h', 'less', 'g', 'no'], ...['h', 'reached', '', 'no']],
  ['B', '', '{}', 'C', '1', '{}'],
  ['value', 'f', 'w', 'in', 'soon', 60, 'rev', 'seen', '', 'drop', 'h', ''],
  ['in', 'soon', 60, 'at', 'late', 99, 'cancel', 'old', ''],
  ['hash', 'ada', 'other', ''],
];
const widths = [4, 3, 3, 3, 2];

/** The arguments of one commit. `of`: which stream; `name`: of its keys. */
const commitOf = (of: number, name: string, lists = rows): (string | number)[] => {
  const all = [
    ...[of, 'trace', name, 'note', 'group', '5-0', 'guards', '', 'life', 'n', `intent ${name}`, 'content'],
    ...lists.map(({ length }, index) => length / (widths[index] ?? 1)),
    ...lists.flat(),
  ];
  return [all.length + 1, ...all];
};
const shared = ['feed', 'timers', 'hints', 'attempts', 'names'];
const ofOne = ['log', 'meta', 'done', 'tokens'];
const commit = ['stream', 100, 'one', ...commitOf(1, 'key')];
const quiet = ['stream', 100, 'one', ...commitOf(1, 'key', rows.with(1, ['C', '1', '{}']))];
const calls: readonly Call[] = [
  { name: 'commit', keys: [...shared, ...ofOne], args: commit, seed: [...group, ...begun] },
  { name: 'commit', keys: [...shared, ...ofOne], args: quiet, seed: [...group, ...begun] },
  { name: 'start', keys: ['feed', 'attempts'], args: ['group', 'me', '5-0'], seed: group },
  { name: 'failed', keys: ['feed', 'attempts'], args: ['group', 'me', '5-0', 'said'], seed: group },
  { name: 'renew', keys: ['feed'], args: ['group', 'me', '5-0', '6-0'], seed: group },
  {
    name: 'release',
    keys: ['feed', 'attempts'],
    args: ['group', 'me', '5-0', 5_000, '1'],
    seed: [...group, ['HSET', 'attempts', 'group:5-0', 2]],
  },
  {
    name: 'uncount',
    keys: ['feed', 'attempts'],
    args: ['group', 'me', '5-0'],
    seed: [...group, ['HSET', 'attempts', 'group:5-0', 2]],
  },
  { name: 'take_rate', keys: ['rate'], args: [1_000_000, 2], seed: [] },
  {
    name: 'dead_letter',
    keys: ['feed', 'attempts', 'dead'],
    args: ['group', 'me', '5-0', 'stream', 'one', 'reason', 'exceptions'],
    seed: group,
  },
  {
    name: 'drop_consumer',
    keys: ['feed'],
    args: ['group', 'other'],
    seed: [...group, ['XGROUP', 'CREATECONSUMER', 'feed', 'group', 'other']],
  },
  {
    name: 'trim',
    keys: ['feed'],
    args: ['group'],
    seed: [...group, ['XACK', 'feed', 'group', '5-0'], ['XGROUP', 'SETID', 'feed', 'group', '6-0']],
  },
  { name: 'note_operation', keys: ['operations'], args: note, seed: [] },
  {
    name: 'requeue',
    keys: ['feed', 'dead', 'attempts', 'operations', 'meta'],
    args: ['8-0', 'old', ...note, 'stream', 'one', 'first', 1],
    seed: [...letter, ...begun],
  },
  { name: 'drop', keys: ['dead', 'operations'], args: ['8-0', ...note], seed: letter },
  { name: 'fire', keys: ['timers', 'feed', 'names'], args: [100, 'stream'], seed: begun },
  {
    name: 'delete_stream',
    keys: ['log', 'meta', 'done', 'tokens', 'timers', 'names', 'feed', 'operations', 'archived', 'more'],
    args: ['stream', 'one', 1, 'life', 'force', '', '', 100, 1, 'group', 1, ...note],
    seed: [...group, ...begun, ['HSET', 'archived', 'one', 1], ['SET', 'more', 1]],
  },
];

test.each(calls.map((call, index) => [`${call.name} (${index})`, call] as const))(
  '%s has written nothing where it raises',
  async (_name, call) => {
    // Any text is the name of a group.
    const refused = await tryOddly(forAll.commands, engineLibrary, call);
    if (call.name !== 'trim') expect(refused).toBeGreaterThan(0);
  },
  60_000,
);
