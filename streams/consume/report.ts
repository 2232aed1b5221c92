// What a consumer says of itself while it runs; the composition root makes log lines of it.

import type { FeedEntry } from '../log/feed-entry.ts';
import { traceIdOf } from '../trace/traceparent.ts';

export type Report = (
  what:
    | 'handled'
    | 'gone'
    | 'retry'
    | 'dead_lettered'
    | 'claimed'
    | 'lost'
    | 'not_paused'
    | 'store_away'
    | 'store_unfit',
  detail: Readonly<Record<string, unknown>>,
) => void;

/** An entry as a report names it: with its stream, and the trace in which to look for it. */
export function named(entry: FeedEntry): Readonly<Record<string, unknown>> {
  if ('unreadable' in entry) return { entry: entry.id, stream: null };
  const { id, stream, what } = entry;
  return { entry: id, stream, ...(what.kind === 'events' ? { trace_id: traceIdOf(what.traceparent) } : {}) };
}

/** For a loop that comes back: a store that stays away is said once. */
export function reportFirst(report: Report): (error: unknown, losses: number) => void {
  return (error, losses) => {
    if (losses === 1) report('store_away', { error: String(error) });
  };
}

const usual = new Set<Parameters<Report>[0]>(['handled', 'claimed']);

/** What went wrong, a line each on the standard error output; what goes well is not told. */
export const warnOnly: Report = (what, detail) => {
  if (!usual.has(what)) console.warn(`engine: ${what} ${JSON.stringify(detail)}`);
};

/** Tells nothing: for a program that says by other means what it waits for. */
export const silentReport: Report = () => undefined;
