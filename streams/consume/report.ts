// What a consumer says of itself while it runs; the composition root makes log lines of it.

import { limits } from '../contract/limits.ts';
import { type FeedEntry, wokenBy } from '../log/feed-entry.ts';
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
    | 'store_unfit'
    | 'group_unattended',
  detail: Readonly<Record<string, unknown>>,
) => void;

/**
 * An entry as a report names it: with the group that has it, its stream, what woke the group, and the trace
 * in which to look for it.
 */
export function named(entry: FeedEntry, group: string): Readonly<Record<string, unknown>> {
  if ('unreadable' in entry) return { group, entry: entry.id, stream: null };
  const { id, stream, what } = entry;
  const trace = what.kind === 'events' ? { trace_id: traceIdOf(what.traceparent) } : {};
  return { group, entry: id, stream, woken_by: wokenBy(entry), ...trace };
}

/** For a loop that comes back: a store that stays away is told of at its first loss, and then each minute. */
export function reportAway(
  report: Report,
  clock: () => number = () => performance.now(),
): (error: unknown, losses: number) => void {
  let toldAt = 0;
  return (error, losses) => {
    if (losses > 1 && clock() - toldAt < limits.awayAgainMs) return;
    toldAt = clock();
    report('store_away', { error: String(error), ...(losses > 1 ? { tries: losses } : {}) });
  };
}

const usual = new Set<Parameters<Report>[0]>(['handled', 'claimed']);

/** What went wrong, a line each on the standard error output; what goes well is not told. */
export const warnOnly: Report = (what, detail) => {
  if (!usual.has(what)) console.warn(`engine: ${what} ${JSON.stringify(detail)}`);
};

/** Tells nothing: for a program that says by other means what it waits for. */
export const silentReport: Report = () => undefined;
