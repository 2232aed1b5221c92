// A log whose commits are confirmed by a replica before anybody is told.

import type { StreamTypes } from '../contract/definition.ts';
import type { CommitOutcome, EventLog } from '../contract/event-log.ts';
import type { Replicas } from '../valkey/replicas.ts';

export function replicatedLog<S extends StreamTypes>(log: EventLog<S>, replicas: Replicas): EventLog<S> {
  return {
    ...log,
    async commit(request) {
      const outcome = await log.commit(request);
      if (wrote(outcome, request.events.length)) {
        await replicas.confirm(request.stream, { key: request.key, rev: outcome.rev });
      }
      return outcome;
    },
  };
}

const wrote = (
  outcome: CommitOutcome,
  events: number,
): outcome is Extract<CommitOutcome, { readonly rev: number }> =>
  outcome.status === 'dup' || (outcome.status === 'ok' && events > 0);
