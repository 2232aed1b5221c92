// The spans of events that belong to a trace of their stream's own, made from the log by the reader of the
// feed that comes last and is durable. What becomes of an event hangs on its span, so that must arrive
// whatever is killed: the writer of an event may die before it has told the collector, but the log has the
// event, and the feed's entry stays until its span is out.

import { eventsOf } from '../consume/task.ts';
import type { StreamDefinition, StreamTypes } from '../contract/definition.ts';
import type { EventLog } from '../contract/event-log.ts';
import type { Pointer } from '../log/feed-entry.ts';
import { attribute, logOf, valkeySystem } from './attributes.ts';
import type { FinishedSpan, Tracer } from './telemetry.ts';
import { momentMs, rootOf } from './traceparent.ts';

export type TellEvents<S extends StreamTypes> = (
  stream: S['id'],
  entries: readonly Pointer<S>[],
) => Promise<void>;

/**
 * Hands over a span for each event that the entries point to, and waits, for a bounded time, until they are
 * out. A second run hands over the same ones again; what was put back for another group than `group`, whose
 * reader tells them, was told before.
 */
export function tellEvents<S extends StreamTypes>(
  log: EventLog<S>,
  definition: StreamDefinition<S>,
  { tracer, group }: { readonly tracer: Tracer; readonly group: string },
): TellEvents<S> {
  const { trace, quiet } = definition;
  return async (stream, entries) => {
    if (!tracer.on) return;
    for (const { what, requeued } of entries) {
      if (what.kind !== 'events' || (requeued !== null && requeued.group !== group)) continue;
      for (const event of await eventsOf(log, stream, what)) {
        if (trace.nameOf(event) !== null && !quiet.has(event.type)) {
          tracer.record(spanOf(definition, stream, event));
        }
      }
    }
    await tracer.flush();
  };
}

/** A moment of the log. The event that begins a trace is its first span, the others hang on it. */
function spanOf<S extends StreamTypes>(
  definition: StreamDefinition<S>,
  stream: S['id'],
  event: S['event'],
): FinishedSpan {
  const { type, traceparent, at, by, rev } = event;
  const first = type === definition.trace.begins;
  return {
    name: type,
    kind: 'producer',
    traceparent,
    parent: first ? null : rootOf(traceparent),
    startMs: at,
    endMs: at + momentMs(first ? 1 : 2),
    error: null,
    attributes: {
      [attribute.system]: valkeySystem,
      [attribute.operation]: 'create',
      [attribute.operationType]: 'create',
      [attribute.destination]: logOf(definition),
      [attribute.message]: `${rev}-0`,
      [attribute.conversation]: stream,
      [attribute.by]: by,
      [attribute.rev]: rev,
      ...definition.trace.attributesOf(event),
    },
  };
}
