// What `npm run soak` is told.

import { parseArgs } from 'node:util';

export interface SoakOptions {
  readonly minutes: number;
  /** In all rooms together. */
  readonly players: number;
  readonly rooms: number;
  /** Writes SOAK.md beside the reports of faults. */
  readonly report: boolean;
}

export const usage = 'npm run soak -- [--minutes M] [--players P] [--rooms R] [--report]';

/** @throws Error with one sentence for what cannot be meant. */
export function readOptions(args: readonly string[]): SoakOptions {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { minutes: text, players: text, rooms: text, report: { type: 'boolean' } },
  });
  const number = (name: 'minutes' | 'players' | 'rooms', otherwise: number): number => {
    const value = Number(values[name] ?? otherwise);
    if (!(value > 0)) throw new Error(`--${name} is a number above 0`);
    return value;
  };
  const [players, rooms] = [Math.ceil(number('players', 500)), Math.ceil(number('rooms', 10))];
  if (players % rooms !== 0) throw new Error('--players is a multiple of --rooms');
  return { minutes: number('minutes', 30), players, rooms, report: values.report === true };
}
