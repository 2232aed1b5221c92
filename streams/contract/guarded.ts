// The functions of a definition as the engine calls them: what one of them throws, or gives that is none, is
// a Fault which says whose it is. An agent's entry then becomes a dead letter, and a caller from outside is
// told.

import type { Decision, StreamDefinition, StreamTypes } from './definition.ts';
import { Fault } from './fault.ts';

type Functions<S extends StreamTypes> = Pick<StreamDefinition<S>, 'decide' | 'evolve' | 'effects'>;

/**
 * A command that `decide` threw at may do better once the stream has changed, so it is tried again; an event
 * of the log that `evolve` threw at stays what it is.
 */
export function guarded<S extends StreamTypes>(
  kind: string,
  { decide, evolve, effects }: Functions<S>,
): Functions<S> {
  return {
    decide(command, state) {
      const decision = orThrown(`decide of ${kind}`, command, true, () => decide(command, state));
      if (isDecision<S>(decision)) return decision;
      const said = `decide of ${kind} has given, for ${called(command)}, neither events, nor a rejection, nor stale`;
      throw new Fault('no_decision', said, { retryable: false });
    },
    evolve: (state, event) => orThrown(`evolve of ${kind}`, event, false, () => evolve(state, event)),
    effects: (event, before) => orThrown(`effects of ${kind}`, event, true, () => effects(event, before)),
  };
}

function orThrown<R>(who: string, what: unknown, retryable: boolean, run: () => R): R {
  try {
    return run();
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    throw new Fault('definition_threw', `${who} has thrown at ${called(what)}: ${saidBy(cause)}`, {
      retryable,
      cause,
    });
  }
}

function isDecision<S extends StreamTypes>(decision: unknown): decision is Decision<S> {
  if (typeof decision !== 'object' || decision === null) return false;
  if ('rejected' in decision) return typeof decision.rejected === 'string';
  if ('stale' in decision) return decision.stale === true;
  return 'events' in decision && Array.isArray(decision.events);
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
