// Degradations: lasting trouble with which the game still runs, but not as well. /health, a metric and the
// doctor show each under the same code.

import { refusalCodes } from '../../streams/admin.ts';
import type { Looked } from '../stores/write-probe.ts';
import { type Shortfall, shortfallCodes, shortfalls } from './shortfalls.ts';

export const degradationCodes = [...refusalCodes, ...shortfallCodes] as const;

export interface Degradation {
  readonly code: (typeof degradationCodes)[number];
  /** A sentence without its full stop. Anyone may read it, so it has no address and no name. */
  readonly what: string;
  /** The feeds of the partitions concerned, where not all are. */
  readonly feeds?: readonly string[];
  /** Only other processes report it. */
  readonly elsewhere?: true;
}

/** Why primaries refuse writes, each reason once. `looked`: what each primary that answers said. */
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

/** The shortfalls of this process and those that `others` report, each once. */
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
