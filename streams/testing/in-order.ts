// Commits to one stream of a log that takes one at a time: each after the one before it, and in conflict
// where that one did not go through.

import type { StreamTypes } from '../contract/definition.ts';
import type { CommitOutcome, CommitRequest } from '../contract/event-log.ts';
import { fitInOrder } from '../contract/unfit.ts';

export function inOrder<S extends StreamTypes>(
  requests: readonly CommitRequest<S>[],
  commit: (request: CommitRequest<S>) => Promise<CommitOutcome<S>>,
): readonly Promise<CommitOutcome<S>>[] {
  const { fit, unfit } = fitInOrder(requests);
  let before: Promise<CommitOutcome<S>> | null = null;
  return requests.map((request, index) => {
    if (index === fit.length) return Promise.reject(unfit);
    if (index > fit.length) return Promise.resolve(behindFailed());
    const last = before;
    const next = () => commit(request);
    before =
      last === null
        ? next()
        : last.then(({ status }) => (status === 'ok' ? next() : behindFailed()), behindFailed);
    return before;
  });
}

const behindFailed = () => ({ status: 'conflict', turn: 0 }) as const;
