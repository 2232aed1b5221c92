// `/metrics`: measurements of this server, and of every process that handed its own to the store, as
// Prometheus reads them. Those who may see the desk may see these.

import { Hono } from 'hono';
import { isAway } from '../../streams/engine.ts';
import { contentType, prometheusText } from '../telemetry/prometheus.ts';
import { readSnapshot } from '../telemetry/read-snapshot.ts';
import type { Snapshot } from '../telemetry/registry.ts';
import { type OpsAccess, refusalAt } from './guard.ts';

export interface MetricsDeps extends OpsAccess {
  /** What this process is called, and what it has measured. */
  readonly name: string;
  readonly snapshot: () => Snapshot;
  /** Brings up to date what is only measured when asked for. */
  readonly sample: () => Promise<void>;
  /** What others handed to the store, by their names. */
  readonly others: () => Promise<ReadonlyMap<string, unknown>>;
}

export function createMetrics({ name, snapshot, sample, others, ...access }: MetricsDeps): Hono {
  const app = new Hono();
  app.get('/', async (c) => {
    const why = refusalAt(c, access);
    if (why !== null) return c.text(`${why}\n`, 403);
    await sample();
    const told = await others().catch((error: unknown) => {
      if (isAway(error)) return new Map<string, unknown>();
      throw error;
    });
    const rest = [...told].map(([other, figures]) => [other, readSnapshot(figures)] as const);
    return c.body(prometheusText(new Map([[name, snapshot()], ...rest])), 200, {
      'content-type': contentType,
    });
  });
  return app;
}
