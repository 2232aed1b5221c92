// Time as the plot of a room draws it: a long wait counts as a short one, so that a room that stood in its
// lobby for an hour does not squeeze its game into one column.

const waitMsMax = 20_000;

export interface TimeAxis {
  /** How long it is, waits cut short. */
  readonly ms: number;
  /** Where the moment of an event is on it, in ms from its begin. */
  drawn(at: number): number;
  /** Where a wait was cut short, and how long it was. */
  readonly cuts: readonly { readonly at: number; readonly ms: number }[];
}

/** Of the moments of all events, in their order. */
export function timeAxis(moments: readonly number[]): TimeAxis {
  const drawn = new Map<number, number>();
  const cuts: { readonly at: number; readonly ms: number }[] = [];
  let [end, before] = [0, moments[0] ?? 0];
  for (const at of moments) {
    const ms = Math.max(0, at - before);
    const drawnMs = Math.min(ms, waitMsMax);
    if (ms > waitMsMax) cuts.push({ at: end + drawnMs / 2, ms });
    [end, before] = [end + drawnMs, at];
    drawn.set(at, end);
  }
  return { ms: end, drawn: (at) => drawn.get(at) ?? 0, cuts };
}
