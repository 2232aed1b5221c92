// W3C trace context as text: every event carries one, with or without telemetry switched on. The first
// span of a trace has the second half of the trace's id for its own, so whoever has any context of a
// trace knows where it begins: a round begins at its START_ROUND, whoever wrote it and whenever.

import { randomBytes } from 'node:crypto';
import { type EventType, roundTypes } from '../core/events.ts';

/** The context of the first span of a new trace: `00-<trace id>-<span id>-01`. */
export function newTraceparent(): string {
  const trace = randomBytes(16).toString('hex');
  return `00-${trace}-${trace.slice(16)}-01`;
}

/** A new span in the trace of another. */
export function childOf(traceparent: string): string {
  return `00-${traceIdOf(traceparent)}-${randomBytes(8).toString('hex')}-01`;
}

/** The first span of a trace. */
export function rootOf(traceparent: string): string {
  const trace = traceIdOf(traceparent);
  return `00-${trace}-${trace.slice(16)}-01`;
}

/** 32 hexadecimal digits; empty where there is no context. */
export function traceIdOf(traceparent: string): string {
  return traceparent.split('-')[1] ?? '';
}

/** Whether a feed entry belongs to the trace of a round: its first event gave it its context. */
export function isOfRound(types: readonly string[]): boolean {
  return roundTypes.has(types[0] as EventType);
}
