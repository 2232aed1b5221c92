// Refusals that an operator should know of and can mend, mostly by a setting. A browser shows little of the
// reason, so the log has it. It has at most one line a minute of each kind, so that no client can fill it.

import type { Logger } from 'pino';

export type ComplaintKind =
  | 'origin'
  | 'upgrade'
  | 'subprotocol'
  | 'operator'
  | 'forwarded'
  | 'limit'
  | 'connections'
  | 'accept';

/** `message` names the cause and the setting that helps; `detail` is what the request had. */
export type Complain = (
  kind: ComplaintKind,
  message: string,
  detail?: Readonly<Record<string, unknown>>,
) => void;

const everyMs = 60_000;
const charsMax = 200;

/** `clock` in ms. Each line says how many of its kind were left out since the line before: `leftOut`. */
export function createComplaints(log: Pick<Logger, 'warn'>, clock: () => number): Complain {
  const told = new Map<ComplaintKind, { at: number; since: number }>();
  return (kind, message, detail = {}) => {
    const last = told.get(kind);
    if (last !== undefined && clock() - last.at < everyMs) {
      last.since += 1;
      return;
    }
    told.set(kind, { at: clock(), since: 0 });
    // Clients wrote these values, so they are cut short.
    const seen = Object.entries(detail).map(([name, value]) => [
      name,
      typeof value === 'string' ? value.slice(0, charsMax) : value,
    ]);
    log.warn({ refused: kind, ...Object.fromEntries(seen), leftOut: last?.since ?? 0 }, message);
  };
}
