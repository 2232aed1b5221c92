// Commits that one process sends together are as if each had come alone, in the order of sending: what one
// reads is what those before it wrote, and one that is refused, or fails, leaves the others as they are.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { callFunction } from '../../streams/valkey/functions.ts';
import { commandsForAll } from '../support/commands-for-all.ts';

const forAll = commandsForAll();

interface Commit {
  readonly stream: 'one' | 'two' | 'three';
  readonly head: readonly (string | number)[];
  readonly rows: readonly (readonly (readonly (string | number)[])[])[];
}

const streams = ['one', 'two', 'three'] as const;
const field = fc.constantFrom('f', 'g', 'n');
const guard = fc.oneof(
  fc.tuple(field, fc.constant('present'), fc.constant(''), fc.constant('absent')),
  fc.tuple(field, fc.constant('equals'), fc.constantFrom('1', '2'), fc.constant('other')),
  fc.tuple(field, fc.constant('less'), field, fc.constant('not_less')),
  fc.tuple(field, fc.constantFrom('reached', 'passed'), fc.constant(''), fc.constant('time')),
);
const event = fc.tuple(fc.constantFrom('A', 'B'), fc.constantFrom('', '1'), fc.constantFrom('{}', '{"x":1}'));
const change = fc.oneof(
  fc.tuple(fc.constant('value'), field, fc.constantFrom('1', '2', 'text')),
  fc.tuple(fc.constantFrom('rev', 'drop'), field, fc.constant('')),
  // The second is none: the commit is refused, and those beside it are not.
  fc.tuple(fc.constant('in'), field, fc.constantFrom('50', 'soon')),
);
const timer = fc.oneof(
  fc.tuple(fc.constantFrom('at'), fc.constantFrom('t', 'u'), fc.constantFrom('7', '8')),
  fc.tuple(fc.constant('cancel'), fc.constantFrom('t', 'u'), fc.constant('')),
);
const secret = fc.tuple(fc.constantFrom('s1', 's2'), fc.constantFrom('ada', ''));
const name = fc.constantFrom('', 'k1', 'k2', 'k3');
const commit = fc
  .record({
    stream: fc.constantFrom(...streams),
    key: name,
    intent: name,
    entry: fc.constantFrom('', '1-0', '2-0', '3-0'),
    expects: fc.constantFrom(['new', ''], ['guards', ''], ['turn', 1], ['turn', 2], ['rev', 2], ['rev', 3]),
    epoch: fc.constantFrom('', 'life', 'other'),
    counted: fc.constantFrom('', 'n', 'f'),
    rows: fc.tuple(
      fc.array(guard, { maxLength: 2 }),
      fc.array(event, { maxLength: 3 }),
      fc.array(change, { maxLength: 2 }),
      fc.array(timer, { maxLength: 2 }),
      fc.array(secret, { maxLength: 2 }),
    ),
  })
  .map(({ stream, key, intent, entry, expects, epoch, counted, rows }): Commit => {
    const [how = '', turn = ''] = expects;
    const group = entry === '' ? '' : 'group';
    const head = ['trace', key, 'note', group, entry, how, turn, epoch, counted, intent, intent && 'content'];
    return { stream, head, rows };
  });

const shared = ['feed', 'timers', 'hints', 'attempts', 'names'];

/** One call for all of a list. */
async function send(commits: readonly Commit[]): Promise<unknown[]> {
  const ids = [...new Set(commits.map(({ stream }) => stream))];
  const keys = ids.flatMap((id) => ['log', 'meta', 'done', 'tokens'].map((key) => `${key}:${id}`));
  const args = commits.flatMap(({ stream, head, rows }) => {
    const all = [ids.indexOf(stream) + 1, ...head, ...rows.map(({ length }) => length), ...rows.flat(2)];
    return [all.length + 1, ...all];
  });
  const reply = await callFunction(
    forAll.commands,
    'commit',
    [...shared, ...keys],
    ['stream', 100, ...ids, ...args],
  );
  return reply as unknown[];
}

/** A moment that is far ahead, so that each commit comes at the same one; the third stream is not there. */
const far = 9_000_000_000_000;

