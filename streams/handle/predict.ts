// A stream as a commit that is on its way will leave it: what comes behind it in the same call is decided by
// that. The moment of the commit alone is not known; where anything looked at it, nothing is predicted.

import type { StreamDefinition, StreamTypes } from '../contract/definition.ts';
import type { CommitRequest } from '../contract/event-log.ts';
import type { Folded } from './fold.ts';

export interface Predictions<S extends StreamTypes> {
  /** The stream after a commit that has been asked for. */
  after(request: CommitRequest<S>, folded: Folded<S>): Folded<S>;
  /** False once something looked at a moment that is not known: what was decided by it does not count. */
  readonly holds: boolean;
}

export function createPredictions<S extends StreamTypes>({
  evolve,
  quiet,
}: Pick<StreamDefinition<S>, 'evolve' | 'quiet'>): Predictions<S> {
  let holds = true;
  return {
    get holds() {
      return holds;
    },
    after({ events }, { state, rev, turn, at, epoch, last }) {
      const next = { state, rev, turn, last };
      for (const event of events) {
        next.rev += 1;
        const predicted = { ...event, rev: next.rev };
        Object.defineProperty(predicted, 'at', {
          enumerable: true,
          get() {
            holds = false;
            return at;
          },
        });
        next.state = evolve(next.state, predicted as unknown as S['event']);
        next.last = event.id;
        if (!quiet.has(event.type)) next.turn = next.rev;
      }
      return { ...next, at, epoch };
    },
  };
}
