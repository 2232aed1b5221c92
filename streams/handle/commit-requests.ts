// Commits made of what was decided, or is appended without deciding: events stamped, with the effects of
// each and what has to hold.

import type { Decided, Envelope, StreamDefinition, StreamTypes } from '../contract/definition.ts';
import type { Effects, TimerChange } from '../contract/effects.ts';
import type { CommitOutcome, CommitRequest } from '../contract/event-log.ts';
import { Fault } from '../contract/fault.ts';
import { isReservedTimer, retentionTimer } from '../contract/reserved.ts';
import type { Append, Context } from '../contract/task.ts';
import { refuseUnfitDecision } from '../contract/unfit.ts';
import { createStamp } from '../log/stamp.ts';
import type { Folded } from './fold.ts';

export type Requests<S extends StreamTypes> = ReturnType<typeof createRequests<S>>;

/** Commits for what was decided, or is appended without deciding. */
export function createRequests<S extends StreamTypes>(
  definition: StreamDefinition<S>,
  nextId?: () => string,
) {
  const stamp = createStamp(definition, nextId);

  /**
   * Effects of several events in order: each is asked about the stream as the one before left it. The last
   * one is folded, too: an event that `evolve` throws at is never written, since no reader could pass it.
   */
  function effectsOfAll(events: readonly Envelope<S>[], { state, rev, at }: Folded<S>): Effects {
    let before = state;
    const all = events.map((event, index) => {
      const effects = definition.effects(event as S['newEvent'], before);
      // The moment is provisional: effects look at no moment of another event of the same commit.
      before = definition.evolve(before, recordedAt(event, rev + index + 1, at));
      return effects;
    });
    return { meta: all.flatMap(({ meta }) => meta), timers: all.flatMap(({ timers }) => timers) };
  }

  return {
    ofDecision(
      stream: S['id'],
      folded: Folded<S>,
      { events, key = null, note, timers = [] }: Decided<S['newEvent']>,
      context: Context<S>,
      exact = false,
    ): CommitRequest<S> {
      refuseUnfitDecision(stream, { events, key, note });
      const stamped = stamp(events, key, { stream, state: folded.state, context });
      const effects = effectsOfAll(stamped, folded);
      const begins = folded.rev === 0;
      if (begins && events.length === 0) refuseTimers(stream, timers);
      return {
        stream,
        key,
        ...(note === undefined ? {} : { note }),
        expect: begins ? 'new' : seenAs(folded, exact),
        events: stamped,
        effects: {
          meta: begins ? [...epochOf(definition, stamped), ...effects.meta] : effects.meta,
          timers: [...free([...effects.timers, ...timers]), ...retentionOf(definition, stamped)],
        },
        ...(context.secrets === undefined ? {} : { secrets: context.secrets }),
        ...(context.settles === undefined ? {} : { settles: context.settles }),
        ...(context.intent === undefined ? {} : { intent: context.intent }),
      };
    },

    ofAppend(
      stream: S['id'],
      { state }: Folded<S>,
      { key, note, guards, events, count }: Append<S>,
      context: Context<S>,
    ): CommitRequest<S> {
      refuseUnfitDecision(stream, { events, key, note });
      const stamped = stamp(events, key, { stream, state, context });
      return {
        stream,
        key,
        ...(note === undefined ? {} : { note }),
        expect: { guards },
        events: stamped,
        effects: { meta: [], timers: retentionOf(definition, stamped) },
        ...(count === undefined ? {} : { count }),
      };
    },
  };
}

/** `exact`: it counts only where nothing at all has come since, not even what is quiet. */
const seenAs = ({ turn, epoch, rev }: Folded, exact: boolean) =>
  exact ? { turn, epoch, rev } : { turn, epoch };

/**
 * Why the events of an append do not fold onto a stream; null where they do. One that no reader could pass
 * would block its stream.
 */
export function whyUnfolded<S extends StreamTypes>(
  { evolve }: StreamDefinition<S>,
  { events }: CommitRequest<S>,
  { state, rev, at }: Folded<S>,
): Fault | null {
  try {
    let after = state;
    for (const [index, event] of events.entries())
      after = evolve(after, recordedAt(event, rev + index + 1, at));
    return null;
  } catch (error) {
    if (error instanceof Fault && error.code === 'definition_threw') return error;
    throw error;
  }
}

export const recordedAt = <S extends StreamTypes>(event: Envelope<S>, rev: number, at: number): S['event'] =>
  ({ ...event, rev, at }) as S['event'];

/** The events of a commit that went through. */
export function recorded<S extends StreamTypes>(
  request: CommitRequest<S>,
  { rev, at }: Extract<CommitOutcome, { status: 'ok' }>,
): S['event'][] {
  const first = rev - request.events.length + 1;
  return request.events.map((event, index) => recordedAt<S>(event, first + index, at));
}

/** The same timers. @throws Fault `reserved_timer` for one that is the engine's. */
function free(timers: readonly TimerChange[]): readonly TimerChange[] {
  const names = timers.map((timer) => ('cancel' in timer ? timer.cancel : timer.set));
  // What is no text is refused with the rest of the commit, before it is written.
  const reserved = names.find((name) => typeof name === 'string' && isReservedTimer(name));
  if (reserved === undefined) return timers;
  throw new Fault('reserved_timer', `the timer ${reserved} is the engine's own`, { retryable: false });
}

/** A timer of a stream that is none would fire for nothing. @throws Fault `no_such_stream`. */
function refuseTimers(stream: string, timers: readonly TimerChange[]): void {
  const set = timers.find((timer) => 'set' in timer);
  if (set === undefined) return;
  const said = `a timer of ${stream}, which has no event yet, would find no stream: begin it with an event`;
  throw new Fault('no_such_stream', said, { retryable: false });
}

/** An end sets the timer of the stream's retention; what comes after it and is not quiet cancels it. */
function retentionOf<S extends StreamTypes>(
  { retention, quiet }: StreamDefinition<S>,
  events: readonly Envelope<S>[],
): TimerChange[] {
  const last = events.findLast(({ type }) => !quiet.has(type));
  if (retention === null || last === undefined) return [];
  if (!retention.ends.has(last.type)) return [{ cancel: retentionTimer }];
  return [{ set: retentionTimer, inMs: retention.afterMs }];
}

/** Kept in meta, so that two lives of one id are told apart without reading the log. */
function epochOf<S extends StreamTypes>(
  definition: StreamDefinition<S>,
  [first]: readonly Envelope<S>[],
): Effects['meta'] {
  if (first === undefined) return [];
  const event = recordedAt<S>(first, 1, 0);
  return [{ set: 'epoch', value: definition.epochOf?.(event) ?? event.id }];
}
