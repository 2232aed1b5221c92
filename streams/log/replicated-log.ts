// A log whose commits are confirmed by a replica before anybody is told.

import type { StreamTypes } from '../contract/definition.ts';
import type { CommitOutcome, CommitRequest, EventLog } from '../contract/event-log.ts';
import type { Replicas } from '../valkey/replicas.ts';

export function replicatedLog<S extends StreamTypes>(log: EventLog<S>, replicas: Replicas): EventLog<S> {
  const confirmed = async (request: CommitRequest<S>, committed: Promise<CommitOutcome<S>>) => {
    const outcome = await committed;
    if (wrote(outcome, request)) {
      const keys = [request.key, request.intent?.key].filter((key) => key !== null && key !== undefined);
      await replicas.confirm(request.stream, { keys, rev: outcome.rev });
    }
    return outcome;
  };
  return {
    ...log,
    commit: (request) => confirmed(request, log.commit(request)),
    commitInOrder: (requests) =>
      log.commitInOrder(requests).map((committed, index) => {
        const request = requests[index];
        return request === undefined ? committed : confirmed(request, committed);
      }),
  };
}

/** A key is written without an event, too: it keeps the result of a step, or that nothing was to be done. */
const wrote = <S extends StreamTypes>(
  outcome: CommitOutcome<S>,
  { events, key, intent }: CommitRequest<S>,
): outcome is Extract<CommitOutcome<S>, { readonly rev: number }> =>
  outcome.status === 'dup' ||
  (outcome.status === 'ok' && (events.length > 0 || key !== null || intent !== undefined));
