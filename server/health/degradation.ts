// What lasts and takes something from the game while its processes run: shown by /health, by a metric and by
// the doctor, each under the same code.

import { refusalCodes } from '../../streams/admin.ts';
import type { Looked } from '../stores/write-probe.ts';
import { type Shortfall, shortfallCodes, shortfalls } from './shortfalls.ts';

export const degradationCodes = [...refusalCodes, ...shortfallCodes] as const;

export interface Degradation {
  readonly code: (typeof degradationCodes)[number];
  /** For anybody: no address, no name. A sentence without its full stop. */
  readonly what: string;
  /** Feeds of the partitions that it concerns, where it does not concern all. */
  readonly feeds?: readonly string[];
  /** It is told by other processes alone. */
  readonly elsewhere?: true;
}

/** Each reason once. `looked`: at every primary that answers. */
export function degradationsOf(looked: readonly Looked[]): Degradation[] {
  const refusing = looked.flatMap(({ partitions, refusal }) =>
    refusal === null ? [] : [{ refusal, feeds: partitions.map(({ feed }) => feed) }],
  );
  return [...Map.groupBy(refusing, ({ refusal }) => refusal.what)].map(([what, same]) => ({
    code: same[0]?.refusal.code ?? 'store_silent',
    what,
    ...(same.length < looked.length ? { feeds: same.flatMap(({ feeds }) => feeds) } : {}),
  }));
}

/** What can be done without, here and by what `others` told: each once. */
export function degradationsBy(
  own: ReadonlySet<Shortfall>,
  others: readonly ReadonlySet<Shortfall>[],
): Degradation[] {
  const all = shortfallCodes.filter((code) => own.has(code) || others.some((codes) => codes.has(code)));
  return all.map((code) => ({
    code,
    what: shortfalls[code].what,
    ...(own.has(code) ? {} : { elsewhere: true }),
  }));
}
