// The one file that knows the OpenTelemetry SDK. Loaded only where an endpoint is configured: spans and
// measurements go out by OTLP over HTTP, in batches, beside the work; a collector that is slow or gone loses
// what it does not take.

import { Agent } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  metrics,
  ROOT_CONTEXT,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { BatchSpanProcessor, type IdGenerator, type SpanExporter } from '@opentelemetry/sdk-trace';
import { limits } from '../../core/limits.ts';
import { attribute } from './attributes.ts';
import { whyLost } from './export-outcome.ts';
import { metricReader, mirrorTo } from './otlp-metrics.ts';
import type { Mirror } from './registry.ts';
import type { Sink } from './tracer.ts';

export interface OtlpOptions {
  readonly service: { readonly name: string; readonly version: string; readonly instance: string };
  /** Where spans and measurements go; null: not at all. */
  readonly tracesUrl: string | null;
  readonly metricsUrl: string | null;
  /** Told of each batch of spans, and of measurements, whether it was taken; in a word why not, if not. */
  readonly onSpans: (why: string | null) => void;
  readonly onMetrics: (why: string | null) => void;
}

export interface Otlp extends Sink {
  readonly mirror: Mirror | null;
  /** Sends what is left, within bounds; never rejects. */
  close(): Promise<void>;
}

const kinds = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
} as const;

const scheduledDelayMillis = 500;

let started = false;

/** Once per process: the SDK keeps what it is given in globals. */
export function startOtlp({ service, tracesUrl, metricsUrl, onSpans, onMetrics }: OtlpOptions): Otlp {
  if (started) throw new Error('telemetry was started in this process before');
  started = true;
  const agents = [new Agent({ keepAlive: true }), new SecureAgent({ keepAlive: true })] as const;
  const shared = {
    timeoutMillis: limits.telemetryExportMs,
    httpAgentOptions: (protocol: string) => agents[protocol === 'https:' ? 1 : 0],
  };
  const exporter = tracesUrl === null ? null : new OTLPTraceExporter({ ...shared, url: tracesUrl });
  const delivery = exporter === null ? null : deliverBy(exporter, onSpans);
  const figures = metricsUrl === null ? null : metricReader({ ...shared, url: metricsUrl }, onMetrics);
  const ids = givenIds();
  const sdk = new NodeSDK({
    autoDetectResources: false,
    resource: resourceFromAttributes({
      'service.name': service.name,
      'service.version': service.version,
      'service.instance.id': service.instance,
    }),
    spanProcessors: delivery === null ? [] : [delivery.processor],
    metricReaders: figures === null ? [] : [figures.reader],
    logRecordProcessors: [],
    instrumentations: [],
    textMapPropagator: null,
    idGenerator: ids.generator,
  });
  sdk.start();
  // The first batches are empty: whether anybody is there is known before there is anything to lose.
  delivery?.begin();
  figures?.begin();
  const tracer = trace.getTracer('agent-arena', service.version);
  return {
    mirror: figures === null ? null : mirrorTo(metrics.getMeter('agent-arena', service.version)),
    take({ name, kind, traceparent, parent, links = [], attributes, startMs, endMs, error }) {
      ids.next(traceparent);
      const within = parent === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, contextOf(parent));
      const linked = links.map((link) => ({ context: contextOf(link) }));
      const options = { kind: kinds[kind], startTime: startMs, attributes: { ...attributes }, links: linked };
      const span = tracer.startSpan(name, options, within);
      if (error !== null) {
        span.setAttribute(attribute.errorType, error);
        span.setStatus({ code: SpanStatusCode.ERROR, message: error });
      }
      span.end(endMs);
    },
    flush: async () => delivery?.flush(),
    async close() {
      const patienceMs = delivery?.arrives() === false ? limits.telemetryLostMs : limits.telemetryEndMs;
      const late = sleep(patienceMs, undefined, { ref: false });
      await Promise.race([sdk.shutdown().catch(() => undefined), late]);
      // What a collector has not taken by now it never will; an open line would keep the process.
      for (const agent of agents) agent.destroy();
    },
  };
}

function contextOf(traceparent: string): SpanContext {
  const [, traceId = '', spanId = ''] = traceparent.split('-');
  return { traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true };
}

/** Spans have ids before they are made: the SDK is given each as it asks for one. */
function givenIds() {
  let given = { traceId: '', spanId: '' };
  const generator: IdGenerator = {
    generateTraceId: () => given.traceId,
    generateSpanId: () => given.spanId,
  };
  const next = (traceparent: string): void => {
    given = contextOf(traceparent);
  };
  return { generator, next };
}

/** An exporter in batches that knows what is on its way, and whether the last one arrived. */
function deliverBy(exporter: SpanExporter, onSpans: OtlpOptions['onSpans']) {
  const underWay = new Set<Promise<void>>();
  let arrives = true;
  const watched: SpanExporter = {
    export(spans, done) {
      const gone = Promise.withResolvers<void>();
      underWay.add(gone.promise);
      exporter.export(spans, (result) => {
        const why = whyLost(result);
        arrives = why === null;
        onSpans(why);
        underWay.delete(gone.promise);
        gone.resolve();
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
  };
  const exportTimeoutMillis = limits.telemetryExportMs;
  const processor = new BatchSpanProcessor({ exporter: watched, scheduledDelayMillis, exportTimeoutMillis });
  return {
    processor,
    begin: () => watched.export([], () => undefined),
    arrives: () => arrives,
    async flush() {
      const all = processor.forceFlush().catch(() => undefined);
      // A collector that did not take the last batch is not waited for.
      if (!arrives) return;
      const late = sleep(limits.telemetryFlushMs, 'late', { ref: false });
      const out = all.then(() => Promise.all(underWay));
      if ((await Promise.race([out, late])) === 'late') arrives = false;
    },
  };
}
