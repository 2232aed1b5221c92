// Rules as sentences: given what happened, when a command comes, then these events, or a refusal. Needs no
// store, no clock and no test runner: what does not hold is thrown.

import { checked } from '../check/checked.ts';
import { differenceOf, shown } from '../check/difference.ts';
import type { Decided, Decision, Envelope, StreamDefinition, StreamTypes } from '../contract/definition.ts';
import type { TimerChange } from '../contract/effects.ts';
import { refuseUnfit } from '../contract/unfit.ts';
import { createRequests, recordedAt } from '../handle/commit-requests.ts';
import { type Folded, fold, unfolded } from '../handle/fold.ts';
import { createStamp } from '../log/stamp.ts';
import { newTraceparent } from '../trace/traceparent.ts';

/** Each throws Error that says what came instead, and where it differs first. */
export interface Outcome<S extends StreamTypes> {
  /** Exactly these events, in order. */
  then(...events: readonly S['newEvent'][]): void;
  thenRejected(code: S['code']): void;
  /** Neither events nor a refusal: there is nothing left to do. */
  thenNothing(): void;
  /** The command is about what is no longer current. */
  thenStale(): void;
  /** The timers that the decision sets and cancels, itself and by the effects of its events, in order. */
  thenTimers(...timers: readonly TimerChange[]): void;
  readonly decision: Decision<S>;
}

export interface Scenario<S extends StreamTypes> {
  /** What happened before, the oldest first; each event has to fit its schema. Stamps are made. */
  given(...events: readonly S['newEvent'][]): { when(command: S['command']): Outcome<S> };
}

/**
 * Scenarios of one kind of stream. `decide`, `evolve` and `effects` run twice, on input that cannot be
 * changed.
 * @throws Fault `unwritable_event` for a given or decided event that is none of the stream's,
 * `unfit_commit` for what no log can keep, `reserved_timer`, `no_such_stream`, `not_deterministic`,
 * `input_changed`, `definition_threw`, `no_decision`.
 */
export function scenario<S extends StreamTypes>(given: StreamDefinition<S>): Scenario<S> {
  const definition = checked(given);
  let ids = 0;
  const nextId = () => `event-${++ids}`;
  const stamp = createStamp(definition, nextId);
  const requests = createRequests(definition, nextId);
  const context = { by: 'scenario' as S['by'], traceparent: newTraceparent() };

  const recordedFrom = (from: number) => (event: Envelope<S>, index: number) =>
    recordedAt<S>(event, from + index + 1, 1_000_000 + from + index);

  function record(events: readonly S['newEvent'][], from: number, state: S['state']): S['event'][] {
    const stamped = stamp(events, null, { stream: 'scenario', state, context });
    return stamped.map(recordedFrom(from));
  }

  /** The events of a commit that the engine would send, which no log refuses. */
  function decidedBy(decided: Decided<S['newEvent']>, folded: Folded<S>): readonly Envelope<S>[] {
    const request = requests.ofDecision('scenario', folded, decided, context);
    refuseUnfit(request);
    return request.events;
  }

  return {
    given(...events) {
      const folded = fold(definition, unfolded(definition), record(events, 0, definition.initial));
      const { state, rev } = folded;
      return {
        when(command) {
          const decision = definition.decide(command, state);
          const decided = 'events' in decision ? decidedBy(decision, folded).map(recordedFrom(rev)) : [];
          return outcomeOf(definition, { state, decision, decided });
        },
      };
    },
  };
}

interface Seen<S extends StreamTypes> {
  readonly state: S['state'];
  readonly decision: Decision<S>;
  readonly decided: readonly S['event'][];
}

function outcomeOf<S extends StreamTypes>(
  definition: StreamDefinition<S>,
  { state, decision, decided }: Seen<S>,
): Outcome<S> {
  const timersOf = (): TimerChange[] => {
    let before = state;
    const all = decided.flatMap((event) => {
      const { timers } = definition.effects(event, before);
      before = definition.evolve(before, event);
      return timers;
    });
    return [...all, ...('events' in decision ? (decision.timers ?? []) : [])];
  };
  // So that an event at which `evolve` throws is found here, as the engine finds it before it writes.
  timersOf();
  return {
    decision,
    then: (...events) =>
      same('events', { events: decided.map(bodyOf) }, { events: events.map(bodyOf) }, decision),
    thenRejected: (code) =>
      same(
        'rejection',
        { rejected: 'rejected' in decision ? decision.rejected : undefined },
        { rejected: code },
        decision,
      ),
    thenNothing: () => {
      const nothing = { events: 'events' in decision ? decision.events : undefined };
      same('nothing', nothing, { events: [] }, decision);
    },
    thenStale: () => same('stale', { stale: 'stale' in decision }, { stale: true }, decision),
    thenTimers: (...timers) => same('timers', { timers: timersOf() }, { timers }, decision),
  };
}

const bodyOf = ({ type, data }: { readonly type: string; readonly data: unknown }) => ({ type, data });

function same(what: string, came: object, expected: object, decision: unknown): void {
  const found = differenceOf(expected, came, '');
  const refused =
    what === 'events' && typeof decision === 'object' && decision !== null && !('events' in decision);
  if (found === null && !refused) return;
  const place =
    found === null ? what : `${found.path.slice(1)} is ${shown(found.two)}, not ${shown(found.one)}`;
  throw new Error(`expected ${shown(expected)}\n  ${place}\n  decided: ${shown(decision)}`);
}
