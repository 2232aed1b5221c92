// What an attempt at a feed entry, giving one up and its requeue look like in a trace, and how they are
// measured. Used by the runner of entries.

import type { StreamDefinition, StreamTypes } from '../contract/definition.ts';
import { type Pointer, wokenBy } from '../log/feed-entry.ts';
import { attribute, feedOf, valkeySystem } from './attributes.ts';
import type { FinishedSpan, Meter, SpanStart } from './telemetry.ts';
import { childNamed, childOf, momentMs, newTraceparent } from './traceparent.ts';

export interface AttemptAt<S extends StreamTypes = StreamTypes> {
  readonly definition: Pick<StreamDefinition<S>, 'name' | 'trace'>;
  readonly pointer: Pointer<S>;
  readonly group: string;
  readonly consumer: string;
  /** Starts of a handler so far, this one included; how many ended with an exception, or with its process. */
  readonly starts: number;
  readonly exceptions: number;
  readonly deaths: number;
  readonly redelivered: boolean;
}

/**
 * One attempt: in the trace of the event that woke it, where the stream has such a trace; otherwise in one
 * of its own, linked to the one that asked.
 */
export function attemptSpan<S extends StreamTypes>(
  at: AttemptAt<S>,
): SpanStart & { readonly traceparent: string } {
  const { pointer, redelivered } = at;
  return {
    name: `process ${wokenBy(pointer)}`,
    kind: 'consumer',
    ...placeOf(at),
    attributes: {
      [attribute.operation]: 'process',
      [attribute.operationType]: 'process',
      [attribute.redelivered]: redelivered,
      ...attributesOf(at),
    },
  };
}

/** Giving an entry up. */
export function deadLetterSpan<S extends StreamTypes>(at: AttemptAt<S>, reason: string): SpanStart {
  return {
    name: `dead letter ${wokenBy(at.pointer)}`,
    kind: 'client',
    ...placeOf(at),
    attributes: {
      [attribute.operation]: 'dead_letter',
      [attribute.operationType]: 'settle',
      [attribute.reason]: reason,
      ...attributesOf(at),
    },
  };
}

/**
 * That an operator put the entry back, as a span of its trace; null where none did, for this group. The
 * entry tells it to its first handler, since the operator's own process may know of no collector; told
 * again it is the same span.
 */
export function requeueSpan<S extends StreamTypes>({
  definition,
  pointer,
  group,
}: Pick<AttemptAt<S>, 'definition' | 'pointer' | 'group'>): FinishedSpan | null {
  const { id, stream, requeues, requeued, what } = pointer;
  const traceparent = requeueContext({ definition, pointer, group });
  if (traceparent === null || requeued === null || what.kind === 'timer') return null;
  const at = Number(id.split('-')[0]);
  return {
    name: `requeue ${wokenBy(pointer)}`,
    kind: 'producer',
    traceparent,
    parent: what.traceparent,
    startMs: at,
    endMs: at + momentMs(3),
    error: null,
    attributes: {
      [attribute.system]: valkeySystem,
      [attribute.operation]: 'requeue',
      [attribute.operationType]: 'send',
      [attribute.destination]: feedOf(definition),
      [attribute.group]: group,
      [attribute.message]: id,
      [attribute.conversation]: stream,
      [attribute.requeues]: requeues,
      [attribute.by]: requeued.by,
    },
  };
}

type Placed<S extends StreamTypes> = Pick<AttemptAt<S>, 'definition' | 'pointer' | 'group'>;

/** Whether a feed entry belongs to a trace of its stream's own: its first event gave it its context. */
const isTraced = ({ trace }: AttemptAt['definition'], [first = '']: readonly string[]): boolean =>
  trace.types.has(first);

function requeueContext<S extends StreamTypes>({ definition, pointer, group }: Placed<S>): string | null {
  const { id, requeued, what } = pointer;
  if (requeued?.group !== group || what.kind === 'timer' || !isTraced(definition, what.types)) return null;
  return childNamed(what.traceparent, id);
}

function attributesOf<S extends StreamTypes>({
  definition,
  pointer,
  group,
  consumer,
  starts,
  exceptions,
  deaths,
}: AttemptAt<S>) {
  return {
    [attribute.system]: valkeySystem,
    [attribute.destination]: feedOf(definition),
    [attribute.group]: group,
    [attribute.consumer]: consumer,
    [attribute.message]: pointer.id,
    [attribute.conversation]: pointer.stream,
    [attribute.attempt]: starts,
    [attribute.exceptions]: exceptions,
    [attribute.deaths]: deaths,
    [attribute.requeues]: pointer.requeues,
  };
}

/** Where an attempt stands: its context, its parent, and what it is linked to. */
export function placeOf<S extends StreamTypes>(
  placed: Placed<S>,
): Pick<SpanStart, 'parent' | 'links'> & { traceparent: string } {
  const { what } = placed.pointer;
  if (what.kind === 'timer') return { traceparent: newTraceparent(), parent: null };
  const { traceparent, types } = what;
  // No link to the parent, which the messaging conventions would allow: Jaeger keeps one tie between two
  // spans, and with both it keeps the link.
  if (isTraced(placed.definition, types)) {
    return { traceparent: childOf(traceparent), parent: requeueContext(placed) ?? traceparent };
  }
  return { traceparent: newTraceparent(), parent: null, links: [traceparent] };
}

type CountedAttempt = Pick<AttemptAt, 'pointer' | 'group' | 'starts' | 'deaths'>;

/** Counts a start, and for a timer how late it fired. */
export function countAttempt(meter: Meter, { pointer, group, starts, deaths }: CountedAttempt): void {
  const kind = starts === 1 ? 'first' : deaths > 0 ? 'after_death' : 'after_exception';
  meter.add('arena_attempts_total', { group, kind });
  if (pointer.what.kind !== 'timer' || starts > 1) return;
  // Both moments are Valkey's: the entry's id begins with the one at which it was written.
  const lateMs = Number(pointer.id.split('-')[0]) - pointer.what.dueAt;
  meter.observe('arena_timer_lateness_seconds', Math.max(0, lateMs) / 1_000, {});
}
