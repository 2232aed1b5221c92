// A log whose commits are confirmed by a replica before anybody is told.

import type { StreamTypes } from '../contract/definition.ts';
import type { CommitOutcome, CommitRequest, EventLog } from '../contract/event-log.ts';
import type { Replicas } from '../valkey/replicas.ts';

export function replicatedLog<S extends StreamTypes>(log: EventLog<S>, replicas: Replicas): EventLog<S> {
  return {
    ...log,
    async commit(request) {
      const outcome = await log.commit(request);
      if (wrote(outcome, request)) {
        const keys = [request.key, request.intent?.key].filter((key) => key !== null && key !== undefined);
        await replicas.confirm(request.stream, { keys, rev: outcome.rev });
      }
      return outcome;
    },
  };
}

/** A key is written without an event, too: it keeps the result of a step, or that nothing was to be done. */
const wrote = <S extends StreamTypes>(
  outcome: CommitOutcome<S>,
  { events, key, intent }: CommitRequest<S>,
): outcome is Extract<CommitOutcome<S>, { readonly rev: number }> =>
  outcome.status === 'dup' ||
  (outcome.status === 'ok' && (events.length > 0 || key !== null || intent !== undefined));
