// Everything that is measured, the engine's own included. Names are Prometheus'; where measurements go by
// OTLP they have the same.

import { modelInstruments } from '../../agents/instruments.ts';
import {
  engineInstruments,
  type Instruments,
  type Meter,
  slow,
  type Telemetry,
} from '../../streams/parts.ts';

export const instruments = {
  ...engineInstruments,
  ...modelInstruments,
  arena_group_lag_entries: { kind: 'gauge', help: 'Feed entries that a group was not given yet.' },
  arena_group_pending_entries: { kind: 'gauge', help: 'Feed entries that a group has not acknowledged.' },
  arena_dead_letters: { kind: 'gauge', help: 'Dead letters that were neither put back nor dropped.' },
  arena_sockets: { kind: 'gauge', help: 'Open WebSockets.' },
  arena_sockets_opened_total: { kind: 'counter', help: 'WebSockets that were opened.' },
  arena_closes_total: { kind: 'counter', help: 'WebSockets that were closed, by close code.' },
  arena_pushes_total: { kind: 'counter', help: 'Writes to sockets; one may hold several messages.' },
  arena_joins_total: {
    kind: 'counter',
    help: 'Joins by outcome: new, recovered (missed events follow), restored (state anew), refused.',
  },
  arena_round_preparation_seconds: {
    kind: 'histogram',
    help: 'From the request for a claim to the verdict on it, rejected ones included.',
    buckets: slow,
  },
  arena_degraded: {
    kind: 'gauge',
    help: '1 while it lasts: what takes something from the game though its processes run, by code.',
  },
  arena_span_exports_total: { kind: 'counter', help: 'Batches of spans given to the collector, by outcome.' },
} as const satisfies Instruments;

export type InstrumentName = keyof typeof instruments;

export type ArenaMeter = Meter<InstrumentName>;
export type ArenaTelemetry = Telemetry<InstrumentName>;
