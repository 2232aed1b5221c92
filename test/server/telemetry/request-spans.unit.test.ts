// What is asked by HTTP is a trace of its own, linked to the trace that the caller says it is in, and to the
// round it is about.

import { Hono } from 'hono';
import { describe, expect, test } from 'vitest';
import { type Traced, traceHttp } from '../../../server/telemetry/request-spans.ts';
import { createTracer } from '../../../server/telemetry/tracer.ts';
import type { FinishedSpan } from '../../../streams/trace/telemetry.ts';
import { traceIdOf } from '../../../streams/trace/traceparent.ts';

const round = `00-${'a'.repeat(32)}-${'a'.repeat(16)}-01`;
const caller = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00';

/** The span of a request with this header. */
async function spanOf(traceparent: string | null): Promise<FinishedSpan | undefined> {
  const spans: FinishedSpan[] = [];
  const tracer = createTracer({ take: (span) => void spans.push(span), flush: async () => undefined });
  const app = new Hono<Traced>();
  app.use('/api/*', traceHttp({ tracer, note: () => undefined }));
  app.get('/api/rooms/:room', (c) => {
    c.set('round', round);
    return c.text('here');
  });
  const headers: Record<string, string> = traceparent === null ? {} : { traceparent };
  await app.request('/api/rooms/XJKZNM', { headers });
  expect(spans).toHaveLength(1);
  return spans[0];
}

describe('a request over HTTP', () => {
  test('is linked to its caller, which is never its parent', async () => {
    const span = await spanOf(caller);
    expect(span).toMatchObject({ name: 'GET /api/rooms', parent: null });
    expect(span?.links).toEqual(['00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', round]);
    expect(traceIdOf(span?.traceparent ?? '')).not.toBe(traceIdOf(caller));
  });

  test('of a version to come, too', async () => {
    const span = await spanOf(caller.replace('00-', 'cc-').concat('-what-comes'));
    expect(span?.links).toHaveLength(2);
  });

  test.each([
    ['none', null],
    ['no context', 'hello'],
    ['another trace behind it', `${caller}, ${caller}`],
    ['a trace of zeros', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`],
    ['a span of zeros', `00-0af7651916cd43dd8448eb211c80319c-${'0'.repeat(16)}-01`],
    ['capitals', caller.toUpperCase()],
    ['the version that is none', caller.replace('00-', 'ff-')],
    ['half a context', caller.slice(0, 40)],
  ])('with %s for a context is linked to its round alone', async (_what, traceparent) => {
    expect((await spanOf(traceparent))?.links).toEqual([round]);
  });
});
