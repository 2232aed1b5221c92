// Makes events ready for the log: id, author, key, and the trace they belong to. One round is one trace: what
// becomes of a cycle carries the trace of its START_ROUND, whoever does it and whenever.

import { ulid } from 'ulid';
import type { Envelope, NewEvent } from '../core/events.ts';
import { EventId, type RoomCode } from '../core/ids.ts';
import type { Context } from '../core/ports.ts';
import { questionOf, type State } from '../core/state.ts';
import { childOf, newTraceparent } from './trace.ts';

export function stampEvents(
  events: readonly NewEvent[],
  key: string | null,
  { room, state, context }: { room: RoomCode; state: State; context: Context },
): Envelope[] {
  const started = new Map<string, string>();
  return events.map((event) => {
    const cycle = event.cycleId ?? '';
    if (event.type === 'START_ROUND') started.set(cycle, newTraceparent());
    const traceparent = started.get(cycle) ?? childOf(traceOf(state, event) ?? context.traceparent);
    return {
      ...event,
      id: EventId.parse(ulid()),
      v: 1 as const,
      room,
      by: context.by,
      causationId: context.causationId ?? null,
      key,
      traceparent,
    };
  });
}

/** The trace that an event continues, if the room knows its cycle or round. */
function traceOf(state: State, { cycleId, roundId }: NewEvent): string | null {
  if (state.phase === 'none') return null;
  const question = questionOf(state);
  if (question !== null && (question.roundId === roundId || question.cycleId === cycleId)) {
    return question.traceparent;
  }
  return state.preparing.find((preparation) => preparation.cycleId === cycleId)?.traceparent ?? null;
}
