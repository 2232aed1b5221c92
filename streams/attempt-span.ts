// What an attempt at a feed entry, the burial of one and its requeue look like in a trace, and how they are
// measured. Used by the runner of entries.

import { attribute, feedDestination, valkeySystem } from '../core/span-names.ts';
import type { FinishedSpan, Meter, SpanStart } from '../core/telemetry.ts';
import type { Pointer } from './feed.ts';
import { childNamed, childOf, isOfRound, momentMs, newTraceparent } from './trace.ts';

export interface AttemptAt {
  readonly pointer: Pointer;
  readonly group: string;
  readonly consumer: string;
  /** Starts of a handler so far, this one included; how many ended with an exception, or with its process. */
  readonly starts: number;
  readonly exceptions: number;
  readonly deaths: number;
  readonly redelivered: boolean;
}

/**
 * One attempt. About a round: in its trace, under the event that woke it. Otherwise a trace of its own,
 * linked to whoever asked.
 */
export function attemptSpan(at: AttemptAt): SpanStart & { readonly traceparent: string } {
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
export function burialSpan(at: AttemptAt, reason: string): SpanStart {
  return {
    name: `bury ${wokenBy(at.pointer)}`,
    kind: 'client',
    ...placeOf(at),
    attributes: {
      [attribute.operation]: 'bury',
      [attribute.operationType]: 'settle',
      [attribute.reason]: reason,
      ...attributesOf(at),
    },
  };
}

/**
 * That an operator put the entry back, as a span of its round; null where nobody did, for this group. The
 * entry tells it to whoever handles it first, since the operator's own process may know of no collector; told
 * again it is the same span.
 */
export function requeueSpan({ pointer, group }: Pick<AttemptAt, 'pointer' | 'group'>): FinishedSpan | null {
  const { id, room, requeues, requeued, what } = pointer;
  const traceparent = requeueContext(pointer, group);
  if (traceparent === null || requeued === null || what.kind === 'alarm') return null;
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
      [attribute.destination]: feedDestination,
      [attribute.group]: group,
      [attribute.message]: id,
      [attribute.conversation]: room,
      [attribute.requeues]: requeues,
      [attribute.by]: requeued.by,
    },
  };
}

function requeueContext({ id, requeued, what }: Pointer, group: string): string | null {
  if (requeued?.group !== group || what.kind === 'alarm' || !isOfRound(what.types)) return null;
  return childNamed(what.traceparent, id);
}

function attributesOf({ pointer, group, consumer, starts, exceptions, deaths }: AttemptAt) {
  return {
    [attribute.system]: valkeySystem,
    [attribute.destination]: feedDestination,
    [attribute.group]: group,
    [attribute.consumer]: consumer,
    [attribute.message]: pointer.id,
    [attribute.conversation]: pointer.room,
    [attribute.attempt]: starts,
    [attribute.exceptions]: exceptions,
    [attribute.deaths]: deaths,
    [attribute.requeues]: pointer.requeues,
  };
}

/** The first event of the entry, or what its alarm is for. */
function wokenBy({ what }: Pointer): string {
  return what.kind === 'events' ? (what.types[0] ?? '') : `alarm ${what.name.split('|')[0]}`;
}

function placeOf({
  pointer,
  group,
}: AttemptAt): Pick<SpanStart, 'parent' | 'links'> & { traceparent: string } {
  const { what } = pointer;
  if (what.kind === 'alarm') return { traceparent: newTraceparent(), parent: null };
  const { traceparent, types } = what;
  // No link to the parent, which the messaging conventions would allow: Jaeger keeps one tie between two
  // spans, and with both it keeps the link.
  if (isOfRound(types)) {
    return { traceparent: childOf(traceparent), parent: requeueContext(pointer, group) ?? traceparent };
  }
  return { traceparent: newTraceparent(), parent: null, links: [traceparent] };
}

/** Counts a start, and for an alarm how late it rang. */
export function countAttempt(meter: Meter, { pointer, group, starts, deaths }: AttemptAt): void {
  const kind = starts === 1 ? 'first' : deaths > 0 ? 'after_death' : 'after_exception';
  meter.add('arena_attempts_total', { group, kind });
  if (pointer.what.kind !== 'alarm' || starts > 1) return;
  // Both moments are Valkey's: the entry's id begins with the one at which it was written.
  const lateMs = Number(pointer.id.split('-')[0]) - pointer.what.dueAt;
  meter.observe('arena_timer_lateness_seconds', Math.max(0, lateMs) / 1_000, {});
}
