// Requests from outside as spans, each a trace of its own: what comes over a socket, and what is asked by
// HTTP.

import type { Context, Next } from 'hono';
import type { Tracer } from '../../streams/parts.ts';
import { strangeContext } from '../../streams/parts.ts';
import { attribute } from './attributes.ts';

/** The room it was about, and the context of the round that is played there. */
export interface About {
  readonly room: string | null;
  readonly round: string | null;
}

// An answer is a span of its round's trace, and a ping tells nothing.
const untraced: ReadonlySet<string> = new Set(['answer', 'ping']);

/** Runs what a frame asks for in a span; what it is about is known when it is done. */
export function traceFrame(
  tracer: Tracer,
  request: string,
  about: () => About,
  work: () => Promise<void>,
): Promise<void> {
  if (untraced.has(request)) return work();
  const attributes = { [attribute.request]: request };
  return tracer.span({ name: `ws ${request}`, kind: 'server', parent: null, attributes }, async (span) => {
    await work();
    const { room, round } = about();
    if (room !== null) span.set({ [attribute.conversation]: room });
    if (round !== null) span.link(round);
  });
}

/** What a request over HTTP may tell of itself: the context of the round that is played where it asks. */
export interface Traced {
  readonly Variables: { round?: string };
}

export interface HttpWatch {
  readonly tracer: Tracer;
  readonly note: (what: string, detail: Readonly<Record<string, unknown>>) => void;
}

/**
 * Spans of what is asked under `/api`; pages, health and measurements would only be noise. A client may
 * say what trace it is in: that is linked to, and no more, or strangers could write into any trace of ours.
 */
export function traceHttp({ tracer, note }: HttpWatch) {
  return async (c: Context<Traced>, next: Next): Promise<void> => {
    const { method } = c.req;
    const route = routeOf(c.req.path);
    const attributes = { [attribute.method]: method, [attribute.route]: route };
    const caller = strangeContext(c.req.header('traceparent') ?? '');
    const links = caller === null ? [] : [caller];
    const start = { name: `${method} ${route}`, kind: 'server', parent: null, links, attributes } as const;
    await tracer.span(start, async (span) => {
      await next();
      span.set({ [attribute.status]: c.res.status });
      const round = c.get('round');
      if (round !== undefined) span.link(round);
      if (c.res.status >= 500) span.fail(String(c.res.status));
      note('http', { method, route, status: c.res.status });
    });
  };
}

const known: ReadonlySet<string> = new Set(['rooms', 'topics', 'boards', 'games', 'ops']);

/** Without codes and ids: one of few. */
function routeOf(path: string): string {
  const first = path.split('/')[2] ?? '';
  return known.has(first) ? `/api/${first}` : '/api';
}
