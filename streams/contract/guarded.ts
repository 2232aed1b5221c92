// The functions of a definition as the engine calls them: what one of them throws, or gives that is none, is
// a Fault which says whose it is. An agent's entry then becomes a dead letter, and a caller from outside is
// told.

import type { Decision, StreamDefinition, StreamTypes } from './definition.ts';
import type { Effects } from './effects.ts';
import { Fault } from './fault.ts';

type Functions<S extends StreamTypes> = Pick<StreamDefinition<S>, 'decide' | 'evolve' | 'effects'>;

/** As a definition has them: what `effects` leaves out is nothing. */
interface Given<S extends StreamTypes> extends Omit<Functions<S>, 'effects'> {
  effects(event: S['newEvent'], before: S['state']): Partial<Effects>;
}

/** What a decision may say, by the field that tells which of the three it is. */
const fieldsOf = {
  rejected: ['rejected', 'detail', 'reason'],
  stale: ['stale'],
  events: ['events', 'key', 'note', 'timers'],
} as const;
const effectsFields = ['meta', 'timers'] as const;

/**
 * A command that `decide` threw at may do better once the stream has changed, so it is tried again; an event
 * of the log that `evolve` threw at stays what it is.
 */
export function guarded<S extends StreamTypes>(
  kind: string,
  { decide, evolve, effects }: Given<S>,
): Functions<S> {
  return {
    decide(command, state) {
      const who = `decide of ${kind}`;
      const decision = orThrown(who, command, true, () => decide(command, state));
      const wrong = wrongIn(decision);
      if (wrong === null) return decision;
      throw new Fault('no_decision', `${who} has given, for ${called(command)}, ${wrong}`, {
        retryable: false,
      });
    },
    evolve: (state, event) => orThrown(`evolve of ${kind}`, event, false, () => evolve(state, event)),
    effects(event, before) {
      const who = `effects of ${kind}`;
      const given = orThrown(who, event, true, () => effects(event, before));
      const { meta = [], timers = [] } = given;
      const wrong =
        unknownIn(given, effectsFields) ??
        (Array.isArray(meta) && Array.isArray(timers) ? null : 'meta or timers that are no list');
      if (wrong === null) return { meta, timers };
      throw new Fault('no_decision', `${who} has given, for ${called(event)}, ${wrong}`, {
        retryable: false,
      });
    },
  };
}

function orThrown<R>(who: string, what: unknown, retryable: boolean, run: () => R): R {
  try {
    return syncOnly(who, what, run());
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    throw new Fault('definition_threw', `${who} has thrown at ${called(what)}: ${saidBy(cause)}`, {
      retryable,
      cause,
    });
  }
}

/** @throws Fault `no_decision` for a promise: what it comes to would depend on when it does. */
function syncOnly<R>(who: string, what: unknown, given: R): R {
  if (!(given instanceof Promise)) return given;
  // Nothing else waits for it, and one that rejects unheard ends the process.
  given.catch(() => undefined);
  const [name] = who.split(' ');
  const said = `${name} must not be async: ${who} has given a promise for ${called(what)}`;
  throw new Fault('no_decision', said, { retryable: false });
}

/** Why it is no decision, in words; null where it is one. */
function wrongIn<S extends StreamTypes>(decision: Decision<S>): string | null {
  const none = 'neither events, nor a rejection, nor stale';
  const given: unknown = decision;
  if (typeof given !== 'object' || given === null) return none;
  if ('rejected' in given) {
    return typeof given.rejected === 'string' ? unknownIn(given, fieldsOf.rejected) : none;
  }
  if ('stale' in given) return given.stale === true ? unknownIn(given, fieldsOf.stale) : none;
  if (!('events' in given && Array.isArray(given.events))) return none;
  const { timers } = given as { timers?: unknown };
  if (timers !== undefined && !Array.isArray(timers)) return 'timers that are no list';
  return unknownIn(given, fieldsOf.events);
}

/** A field that has a value and is none of these is a slip that would be passed over in silence. */
function unknownIn(given: object, known: readonly string[]): string | null {
  for (const name of Object.keys(given)) {
    if (known.includes(name) || (given as Readonly<Record<string, unknown>>)[name] === undefined) continue;
    return `the field ${name}, which is none of ${known.join(', ')}`;
  }
  return null;
}

/** How a command or an event is called in a sentence: by its type and revision, where it has them. */
export function called(value: unknown): string {
  const named =
    typeof value === 'object' && value !== null ? (value as { type?: unknown; rev?: unknown }) : {};
  const type = typeof named.type === 'string' ? named.type : `a ${typeof value}`;
  return typeof named.rev === 'number' ? `${type} (rev ${named.rev})` : type;
}

/** Never throws, whatever was thrown. */
function saidBy(cause: unknown): string {
  try {
    return String(cause);
  } catch {
    return 'something that cannot be told';
  }
}
