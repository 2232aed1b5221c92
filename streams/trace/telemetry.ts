// The ports by which all parts say what they do: spans of traces, and measurements.
// A program brings implementations; those below do nothing.

import type { engineInstruments } from './instruments.ts';

export type Attributes = Readonly<Record<string, string | number | boolean | readonly string[]>>;
export type SpanKind = 'server' | 'client' | 'producer' | 'consumer' | 'internal';

export interface SpanStart {
  readonly name: string;
  readonly kind: SpanKind;
  /** The span's own context (W3C traceparent), where another part has to know it before; else a new one. */
  readonly traceparent?: string;
  /** Context of the parent; null begins a trace; absent: a child of the span that runs here, if one does. */
  readonly parent?: string | null;
  /** Contexts of spans in other traces that this one has to do with. */
  readonly links?: readonly string[];
  readonly attributes: Attributes;
}

/** A span that is over. Moments in ms since 1970; `error` says in a word why it failed. */
export interface FinishedSpan extends SpanStart {
  readonly traceparent: string;
  readonly parent: string | null;
  readonly startMs: number;
  readonly endMs: number;
  readonly error: string | null;
}

/** A span while it runs. */
export interface Span {
  /** Its context, or null without tracing. */
  readonly traceparent: string | null;
  set(attributes: Attributes): void;
  /** The context of a span in another trace that this one has to do with. */
  link(traceparent: string): void;
  /** Marks it as failed, in a word; what `work` throws does so by itself. */
  fail(error: string): void;
}

/** No method throws or waits for a collector; `flush` waits for a bounded time. */
export interface Tracer {
  /** False without a listener: what only serves telemetry may be left out. */
  readonly on: boolean;
  /**
   * Runs work within a span. Spans within it are handed over together with the outermost, parents first: of a
   * process that is killed no child is left behind without its parent.
   */
  span<T>(start: SpanStart, work: (span: Span) => Promise<T>): Promise<T>;
  /** Context of the span that runs here, or null. */
  current(): string | null;
  /** Hands over a span that is over. The same one may be handed over again. */
  record(span: FinishedSpan): void;
  /** Resolves when what was handed over has reached the collector, or will not within a second. */
  flush(): Promise<void>;
}

export type Labels = Readonly<Record<string, string>>;

/** Takes measurements. `Name`: of the instruments that it has; the kind of each stands in its table. */
export interface Meter<Name extends string = keyof typeof engineInstruments> {
  add(counter: Name, labels: Labels, by?: number): void;
  observe(histogram: Name, value: number, labels: Labels): void;
  set(gauge: Name, value: number, labels: Labels): void;
}

export interface Telemetry<Name extends string = keyof typeof engineInstruments> {
  readonly tracer: Tracer;
  readonly meter: Meter<Name>;
}

const noSpan: Span = {
  traceparent: null,
  set: () => undefined,
  link: () => undefined,
  fail: () => undefined,
};

export const noTracer: Tracer = {
  on: false,
  span: (_start, work) => work(noSpan),
  current: () => null,
  record: () => undefined,
  flush: async () => undefined,
};

export const noTelemetry: Telemetry<string> = {
  tracer: noTracer,
  meter: { add: () => undefined, observe: () => undefined, set: () => undefined },
};
