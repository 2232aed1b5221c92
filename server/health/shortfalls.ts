// Shortfalls: what the game can do without. It then works in another way, or leaves something out. For each,
// the code by which health, a metric and the doctor name it, what is missing, and what helps. A shortfall is
// found out by trying, never by asking what a store claims to have.

export const shortfalls = {
  json_refused: {
    what: 'the store has JSON and does not take it from us: documents are kept as text',
    cure: 'Let the user of VALKEY_URL use JSON.SET and JSON.GET.',
  },
  search_unusable: {
    what: 'the store has Search and it does not find what it should: past questions are compared one by one',
    cure: 'None is needed: the same are found. Let the user of VALKEY_URL use FT.CREATE, FT.SEARCH and FT.DROPINDEX, or update the module.',
  },
  wake_ups_refused: {
    what: 'wake-ups on the cluster are refused: what is new is found up to a second late',
    cure: 'Let the user of VALKEY_URL use the channels &{*}:game:feed with SPUBLISH and SSUBSCRIBE.',
  },
  embedder_silent: {
    what: 'the embedder does not answer: nothing new is remembered, and repeats are not noticed',
    cure: 'Start what EMBEDDER_PROVIDER names, or leave it out: the built-in one needs nothing.',
  },
  model_silent: {
    what: 'a model keeps failing and rests: claims come from the built-in knowledge',
    cure: 'Look at the provider of that agent; the log has its last error.',
  },
  traces_lost: {
    what: 'the collector does not take traces',
    cure: 'The log says why; correct OTEL_EXPORTER_OTLP_ENDPOINT.',
  },
  measurements_lost: {
    what: 'the collector does not take measurements',
    cure: 'The log says why; correct OTEL_EXPORTER_OTLP_METRICS_ENDPOINT, or leave it out: /metrics has them.',
  },
  rooms_not_archived: {
    what: 'rooms that rest are not archived, so they stay in memory',
    cure: 'The log says why; see that the folder of archives can be written.',
  },
} as const satisfies Readonly<Record<string, { readonly what: string; readonly cure: string }>>;

export type Shortfall = keyof typeof shortfalls;
export const shortfallCodes = Object.keys(shortfalls) as Shortfall[];

/** `why`: null when all is well again. Called after each try; only a change is logged. */
export type TellShortfall = (code: Shortfall, why: string | null) => void;

/** For callers that do not report shortfalls. */
export const untold: TellShortfall = () => undefined;
