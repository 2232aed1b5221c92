// The same measurements as at /metrics, sent by OTLP where an endpoint for them is configured. Loaded
// together with the SDK.

import type { Meter } from '@opentelemetry/api';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { emptyResource } from '@opentelemetry/resources';
import { PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { limits } from '../../core/limits.ts';
import { whyLost } from './export-outcome.ts';
import { type InstrumentName, instruments } from './instruments.ts';
import type { Mirror } from './registry.ts';

type ExporterOptions = ConstructorParameters<typeof OTLPMetricExporter>[0];

/** `told` of each batch why it was not taken, or null; `begin` sends an empty one. */
export function metricReader(
  options: ExporterOptions,
  told: (why: string | null) => void,
): { reader: PeriodicExportingMetricReader; begin: () => void } {
  const exporter = new OTLPMetricExporter(options);
  const send = exporter.export.bind(exporter);
  exporter.export = (batch, done) =>
    send(batch, (result) => {
      told(whyLost(result));
      done(result);
    });
  const reader = new PeriodicExportingMetricReader({
    exporter,
    exportIntervalMillis: limits.metricsEveryMs,
    exportTimeoutMillis: limits.telemetryExportMs,
  });
  const nothing = { resource: emptyResource(), scopeMetrics: [] };
  return { reader, begin: () => exporter.export(nothing, () => undefined) };
}

type Take = (value: number, labels: Readonly<Record<string, string>>) => void;

/** Gives each measurement on to the provider's instrument of the same name. */
export function mirrorTo(meter: Meter): Mirror {
  const takes = new Map<InstrumentName, Take>();
  for (const name of Object.keys(instruments) as InstrumentName[]) takes.set(name, instrumentOf(name));
  return (name, value, labels) => takes.get(name)?.(value, labels);

  function instrumentOf(name: InstrumentName): Take {
    const instrument = instruments[name];
    const description = instrument.help;
    const unit = name.includes('_seconds') ? 's' : '1';
    if (instrument.kind === 'counter') {
      const counter = meter.createCounter(name, { description, unit });
      return (value, labels) => counter.add(value, labels);
    }
    if (instrument.kind === 'gauge') {
      const gauge = meter.createGauge(name, { description, unit });
      return (value, labels) => gauge.record(value, labels);
    }
    const advice = { explicitBucketBoundaries: [...instrument.buckets] };
    const histogram = meter.createHistogram(name, { description, unit, advice });
    return (value, labels) => histogram.record(value, labels);
  }
}
