// W3C trace context as text: every event carries one, with or without telemetry switched on. The first
// span of a trace has the second half of the trace's id for its own, so any context of a trace
// tells where it begins.

import { createHash } from 'node:crypto';
import { randomHex } from '../contract/random.ts';

/** The context of the first span of a new trace: `00-<trace id>-<span id>-01`. */
export function newTraceparent(): string {
  const trace = randomHex(16);
  return `00-${trace}-${trace.slice(16)}-01`;
}

/** A new span in the trace of another. */
export function childOf(traceparent: string): string {
  return `00-${traceIdOf(traceparent)}-${randomHex(8)}-01`;
}

/** The span in the trace of another that is known by a name: the same each time. */
export function childNamed(traceparent: string, name: string): string {
  const trace = traceIdOf(traceparent);
  return `00-${trace}-${createHash('sha256').update(`${trace} ${name}`).digest('hex').slice(0, 16)}-01`;
}

const header = /^(?!ff)[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-[\da-f]{2}(?:-|$)/;

/** A context as a stranger sends it, by the W3C's rules; null where it is none. */
export function strangeContext(text: string): string | null {
  const [, trace, span] = header.exec(text) ?? [];
  return trace === undefined ? null : `00-${trace}-${span}-01`;
}

/** The first span of a trace. */
export function rootOf(traceparent: string): string {
  const trace = traceIdOf(traceparent);
  return `00-${trace}-${trace.slice(16)}-01`;
}

/**
 * How long a moment lasts in a trace, in ms: a child longer than its parent. Jaeger complains of a span
 * without any length, and takes the clock for wrong of one that is beside its parent and no longer.
 */
export const momentMs = (depth: 1 | 2 | 3): number => depth / 1_000;

/** 32 hexadecimal digits; empty where there is no context. */
export function traceIdOf(traceparent: string): string {
  return traceparent.split('-')[1] ?? '';
}