async function seed(): Promise<void> {
  await forAll.commands.flushall();
  for (const id of ['1-0', '2-0', '3-0']) await forAll.commands.xadd('feed', id, 'stream', 'one');
  await forAll.commands.xgroup('CREATE', 'feed', 'group', '0');
  await forAll.commands.xreadgroup('GROUP', 'group', 'me', 'STREAMS', 'feed', '>');
  await forAll.commands.hset('attempts', 'group:1-0', 1, 'group:2-0', 1);
  for (const id of ['one', 'two']) {
    await forAll.commands.xadd(`log:${id}`, '1-0', 'type', 'A', 'at', far, 'e', '{}', 'seal', 's');
    const head = { rev: 1, turn: 1, at: far, seal: 's', epoch: 'life', n: 4, f: 1 };
    await forAll.commands.hset(`meta:${id}`, head);
  }
}

type Entry = readonly [id: string, fields: readonly string[]];
const withoutIds = (entries: readonly Entry[]) => entries.map(([, fields]) => fields);

/** Everything that commits write. A hint is one for all commits of a call, so the last of a stream counts. */
async function written(): Promise<unknown> {
  const all = streams.map(async (id) => ({
    // A stream that a call has begun is at the moment of the call.
    log: (await forAll.commands.xrange(`log:${id}`, '-', '+')).map(([rev, fields]) =>
      id === 'three' ? [rev, fields[1], fields[5]] : [rev, fields],
    ),
    meta:
      id === 'three'
        ? withoutMoments(await forAll.commands.hmget('meta:three', 'rev', 'turn', 'f'))
        : await forAll.commands.hgetall(`meta:${id}`),
    done: Object.keys(await forAll.commands.hgetall(`done:${id}`)).sort(),
    tokens: await forAll.commands.hgetall(`tokens:${id}`),
  }));
  const hints = withoutIds(await forAll.commands.xrange('hints', '-', '+'));
  return {
    streams: await Promise.all(all),
    feed: withoutIds(await forAll.commands.xrange('feed', '-', '+')),
    hinted: Object.fromEntries(hints.map(([, id, , rev]) => [id, rev])),
    pending: await forAll.commands.xpending('feed', 'group'),
    attempts: await forAll.commands.hgetall('attempts'),
    timers: await forAll.commands.zrange('timers', 0, -1, 'WITHSCORES'),
    names: await forAll.commands.zrange('names', 0, -1),
  };
}

const withoutMoments = (values: readonly unknown[]) =>
  values.map((value) => (Number(value) > 1_000_000_000_000 ? 'moment' : value));

const withoutMoment = (replies: readonly unknown[]) =>
  replies.map((reply) => withoutMoments(reply as unknown[]));

test('commits of one call are as if each had come alone', async () => {
  const told = new Set<unknown>();
  const property = async (commits: readonly Commit[]) => {
    await seed();
    const alone: unknown[] = [];
    for (const one of commits) alone.push(...(await send([one])));
    const expected = await written();
    await seed();
    const together = await send(commits);
    for (const reply of together) told.add((reply as unknown[])[0]);
    expect(withoutMoment(together)).toEqual(withoutMoment(alone));
    expect(await written()).toEqual(expected);
  };
  await fc.assert(fc.asyncProperty(fc.array(commit, { minLength: 1, maxLength: 8 }), property), {
    numRuns: 200,
  });
  // The lists have everything in them that a commit may come to.
  expect([...told].sort()).toEqual(['conflict', 'dup', 'exists', 'missing', 'ok', 'refused', 'unfit']);
});

test('a commit that the server fails leaves those beside it as they are', async () => {
  await seed();
  await forAll.commands.set('log:two', 'no stream');
  const head = ['trace', '', '', '', '', 'guards', '', '', 'n', '', ''];
  const rows = [[], [['A', '', '{}']], [], [], []];
  const replies = await send([
    { stream: 'one', head, rows },
    { stream: 'two', head, rows },
    { stream: 'one', head, rows },
  ]);
  expect(withoutMoment(replies)).toEqual([
    ['ok', 2, 'moment', 5],
    ['failed', expect.stringContaining('WRONGTYPE')],
    ['ok', 3, 'moment', 6],
  ]);
  expect(await forAll.commands.hmget('meta:one', 'rev', 'n')).toEqual(['3', '6']);
  expect(await forAll.commands.hmget('meta:two', 'rev', 'n')).toEqual(['1', '4']);
});
