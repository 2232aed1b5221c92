// What agents measure of their models, beside what the engine measures of them.

import { type Instruments, slow, type Telemetry } from '../streams/parts.ts';

export const modelInstruments = {
  arena_model_calls_total: { kind: 'counter', help: 'Requests to models, by what came of them.' },
  arena_model_call_duration_seconds: {
    kind: 'histogram',
    help: 'From a request to a model to its reply.',
    buckets: slow,
  },
  arena_model_tokens_total: { kind: 'counter', help: 'Tokens of models, input and output.' },
  arena_breaker_open: { kind: 'gauge', help: '1 while a model that kept failing rests.' },
} as const satisfies Instruments;

export type ModelTelemetry = Telemetry<keyof typeof modelInstruments>;
