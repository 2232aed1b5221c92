// What a process does without for now: as a gauge, a line in its log when it begins and when it ends, and for
// those who ask. What other processes do without comes by their gauges.

import type { Logger } from 'pino';
import { type Shortfall, shortfallCodes, shortfalls, type TellShortfall } from '../health/shortfalls.ts';
import { readSnapshot } from './read-snapshot.ts';
import type { Registry, Snapshot } from './registry.ts';

export interface Shortfalls {
  readonly tell: TellShortfall;
  readonly now: () => ReadonlySet<Shortfall>;
}

export function createShortfalls(
  { meter, snapshot }: Registry,
  log: Pick<Logger, 'info' | 'warn'>,
): Shortfalls {
  const lasting = new Map<Shortfall, string>();
  for (const code of shortfallCodes) meter.set('arena_degraded', 0, { code });
  return {
    tell(code, why) {
      meter.set('arena_degraded', why === null ? 0 : 1, { code });
      const { what, cure } = shortfalls[code];
      if (why !== null && !lasting.has(code)) log.warn({ code, why }, `Degraded: ${what}. ${cure}`);
      if (why === null && lasting.has(code)) log.info({ code }, `Well again: no longer true that ${what}.`);
      if (why === null) lasting.delete(code);
      else lasting.set(code, why);
    },
    now() {
      const resting = rests(snapshot());
      meter.set('arena_degraded', resting ? 1 : 0, { code: 'model_silent' });
      return new Set([...lasting.keys(), ...(resting ? (['model_silent'] as const) : [])]);
    },
  };
}

const rests = (snapshot: Snapshot): boolean =>
  (snapshot.arena_breaker_open ?? []).some(({ value }) => value > 0);

/** Of one process, by what it told. */
export function shortfallsIn(told: unknown): ReadonlySet<Shortfall> {
  const snapshot = readSnapshot(told);
  const lit = (snapshot.arena_degraded ?? []).filter(({ value }) => value > 0);
  const codes = lit.map(({ labels }) => labels['code']);
  return new Set(shortfallCodes.filter((code) => codes.includes(code)));
}
