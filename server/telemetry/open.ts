// Telemetry of a process, as configured: measurements always, traces and OTLP only where somebody collects
// them. Without an endpoint no package of OpenTelemetry is loaded.

import type { Logger } from 'pino';
import { noTracer, type Telemetry } from '../../core/telemetry.ts';
import type { Config } from '../config.ts';
import { createRegistry, type Registry } from './registry.ts';
import { createTracer } from './tracer.ts';

export interface OpenTelemetry extends Telemetry {
  readonly registry: Registry;
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
    return { tracer: noTracer, meter: registry.meter, registry, close: async () => undefined };
  }
  const { startOtlp } = await import('./otlp.ts');
  const watch = watchExports(log, tracesUrl ?? '');
  const onExport = (why: string | null) => {
    registry.meter.add('arena_span_exports_total', { outcome: why === null ? 'taken' : 'lost' });
    watch(why);
  };
  const otlp = startOtlp({ service, tracesUrl, metricsUrl, onExport });
  const registry = createRegistry(otlp.mirror);
  const tracer = tracesUrl === null ? noTracer : createTracer(otlp);
  return { tracer, meter: registry.meter, registry, close: otlp.close };
}

/** Says once that the collector is not to be reached, with what to do, and once that it is again. */
function watchExports(log: Logger, url: string): (why: string | null) => void {
  let lost = false;
  return (why) => {
    if (why === null && lost) log.info('traces reach the collector again');
    if (why !== null && !lost) log.warn(`Traces are lost: ${url} ${cureFor(why, url)} The game goes on.`);
    lost = why !== null;
  };
}

function cureFor(why: string, url: string): string {
  if (/ECONNREFUSED|ENOTFOUND|EAI_AGAIN/.test(why)) {
    const port = new URL(url).port === '4317' ? ' Port 4317 is for gRPC, OTLP over HTTP has 4318.' : '';
    return `is not listening. Start a collector there or correct OTEL_EXPORTER_OTLP_ENDPOINT.${port}`;
  }
  if (/not found|404|405/i.test(why)) {
    return 'takes no traces. OTEL_EXPORTER_OTLP_ENDPOINT is the address without /v1/traces, usually port 4318.';
  }
  if (/unauthorized|forbidden|401|403/i.test(why)) {
    return 'wants to know who asks. Set OTEL_EXPORTER_OTLP_HEADERS.';
  }
  return `did not take them (${why.slice(0, 100)}). Look at the collector there.`;
}
