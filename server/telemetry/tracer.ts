// Spans as they run, before anybody sends them anywhere: which one runs here, and what it is made of.
// Knows no collector; the sink it is given takes finished spans.

import { AsyncLocalStorage } from 'node:async_hooks';
import type { FinishedSpan, Span, SpanStart, Tracer } from '../../streams/parts.ts';
import { childOf, newTraceparent } from '../../streams/parts.ts';

/** A span with what runs within it. */
interface Running {
  readonly traceparent: string;
  readonly tree: Tree;
}

/** The outermost span of a piece of work and all within it, in the order in which they began. */
interface Tree {
  readonly spans: (FinishedSpan | null)[];
  over: boolean;
}

export interface Sink {
  take(span: FinishedSpan): void;
  flush(): Promise<void>;
}

/** The moment as spans have it, finer than a ms. */
export const nowMs = (): number => performance.timeOrigin + performance.now();

// One for the process, so that the log need not be given what is opened with its help.
const running = new AsyncLocalStorage<Running>();

/** Context of the span that runs here, or null. */
export const contextHere = (): string | null => running.getStore()?.traceparent ?? null;

export function createTracer({ take, flush }: Sink): Tracer {
  return {
    on: true,
    current: contextHere,
    record: take,
    flush,
    async span(start, work) {
      const outer = running.getStore();
      const parent = start.parent === undefined ? (outer?.traceparent ?? null) : start.parent;
      const traceparent = start.traceparent ?? (parent === null ? newTraceparent() : childOf(parent));
      // Work that goes on after its request was answered begins a tree of its own.
      const within = outer !== undefined && !outer.tree.over ? outer.tree : null;
      const tree = within ?? { spans: [], over: false };
      const place = tree.spans.push(null) - 1;
      const open = openSpan(traceparent);
      const end = () => {
        const { attributes, links, error } = open.told();
        const all = {
          attributes: { ...start.attributes, ...attributes },
          links: [...(start.links ?? []), ...links],
        };
        const whole = { ...start, ...all };
        tree.spans[place] = { ...whole, traceparent, parent, startMs, endMs: nowMs(), error };
        if (within !== null) return;
        tree.over = true;
        // Parents began before their children, so they go first.
        for (const span of tree.spans) if (span !== null) take(span);
      };
      const startMs = nowMs();
      try {
        return await running.run({ traceparent, tree }, () => work(open.span));
      } catch (error) {
        open.span.fail(wordFor(error));
        throw error;
      } finally {
        end();
      }
    },
  };
}

function openSpan(traceparent: string) {
  let attributes: SpanStart['attributes'] = {};
  const links: string[] = [];
  let error: string | null = null;
  const span: Span = {
    traceparent,
    set: (more) => {
      attributes = { ...attributes, ...more };
    },
    link: (context) => void links.push(context),
    fail: (why) => {
      error = why;
    },
  };
  return { span, told: () => ({ attributes, links, error }) };
}

/** The code of a fault, the name of anything else: never a message, which may quote what people typed. */
function wordFor(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
