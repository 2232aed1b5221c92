// Commits that leave together are a call of a bounded size: what the store takes one by one it takes at once.

import { expect, test } from 'vitest';
import { z } from 'zod';
import { createCodec } from '../../streams/contract/envelope.ts';
import { defineStream, type TypesOf } from '../../streams/engine.ts';
import { type Committing, callCommit } from '../../streams/log/commit-call.ts';
import { createStamp } from '../../streams/log/stamp.ts';
import { engineLimits, newTraceparent } from '../../streams/parts.ts';
import type { Valkey } from '../../streams/valkey/connection.ts';
import { createKeys } from '../../streams/valkey/keys.ts';

const notes = defineStream({
  name: 'notes',
  events: { Written: z.object({ text: z.string() }) },
  initial: 0,
  decide: (_write: 'write', _count: number) => ({ events: [] }),
  evolve: (count: number) => count + 1,
});
type Notes = TypesOf<typeof notes>;
const stamp = createStamp(notes);

function writing(stream: string, text: string, { after = false, count = 1 } = {}): Committing<Notes> {
  const context = { by: 'test', traceparent: newTraceparent() };
  const events = Array.from({ length: count }, () => ({ type: 'Written', data: { text } }) as const);
  const request = {
    stream,
    key: null,
    expect: { turn: 1 },
    events: stamp(events, null, { stream, state: 0, context }),
    effects: { meta: [], timers: [] },
  };
  return { request, after };
}

/** Commits through a store that takes all and keeps each call: its streams, and how many arguments it has. */
async function commit(asked: readonly Committing<Notes>[], away = (_nth: number) => false) {
  const calls: { streams: number; args: readonly unknown[] }[] = [];
  const fcall = async (_name: string, keys: number, ...all: unknown[]) => {
    const args = all.slice(keys);
    const streams = (keys - 5) / 4;
    calls.push({ streams, args });
    if (away(calls.length)) throw new Error('ECONNRESET');
    const replies = [];
    for (let at = 2 + streams; at < args.length; at += Number(args[at])) replies.push(['ok', 2, 1]);
    return replies;
  };
  const keys = createKeys(notes, { cluster: false });
  const connection = { fcall } as unknown as Valkey;
  const came = await callCommit({ connection, keys, definition: notes, codec: createCodec(notes) }, asked);
  return { came: came.map((one) => ('value' in one ? one.value.status : String(one.error))), calls };
}

const { callCharsMax } = engineLimits;

test('a call ends with the commit by which it is as large as a call may be', async () => {
  const half = 'x'.repeat(callCharsMax / 2);
  const asked = ['a', 'b', 'c', 'd', 'e'].map((stream) => writing(stream, half));
  const { came, calls } = await commit(asked);
  expect(came).toEqual(Array(5).fill('ok'));
  expect(calls.map(({ streams }) => streams)).toEqual([2, 2, 1]);
});

test('many small arguments make a call large as well: a driver takes no more than some 100,000', async () => {
  const { came, calls } = await commit(
    Array.from({ length: 32 }, (_, nth) => writing(`s-${nth}`, '', { count: 1_000 })),
  );
  expect(came).toEqual(Array(32).fill('ok'));
  expect(Math.max(...calls.map(({ args }) => args.length))).toBeLessThan(40_000);
});

test('what counts only behind another commit is in the same call', async () => {
  const large = 'x'.repeat(callCharsMax);
  const asked = [writing('a', large), writing('a', large, { after: true }), writing('b', 'x')];
  const { calls } = await commit(asked);
  expect(calls.map(({ streams }) => streams)).toEqual([1, 1]);
  expect(calls[1]?.args[2]).toBe('b');
});

test('a call that is lost is told to its own commits alone', async () => {
  const large = 'x'.repeat(callCharsMax);
  const { came } = await commit([writing('a', large), writing('b', large)], (nth) => nth === 1);
  expect(came).toEqual(['Fault: the store is away: ECONNRESET', 'ok']);
});
