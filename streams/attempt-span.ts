// What an attempt at a feed entry, and the burial of one, look like in a trace, and how they are measured.
// Used by the runner of entries.

import { attribute, feedDestination, valkeySystem } from '../core/span-names.ts';
import type { Meter, SpanStart } from '../core/telemetry.ts';
import type { Pointer } from './feed.ts';
import { childOf, isOfRound, newTraceparent } from './trace.ts';

export interface AttemptAt {
  readonly pointer: Pointer;
  readonly group: string;
  readonly consumer: string;
  /** Starts of a handler so far, this one included, and how many of them ended with an exception. */
  readonly starts: number;
  readonly exceptions: number;
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
    ...placeOf(pointer),
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
    ...placeOf(at.pointer),
    attributes: {
      [attribute.operation]: 'bury',
      [attribute.operationType]: 'settle',
      [attribute.reason]: reason,
      ...attributesOf(at),
    },
  };
}

function attributesOf({ pointer, group, consumer, starts, exceptions }: AttemptAt) {
  return {
    [attribute.system]: valkeySystem,
    [attribute.destination]: feedDestination,
    [attribute.group]: group,
    [attribute.consumer]: consumer,
    [attribute.message]: pointer.id,
    [attribute.conversation]: pointer.room,
    [attribute.attempt]: starts,
    [attribute.exceptions]: exceptions,
    [attribute.deaths]: starts - 1 - exceptions,
  };
}

/** The first event of the entry, or what its alarm is for. */
function wokenBy({ what }: Pointer): string {
  return what.kind === 'events' ? (what.types[0] ?? '') : `alarm ${what.name.split('|')[0]}`;
}

function placeOf({ what }: Pointer): Pick<SpanStart, 'parent' | 'links'> & { traceparent: string } {
  if (what.kind === 'alarm') return { traceparent: newTraceparent(), parent: null };
  const { traceparent, types } = what;
  const links = [traceparent];
  // The messaging conventions want the link, too; Jaeger shows one trace by the parent.
  if (isOfRound(types)) return { traceparent: childOf(traceparent), parent: traceparent, links };
  return { traceparent: newTraceparent(), parent: null, links };
}

/** Counts a start, and for an alarm how late it rang. */
export function countAttempt(meter: Meter, { pointer, group, starts, exceptions }: AttemptAt): void {
  const kind = starts === 1 ? 'first' : starts - 1 > exceptions ? 'after_death' : 'after_exception';
  meter.add('arena_attempts_total', { group, kind });
  if (pointer.what.kind !== 'alarm' || starts > 1) return;
  // Both moments are Valkey's: the entry's id begins with the one at which it was written.
  const lateMs = Number(pointer.id.split('-')[0]) - pointer.what.dueAt;
  meter.observe('arena_timer_lateness_seconds', Math.max(0, lateMs) / 1_000, {});
}
