// The spans of a round's events, made from the log by whoever reads the feed last and durably. What
// becomes of an event hangs on its span, so that must arrive whoever is killed: the writer of an event
// may die before it has told the collector, but the log has the event, and the feed's entry stays until
// its span is out.

import type { RecordedEvent } from '../core/events.ts';
import type { RoomCode } from '../core/ids.ts';
import type { EventLog } from '../core/ports.ts';
import { attribute, logDestination, valkeySystem } from '../core/span-names.ts';
import type { FinishedSpan, Tracer } from '../core/telemetry.ts';
import type { Pointer } from './feed.ts';
import { roundAttributes } from './observed-log.ts';
import { eventsOf } from './task.ts';
import { momentMs, rootOf } from './trace.ts';

export type TellEvents = (room: RoomCode, entries: readonly Pointer[]) => Promise<void>;

/**
 * Hands over a span for each event that the entries point to, and waits, for a bounded time, until they are
 * out. A second run hands over the same ones again; what was put back for another group than `group`, whose
 * reader tells them, was told before.
 */
export function tellEvents(log: EventLog, tracer: Tracer, group: string): TellEvents {
  return async (room, entries) => {
    if (!tracer.on) return;
    for (const { what, requeued } of entries) {
      if (what.kind !== 'events' || (requeued !== null && requeued.group !== group)) continue;
      for (const event of await eventsOf(log, room, what)) {
        if (event.cycleId !== null && event.type !== 'ANSWER_SUBMITTED') tracer.record(spanOf(event));
      }
    }
    await tracer.flush();
  };
}

/** A moment of the log. START_ROUND is the first span of its trace, the others hang on it. */
function spanOf(event: RecordedEvent): FinishedSpan {
  const { type, traceparent, at, room, by, rev } = event;
  const first = type === 'START_ROUND';
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
      [attribute.destination]: logDestination,
      [attribute.message]: `${rev}-0`,
      [attribute.conversation]: room,
      [attribute.by]: by,
      [attribute.rev]: rev,
      ...roundAttributes(event),
    },
  };
}
