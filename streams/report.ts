// What a consumer says of itself while it runs; the composition root makes log lines or metrics of it.

export type Report = (
  what: 'retry' | 'buried' | 'claimed' | 'lost' | 'not_paused' | 'store_away',
  detail: Readonly<Record<string, unknown>>,
) => void;
