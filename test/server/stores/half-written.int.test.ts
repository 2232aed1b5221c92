// A function of the game's stores that raises has written nothing, whatever arguments a client sends.

import { expect, test } from 'vitest';
import { storesLibrary } from '../../../server/stores/functions.ts';
import { commandsForAll } from '../../support/commands-for-all.ts';
import { type GoodCall, tryOddly } from '../../support/odd-arguments.ts';

const forAll = commandsForAll();

type Call = GoodCall<Parameters<typeof storesLibrary.call>[1]>;

const memory = ['room', 'epoch', 7, 'hash', 2, 'question:'];
const two = ['b', 'space', '{}', 'vector', 'c', 'space', '{}', 'vector'];

const calls: readonly Call[] = [
  { name: 'touch', keys: ['presence'], args: ['1', 60_000, 'ada', 'bo'], seed: [] },
  {
    name: 'put_documents',
    keys: ['docs', 'rooms', 'one', 'two'],
    args: [7, 'epoch', '', '', 'room', '{}', 'one', '{}', 'two', '{}'],
    seed: [['HSET', 'docs', 'epoch', 'other', 'one', 3]],
  },
  {
    name: 'remember',
    keys: ['rooms', 'index', 'question:b', 'question:c'],
    args: [...memory, ...two],
    seed: [
      ['ZADD', 'index', 1, 'a'],
      ['SET', 'question:a', '{}'],
    ],
  },
  {
    name: 'reshelve',
    keys: ['question:a'],
    args: ['hash', '{}', 'vector', 'room', 'space'],
    seed: [['SET', 'question:a', '{}']],
  },
  {
    name: 'publish',
    keys: ['game', 'revisions', 'rows', 'all', 'day', 'today', 'games'],
    args: ['g', 7, '{}', 2, 60_000, 1, 'game:', 'g|ada', 900, '{}', 'g|bo', 800, '{}'],
    seed: [
      ['HSET', 'revisions', 'g', 3, 'e', 3],
      ['SET', 'game:e', '{}'],
      ['HSET', 'rows', 'g|old', '{}', 'h|old', '{}'],
      ['ZADD', 'all', 5, 'g|old', 6, 'h|old'],
    ],
  },
  { name: 'probe', keys: ['probe'], args: [2, 'GET', 'probe'], seed: [] },
  {
    name: 'expect',
    keys: ['unentered'],
    args: ['room', 2, 1_000, 1],
    seed: [['ZADD', 'unentered', 1, 'a', 2, 'b']],
  },
];

test.each(calls.map((call) => [call.name, call] as const))(
  '%s has written nothing where it raises',
  async (_name, call) => {
    expect(await tryOddly(forAll.commands, storesLibrary, call)).toBeGreaterThan(0);
  },
  60_000,
);
