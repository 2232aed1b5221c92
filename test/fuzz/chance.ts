// Chance from a seed: the same seed gives the same choices, on every machine and in every order of episodes,
// since each episode has a seed of its own.

import { hash32 } from '../../core/hash32.ts';

export interface Chance {
  /** 0 up to, but not including, `below`. */
  int(below: number): number;
  /** True in so many of a hundred cases. */
  percent(share: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** Letters that no rule takes for anything. */
  word(chars: number): string;
}

/** mulberry32: small, fast, the same everywhere. */
export function chanceOf(seed: string): Chance {
  let state = hash32(seed);
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const int = (below: number): number => Math.floor(next() * below);
  return {
    int,
    percent: (share) => next() * 100 < share,
    pick<T>(list: readonly T[]): T {
      const picked = list[int(list.length)];
      if (picked === undefined && list.length === 0) throw new Error('nothing to pick from');
      return picked as T;
    },
    word: (chars) =>
      Array.from({ length: chars }, () => 'abcdefghijkmnopqrstuvwxyz'[int(25)] ?? 'a').join(''),
  };
}
