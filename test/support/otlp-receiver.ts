// A collector for tests: takes spans and measurements by OTLP over HTTP (JSON), or behaves as badly as
// one can.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';

const Value = z.union([
  z.object({ stringValue: z.string() }).transform(({ stringValue }) => stringValue),
  z.object({ boolValue: z.boolean() }).transform(({ boolValue }) => boolValue),
  z.object({ intValue: z.coerce.number() }).transform(({ intValue }) => intValue),
  z.object({ doubleValue: z.number() }).transform(({ doubleValue }) => doubleValue),
  z
    .object({ arrayValue: z.object({ values: z.array(z.object({ stringValue: z.string() })) }) })
    .transform(({ arrayValue }) => arrayValue.values.map(({ stringValue }) => stringValue).join()),
]);
const Pairs = z
  .array(z.object({ key: z.string(), value: Value }))
  .default([])
  .transform((pairs) => Object.fromEntries(pairs.map(({ key, value }) => [key, value])));

const Span = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  kind: z.number(),
  startTimeUnixNano: z.string(),
  endTimeUnixNano: z.string(),
  attributes: Pairs,
  links: z.array(z.object({ traceId: z.string(), spanId: z.string() })).default([]),
  status: z.object({ code: z.number().optional(), message: z.string().optional() }).default({}),
});

const Traces = z.object({
  resourceSpans: z
    .array(
      z.object({
        resource: z.object({ attributes: Pairs }),
        scopeSpans: z.array(z.object({ spans: z.array(Span) })),
      }),
    )
    .default([]),
});

const Metrics = z.object({
  resourceMetrics: z.array(
    z.object({ scopeMetrics: z.array(z.object({ metrics: z.array(z.object({ name: z.string() })) })) }),
  ),
});

export type TakenSpan = z.infer<typeof Span> & { readonly service: string };
export type Mood = 'taking' | 'hanging' | 'failing';

export interface OtlpReceiver {
  readonly url: string;
  /** Each span once, in the order of arrival, however often it was sent. */
  spans(): TakenSpan[];
  /** Names of measurements. */
  readonly metrics: ReadonlySet<string>;
  readonly requests: () => number;
  mood: Mood;
  stop(): Promise<void>;
}

export async function startOtlpReceiver(mood: Mood = 'taking'): Promise<OtlpReceiver> {
  const spans = new Map<string, TakenSpan>();
  const metrics = new Set<string>();
  let requests = 0;

  function take(path: string, body: unknown): void {
    if (path === '/v1/metrics') {
      const scopes = Metrics.parse(body).resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics);
      for (const { metrics: all } of scopes) for (const { name } of all) metrics.add(name);
      return;
    }
    for (const { resource, scopeSpans } of Traces.parse(body).resourceSpans) {
      const service = String(resource.attributes['service.name']);
      for (const span of scopeSpans.flatMap((scope) => scope.spans)) {
        spans.set(`${span.traceId} ${span.spanId}`, { ...span, service });
      }
    }
  }

  const server = createServer(async (request, response) => {
    requests += 1;
    const body = await bodyOf(request);
    if (receiver.mood === 'hanging') return;
    if (receiver.mood === 'failing') return reply(response, 500);
    take(request.url ?? '', body);
    reply(response, 200);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const receiver: OtlpReceiver = {
    url: `http://127.0.0.1:${address.port}`,
    spans: () => [...spans.values()],
    metrics,
    requests: () => requests,
    mood,
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return receiver;
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const whole = Buffer.concat(chunks);
  const plain = request.headers['content-encoding'] === 'gzip' ? gunzipSync(whole) : whole;
  return JSON.parse(plain.toString());
}

function reply(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
}
