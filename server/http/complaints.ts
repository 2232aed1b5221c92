// What an operator should know of and can do something about, though it is no fault of the server: whoever is
// refused sees little of the reason. At most one line a minute of each kind, so that nobody can fill the log.

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

/** `message` names the cause and the setting; `detail` what was seen. */
export type Complain = (
  kind: ComplaintKind,
  message: string,
  detail?: Readonly<Record<string, unknown>>,
) => void;

const everyMs = 60_000;
const charsMax = 200;

/** `clock` in ms. A line tells how many of its kind were left out since the last one. */
export function createComplaints(log: Pick<Logger, 'warn'>, clock: () => number): Complain {
  const told = new Map<ComplaintKind, { at: number; since: number }>();
  return (kind, message, detail = {}) => {
    const last = told.get(kind);
    if (last !== undefined && clock() - last.at < everyMs) {
      last.since += 1;
      return;
    }
    told.set(kind, { at: clock(), since: 0 });
    // What strangers write is cut short.
    const seen = Object.entries(detail).map(([name, value]) => [
      name,
      typeof value === 'string' ? value.slice(0, charsMax) : value,
    ]);
    log.warn({ refused: kind, ...Object.fromEntries(seen), leftOut: last?.since ?? 0 }, message);
  };
}
