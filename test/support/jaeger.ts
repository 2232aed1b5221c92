// A trace as the API of a real Jaeger tells it, in the shape of our own collector.

import { z } from 'zod';
import type { TakenSpan } from './otlp-receiver.ts';

const Tag = z.object({ key: z.string(), value: z.union([z.string(), z.number(), z.boolean()]) });
const Trace = z.object({
  data: z
    .array(
      z.object({
        processes: z.record(z.string(), z.object({ serviceName: z.string() })),
        spans: z.array(
          z.object({
            traceID: z.string(),
            spanID: z.string(),
            operationName: z.string(),
            processID: z.string(),
            startTime: z.number(),
            duration: z.number(),
            tags: z.array(Tag),
            references: z
              .array(z.object({ refType: z.string(), traceID: z.string(), spanID: z.string() }))
              .nullish(),
          }),
        ),
      }),
    )
    .min(1),
});

/** What it has of a trace. Sent is not yet stored, so it is asked until two answers in a row agree. */
export async function traceOfJaeger(url: string, traceId: string): Promise<TakenSpan[]> {
  for (let tries = 0, known = -1; tries < 40; tries++) {
    const reply = await fetch(`${url}/api/traces/${traceId}`);
    const spans = reply.ok ? spansOf(await reply.json()) : [];
    if (spans.length > 0 && spans.length === known) return spans;
    known = spans.length;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error(`Jaeger at ${url} has no trace ${traceId}`);
}

function spansOf(body: unknown): TakenSpan[] {
  const [trace] = Trace.parse(body).data;
  return (trace?.spans ?? []).map((span) => {
    const parent = span.references?.find(({ refType }) => refType === 'CHILD_OF');
    const attributes = Object.fromEntries(span.tags.map(({ key, value }) => [key, value]));
    return {
      traceId: span.traceID,
      spanId: span.spanID,
      parentSpanId: parent?.spanID,
      name: span.operationName,
      kind: 0,
      startTimeUnixNano: String(span.startTime * 1_000),
      endTimeUnixNano: String((span.startTime + span.duration) * 1_000),
      attributes,
      links: [],
      status: {},
      service: trace?.processes[span.processID]?.serviceName ?? '',
    };
  });
}
