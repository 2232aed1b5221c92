// What of a round was pushed to players, as spans of its trace: one for each event and process, from the
// moment it was read to its last socket.

import type { RecordedEvent } from '../../core/events.ts';
import type { Tracer } from '../../streams/parts.ts';
import { childOf } from '../../streams/parts.ts';
import { attribute } from '../telemetry/attributes.ts';
import { nowMs } from '../telemetry/tracer.ts';

export interface PushSpans {
  /** These will be pushed next. */
  read(events: readonly RecordedEvent[]): void;
  /** What was read has gone to so many sockets. */
  pushed(sockets: number): void;
}

const shown: ReadonlySet<string> = new Set(['NEW_QUESTION', 'ROUND_CLOSED', 'ROUND_RESULT', 'ROUND_SKIPPED']);

export function createPushSpans(tracer: Tracer): PushSpans {
  let waiting: { readonly event: RecordedEvent; readonly startMs: number }[] = [];
  return {
    read(events) {
      if (!tracer.on) return;
      const startMs = nowMs();
      for (const event of events) if (shown.has(event.type)) waiting.push({ event, startMs });
    },
    pushed(sockets) {
      for (const { event, startMs } of waiting) {
        tracer.record({
          name: `push ${event.type}`,
          kind: 'internal',
          traceparent: childOf(event.traceparent),
          parent: event.traceparent,
          startMs,
          endMs: nowMs(),
          error: null,
          attributes: {
            [attribute.conversation]: event.room,
            [attribute.rev]: event.rev,
            [attribute.sockets]: sockets,
          },
        });
      }
      waiting = [];
    },
  };
}
