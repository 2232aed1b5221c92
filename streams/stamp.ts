// Makes events ready for the log: id, author, key, and the trace they belong to. One round is one trace: what
// becomes of a cycle carries the trace of its START_ROUND, whoever does it and whenever. What is written once
// is read for ever, so it is read here before it is written.

import { monotonicFactory } from 'ulid';
import { z } from 'zod';
import { type Envelope, eventData, type NewEvent } from '../core/events.ts';
import { type CycleId, EventId, type RoomCode } from '../core/ids.ts';
import { type Context, Fault } from '../core/ports.ts';
import { questionOf, type State } from '../core/state.ts';
import { childOf, newTraceparent } from './trace.ts';

// One after the other, and cheaper than by chance alone: random bytes once in a millisecond.
const nextId = monotonicFactory();

/** @throws Fault `unwritable_event` for one that no reader of the log would take: its room would end. */
export function stampEvents(
  events: readonly NewEvent[],
  key: string | null,
  { room, state, context }: { room: RoomCode; state: State; context: Context },
): Envelope[] {
  const started = new Map<CycleId, string>();
  const traceparentOf = ({ type, cycleId }: NewEvent): string => {
    if (cycleId === null) return childOf(context.traceparent);
    if (type !== 'START_ROUND') return childOf(started.get(cycleId) ?? traceOf(state, cycleId));
    const traceparent = newTraceparent();
    started.set(cycleId, traceparent);
    return traceparent;
  };
  return events.map((given) => {
    const event = readable(given);
    const traceparent = traceparentOf(event);
    return {
      ...event,
      id: EventId.parse(nextId()),
      v: 1 as const,
      room,
      by: context.by,
      causationId: context.causationId ?? null,
      key,
      traceparent,
      ...(context.intent === undefined ? {} : { intent: context.intent }),
    };
  });
}

/** The event with its data as every reader will have it. */
function readable(event: NewEvent): NewEvent {
  const { type } = event;
  const { success, error, data } = eventData[type].safeParse(event.data);
  if (success) return { ...event, data } as NewEvent;
  const said = `${type} cannot be written: ${z.prettifyError(error)}`;
  throw new Fault('unwritable_event', said, { retryable: false, cause: error });
}

/** The trace of a cycle that the room knows: nobody writes about another. */
function traceOf(state: State, cycleId: CycleId): string {
  if (state.phase === 'none') return newTraceparent();
  const question = questionOf(state);
  if (question?.cycleId === cycleId) return question.traceparent;
  const preparation = state.preparing.find((one) => one.cycleId === cycleId);
  return preparation?.traceparent ?? newTraceparent();
}
