// Everything that is measured: name, kind, unit and meaning, in one place. Names are Prometheus'; where
// measurements go by OTLP they have the same.

interface Instrument {
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  /** Upper bounds of a histogram's buckets, in its unit. */
  readonly buckets?: readonly number[];
}

const quick = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5] as const;
const slow = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80] as const;

export const instruments = {
  arena_commits_total: { kind: 'counter', help: 'Commits to rooms, by what came of them.' },
  arena_commit_duration_seconds: {
    kind: 'histogram',
    help: 'From sending a commit to its outcome.',
    buckets: quick,
  },
  arena_group_lag_entries: { kind: 'gauge', help: 'Feed entries that a group was not given yet.' },
  arena_group_pending_entries: { kind: 'gauge', help: 'Feed entries that a group has not acknowledged.' },
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
  arena_dead_letters: { kind: 'gauge', help: 'Dead letters that nobody has put back or dropped.' },
  arena_timer_lateness_seconds: {
    kind: 'histogram',
    help: 'From the moment a timer was due to its entry in the feed.',
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  },
  arena_sockets: { kind: 'gauge', help: 'Open WebSockets.' },
  arena_sockets_opened_total: { kind: 'counter', help: 'WebSockets that were opened.' },
  arena_closes_total: { kind: 'counter', help: 'WebSockets that were closed, by close code.' },
  arena_pushes_total: { kind: 'counter', help: 'Writes to sockets; one may hold several messages.' },
  arena_joins_total: {
    kind: 'counter',
    help: 'Joins by outcome: new, recovered (missed events follow), restored (state anew), refused.',
  },
  arena_model_calls_total: { kind: 'counter', help: 'Requests to models, by what came of them.' },
  arena_model_call_duration_seconds: {
    kind: 'histogram',
    help: 'From a request to a model to its reply.',
    buckets: slow,
  },
  arena_model_tokens_total: { kind: 'counter', help: 'Tokens of models, input and output.' },
  arena_breaker_open: { kind: 'gauge', help: '1 while a model that kept failing rests.' },
  arena_round_preparation_seconds: {
    kind: 'histogram',
    help: 'From the request for a claim to the verdict on it, rejected ones included.',
    buckets: slow,
  },
  arena_degraded: {
    kind: 'gauge',
    help: '1 while it lasts: what takes something from the game though its processes run, by code.',
  },
  arena_span_exports_total: { kind: 'counter', help: 'Batches of spans given to the collector, by outcome.' },
} as const satisfies Readonly<Record<string, Instrument>>;

export type InstrumentName = keyof typeof instruments;
type OfKind<K extends Instrument['kind']> = {
  [N in InstrumentName]: (typeof instruments)[N]['kind'] extends K ? N : never;
}[InstrumentName];
export type Counter = OfKind<'counter'>;
export type Gauge = OfKind<'gauge'>;
export type Histogram = OfKind<'histogram'>;
