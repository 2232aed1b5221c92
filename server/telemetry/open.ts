// Telemetry of a process, as configured: measurements always, traces and OTLP only where a server collects
// them. Without an endpoint no package of OpenTelemetry is loaded.

import type { Logger } from 'pino';
import { noTracer } from '../../streams/parts.ts';
import type { Config } from '../config/config.ts';
import { type Sent, troubleWith } from './collector-trouble.ts';
import type { ArenaTelemetry } from './instruments.ts';
import { createRegistry, type Registry } from './registry.ts';
import { createShortfalls, type Shortfalls } from './shortfalls.ts';
import { createTracer } from './tracer.ts';

export interface OpenTelemetry extends ArenaTelemetry {
  readonly registry: Registry;
  readonly shortfalls: Shortfalls;
  /** Sends what is left, within about a second. */
  close(): Promise<void>;
}

export interface Service {
  /** As traces call it: `arena-server`, `arena-writer`. */
  readonly name: string;
  readonly version: string;
  /** This process among its like, stable over restarts where it has a slot. */
  readonly instance: string;
}

export async function openTelemetry(
  { tracesUrl, metricsUrl }: Config['telemetry'],
  service: Service,
  log: Logger,
): Promise<OpenTelemetry> {
  if (tracesUrl === null && metricsUrl === null) {
    const registry = createRegistry();
    const shortfalls = createShortfalls(registry, log);
    return { tracer: noTracer, meter: registry.meter, registry, shortfalls, close: async () => undefined };
  }
  const { startOtlp } = await import('./otlp.ts');
  const tellTraces = teller(log, { what: 'Traces', url: tracesUrl ?? '' });
  const onSpans = (why: string | null) => {
    registry.meter.add('arena_span_exports_total', { outcome: why === null ? 'taken' : 'lost' });
    tellTraces(why);
    shortfalls.tell('traces_lost', why);
  };
  const tellMetrics = teller(log, { what: 'Measurements', url: metricsUrl ?? '' });
  const onMetrics = (why: string | null) => {
    tellMetrics(why);
    shortfalls.tell('measurements_lost', why);
  };
  const otlp = startOtlp({ service, tracesUrl, metricsUrl, onSpans, onMetrics });
  const registry = createRegistry(otlp.mirror);
  const shortfalls = createShortfalls(registry, log);
  const tracer = tracesUrl === null ? noTracer : createTracer(otlp);
  return { tracer, meter: registry.meter, registry, shortfalls, close: otlp.close };
}

/** Says once that a collector does not take what it is sent, with what to do, and once that it does again. */
function teller(log: Logger, sent: Sent): (why: string | null) => void {
  let lost = false;
  return (why) => {
    if (why === null && lost) log.info(`${sent.what} reach the collector again.`);
    if (why !== null && !lost) log.warn(troubleWith(sent, why));
    lost = why !== null;
  };
}
