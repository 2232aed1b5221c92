// What the engine measures: name, kind, unit and meaning, in one place. A program that measures more has a
// table of its own, of the same form.

export interface Instrument {
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  /** Upper bounds of a histogram's buckets, in its unit. */
  readonly buckets?: readonly number[];
}
export type Instruments = Readonly<Record<string, Instrument>>;

/** Buckets for what takes milliseconds, and for what takes seconds. */
export const quick = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5] as const;
export const slow = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80] as const;

export const engineInstruments = {
  arena_commits_total: { kind: 'counter', help: 'Commits to streams, by what came of them.' },
  arena_commit_duration_seconds: {
    kind: 'histogram',
    help: 'From sending a commit to its outcome.',
    buckets: quick,
  },
  arena_attempts_total: {
    kind: 'counter',
    help: 'Starts of a handler for a feed entry: first, again after an exception, or after a crash.',
  },
  arena_process_duration_seconds: {
    kind: 'histogram',
    help: 'One attempt of a handler at a feed entry.',
    buckets: slow,
  },
  arena_buried_total: { kind: 'counter', help: 'Entries that became dead letters, by reason.' },
  arena_timer_lateness_seconds: {
    kind: 'histogram',
    help: 'From the moment a timer was due to its entry in the feed.',
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  },
} as const satisfies Instruments;
