// Measurements of one process, kept as Prometheus keeps them: sums that only grow, and values of now. They
// cost an addition each, so they are always kept.

import { limits } from '../../core/limits.ts';
import type { Instrument, Labels } from '../../streams/parts.ts';
import type { ArenaMeter } from './instruments.ts';
import { type InstrumentName, instruments } from './instruments.ts';

/** A series: for a histogram how many values lie in each bucket (the last has no bound) and their sum. */
export interface Series {
  readonly labels: Labels;
  value: number;
  readonly counts?: number[] | undefined;
}

export type Snapshot = Readonly<Partial<Record<InstrumentName, readonly Series[]>>>;

export interface Registry {
  readonly meter: ArenaMeter;
  snapshot(): Snapshot;
}

/** Told of each measurement as it is taken, where it also goes elsewhere. */
export type Mirror = (name: InstrumentName, value: number, labels: Labels) => void;

export function createRegistry(mirror: Mirror | null = null): Registry {
  const all = new Map<InstrumentName, Map<string, Series>>();

  function seriesOf(name: InstrumentName, labels: Labels): Series | null {
    const known = all.get(name) ?? new Map<string, Series>();
    all.set(name, known);
    const key = JSON.stringify(labels);
    const found = known.get(key);
    if (found !== undefined) return found;
    if (known.size >= limits.seriesPerInstrumentMax) return null;
    const made: Series = { labels, value: 0, ...emptyBuckets(name) };
    known.set(key, made);
    return made;
  }

  return {
    meter: {
      add(name, labels, by = 1) {
        const series = seriesOf(name, labels);
        if (series !== null) series.value += by;
        mirror?.(name, by, labels);
      },
      set(name, value, labels) {
        const series = seriesOf(name, labels);
        if (series !== null) series.value = value;
        mirror?.(name, value, labels);
      },
      observe(name, value, labels) {
        const series = seriesOf(name, labels);
        mirror?.(name, value, labels);
        if (series?.counts === undefined) return;
        const instrument: Instrument = instruments[name];
        const bounds = instrument.buckets ?? [];
        const bucket = bounds.findIndex((bound) => value <= bound);
        const index = bucket < 0 ? bounds.length : bucket;
        series.counts[index] = (series.counts[index] ?? 0) + 1;
        series.value += value;
      },
    },
    snapshot: () => Object.fromEntries([...all].map(([name, series]) => [name, [...series.values()]])),
  };
}

function emptyBuckets(name: InstrumentName): { counts?: number[] } {
  const instrument = instruments[name];
  return 'buckets' in instrument ? { counts: Array(instrument.buckets.length + 1).fill(0) } : {};
}
