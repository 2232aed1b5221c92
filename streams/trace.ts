// W3C trace context as text: every event carries one, with or without telemetry switched on.

import { randomBytes } from 'node:crypto';

function spanId(): string {
  return randomBytes(8).toString('hex');
}

/** The context of a new trace: `00-<trace id>-<span id>-01`. */
export function newTraceparent(): string {
  return `00-${randomBytes(16).toString('hex')}-${spanId()}-01`;
}

/** A new span in the trace of another. */
export function childOf(traceparent: string): string {
  const [version, trace, , flags] = traceparent.split('-');
  return `${version}-${trace}-${spanId()}-${flags}`;
}
