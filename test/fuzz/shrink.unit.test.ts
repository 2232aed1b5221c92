// A finding is made small without knowing what it is, and the same seed makes the same episodes.

import { expect, test } from 'vitest';
import type { Episode } from './episode.ts';
import { episodeOf } from './fuzz.ts';
import { shrink } from './shrink.ts';
import { plainText } from './wire-frames.ts';

const sends = (...texts: string[]): Episode => ({
  name: 'x',
  kind: 'talk',
  head: '',
  steps: texts.map((data) => ({ data, coding: 'utf8', frame: plainText, waits: false })),
  ends: 'close',
});

test('of many episodes the two frames are left that are wrong together, without what stands beside it', async () => {
  const found = Array.from({ length: 40 }, (_, n) =>
    sends('{"id":1,"t":"join"}', `{"id":2,"t":"ping","n":${n}}`, '{"id":3,"t":"leave"}'),
  );
  found[17] = sends('{"id":1,"t":"join"}', '{"id":2,"t":"skip","evil":true,"d":{}}', '{"id":3,"t":"ping"}');
  found[31] = sends('{"id":7,"t":"join","bad":1}', '{"id":3,"t":"ping"}');
  let asked = 0;
  const small = await shrink(found, async (episodes) => {
    asked += 1;
    const all = JSON.stringify(episodes);
    return all.includes('evil\\":true') && all.includes('bad\\":1');
  });
  expect(small.map(({ steps }) => steps.map(({ data }) => data))).toEqual([
    ['{,"evil":true}'],
    ['{,"bad":1}'],
  ]);
  expect(asked).toBeLessThan(120);
});

test('a finding that is none when it is played again stays as it is', async () => {
  const found = [sends('a', 'b')];
  expect(await shrink(found, async () => false)).toEqual(found);
});

test('the same name makes the same episode, and a thousand of them are of every kind', () => {
  const names = Array.from({ length: 1_000 }, (_, n) => `7:${n}`);
  const made = names.map((name) => JSON.stringify(episodeOf(name)));
  expect(names.map((name) => JSON.stringify(episodeOf(name)))).toEqual(made);
  expect(new Set(names.map((name) => episodeOf(name).kind)).size).toBe(5);
});
