// Measurements as Prometheus reads them (text exposition format 0.0.4).

import type { Labels } from '../../streams/parts.ts';
import { type InstrumentName, instruments } from './instruments.ts';
import type { Series, Snapshot } from './registry.ts';

export const contentType = 'text/plain; version=0.0.4; charset=utf-8';

/** Several processes on one page, each under its own label `process`. */
export function prometheusText(snapshots: ReadonlyMap<string, Snapshot>): string {
  const lines = (Object.keys(instruments) as InstrumentName[]).flatMap((name) => {
    const rows = [...snapshots].flatMap(([process, snapshot]) =>
      (snapshot[name] ?? []).flatMap((series) => seriesLines(name, process, series)),
    );
    if (rows.length === 0) return [];
    const { help, kind } = instruments[name];
    return [`# HELP ${name} ${help}`, `# TYPE ${name} ${kind}`, ...rows];
  });
  return `${lines.join('\n')}\n`;
}

function seriesLines(name: InstrumentName, process: string, { labels, value, counts }: Series): string[] {
  const own = { process, ...labels };
  const instrument = instruments[name];
  if (counts === undefined || !('buckets' in instrument)) return [`${name}${labelText(own)} ${value}`];
  let below = 0;
  const bounds = [...instrument.buckets.map(String), '+Inf'];
  const buckets = bounds.map((le, index) => {
    below += counts[index] ?? 0;
    return `${name}_bucket${labelText({ ...own, le })} ${below}`;
  });
  return [...buckets, `${name}_sum${labelText(own)} ${value}`, `${name}_count${labelText(own)} ${below}`];
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return `{${pairs.join(',')}}`;
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
