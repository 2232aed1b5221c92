import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hash32 } from '../../core/hash32.ts';
import { PlayerId } from '../../core/ids.ts';
import { limits } from '../../core/limits.ts';
import { mapped, type PersistentMap, valueAt, valuesOf, withValue } from '../../core/persistent-map.ts';
import { type Player, Players } from '../../core/players.ts';
import { boardOf, topOf } from '../../core/scoring.ts';

const idOf = (n: number): PlayerId => PlayerId.parse(String(n).padStart(26, '0'));

const newcomer = (n: number, players: Players): Player => ({
  ...{ id: idOf(n), name: `P${n}`, nameKey: `p${n}`, joinedRev: n + 1, gone: null },
  ...(n % 3 === 0 ? {} : { looks: { exact: `P${n}`, folded: `p${n}` } }),
  ...(players.hasNameLeft() ? {} : { unnamed: true }),
  ...{ score: 0, streak: 0, right: 0, rank: 0, change: 0 },
});

const aCrowd = (size: number): Players => {
  let players = Players.none;
  for (let n = 0; n < size; n++) players = players.with(newcomer(n, players));
  return players;
};

describe('a persistent map', () => {
  test('holds what a plain one holds, and leaves each map before it as it was', () => {
    const entries = fc.array(fc.tuple(fc.string({ maxLength: 2 }), fc.integer()));
    fc.assert(
      fc.property(entries, (all) => {
        const versions: [PersistentMap<number>, Map<string, number>][] = [[null, new Map()]];
        for (const [key, value] of all) {
          const [map, plain] = versions.at(-1) as (typeof versions)[number];
          versions.push([withValue(map, key, value), new Map(plain).set(key, value)]);
        }
        for (const [map, plain] of versions) {
          expect([...valuesOf(map)].toSorted()).toEqual([...plain.values()].toSorted());
          for (const [key, value] of plain) expect(valueAt(map, key)).toBe(value);
          expect(valueAt(map, 'no such key')).toBeUndefined();
          expect([...valuesOf(mapped(map, (value) => value + 1))]).toEqual(
            [...valuesOf(map)].map((value) => value + 1),
          );
        }
      }),
    );
  });

  test('tells keys apart whose hashes are the same', () => {
    const seen = new Map<number, string>();
    const twins: [string, string][] = [];
    for (let n = 0; twins.length === 0; n++) {
      const twin = seen.get(hash32(`key ${n}`));
      if (twin !== undefined) twins.push([twin, `key ${n}`]);
      seen.set(hash32(`key ${n}`), `key ${n}`);
    }
    const [[one, other]] = twins as [[string, string]];
    const both = withValue(withValue(withValue(null, one, 1), other, 2), 'third', 3);
    expect([one, other, 'third'].map((key) => valueAt(both, key))).toEqual([1, 2, 3]);
    expect(valueAt(withValue(both, one, 4), one)).toBe(4);
    expect(valueAt(withValue(null, one, 1), other)).toBeUndefined();
    expect([...valuesOf(withValue(both, other, 5))].toSorted()).toEqual([1, 3, 5]);
  });
});

type Step = { readonly n: number; readonly does: 'come' | 'leave' | 'kicked' | 'score' };
const steps = fc.array(
  fc.record({
    n: fc.nat(12),
    does: fc.constantFrom<Step['does'][]>('come', 'come', 'leave', 'kicked', 'score'),
  }),
  { maxLength: 40 },
);

function after(players: Players, { n, does }: Step): Players {
  const known = players.get(idOf(n));
  if (does === 'come') return known === undefined ? players.with(newcomer(n, players)) : players;
  if (does === 'score')
    return players.scored((one) => ({ ...one, score: one.id === idOf(n) ? n : one.score }));
  return known === undefined
    ? players
    : players.with({ ...known, gone: does === 'leave' ? 'left' : 'kicked' });
}

test('what is kept of all players is what looking at each of them comes to, asked at every step or at the last', () => {
  fc.assert(
    fc.property(steps, fc.boolean(), (all, eachTime) => {
      let players = Players.none;
      for (const step of all) {
        players = after(players, step);
        if (eachTime) [players.best(), players.named(), players.values()];
      }
      const list = players.values();
      const members = list.filter(({ gone }) => gone === null);
      const onBoard = list.filter(({ gone }) => gone !== 'kicked');
      expect(players.size).toBe(list.length);
      expect(players.memberCount).toBe(members.length);
      expect(players.onBoardCount).toBe(onBoard.length);
      expect(players.named()).toEqual(members.filter(({ unnamed }) => unnamed !== true));
      expect(boardOf(players.best())).toEqual(topOf(boardOf(onBoard)).entries);
      for (const { nameKey, looks, id } of list) {
        const there = members.some((one) => one.id === id);
        expect(players.isTaken(nameKey)).toBe(there);
        expect(players.isAlike(looks ?? { exact: '-', folded: nameKey })).toBe(there);
      }
    }),
  );
});

test('players stand in the order in which they came, whatever became of them', () => {
  const players = aCrowd(200);
  const left = players.with({ ...(players.get(idOf(7)) as Player), gone: 'left' });
  expect(left.keys()).toEqual(Array.from({ length: 200 }, (_, n) => idOf(n)));
  expect(players.get(idOf(7))?.gone).toBeNull();
});

test('the first are told of by name, and no more than a page can show', () => {
  const players = aCrowd(limits.playersNamed + 5);
  expect(players.named()).toHaveLength(limits.playersNamed);
  expect(players.isCrowd()).toBe(true);
  expect(aCrowd(limits.playersNamed).isCrowd()).toBe(false);
});

/** Parts of one value that are not parts of the other, and what their lists hold. */
function newParts(value: unknown, known: ReadonlySet<unknown>): number {
  if (typeof value !== 'object' || value === null || known.has(value)) return 0;
  const parts = Object.values(value);
  return parts.reduce<number>((sum, part) => sum + newParts(part, known), 1 + parts.length);
}
function partsOf(value: unknown, parts = new Set<unknown>()): Set<unknown> {
  if (typeof value !== 'object' || value === null || parts.has(value)) return parts;
  parts.add(value);
  for (const part of Object.values(value)) partsOf(part, parts);
  return parts;
}

test('one more player makes as much anew in a room of ten thousand as in a small one: the rest is shared', () => {
  const made = [100, 1_000, 10_000].map((size) => {
    const players = aCrowd(size);
    return newParts(players.with(newcomer(size, players)), partsOf(players));
  });
  // A level of the trie more for thirty times as many, in each of four ways.
  for (const parts of made) expect(parts).toBeLessThan(400);
});
