// Commits to one stream of a log that takes one at a time: each after the one before it, and in conflict
// where that one did not go through.

import type { StreamTypes } from '../contract/definition.ts';
import type { CommitOutcome, CommitRequest } from '../contract/event-log.ts';

export function inOrder<S extends StreamTypes>(
  requests: readonly CommitRequest<S>[],
  commit: (request: CommitRequest<S>) => Promise<CommitOutcome<S>>,
): readonly Promise<CommitOutcome<S>>[] {
  let before: Promise<CommitOutcome<S>> | null = null;
  return requests.map((request) => {
    const last = before;
    const next = () => commit(request);
    before = last === null ? next() : last.then((outcome) => after(outcome, next), behindFailed);
    return before;
  });
}

const behindFailed = () => ({ status: 'conflict', turn: 0 }) as const;

function after<S extends StreamTypes>(
  outcome: CommitOutcome<S>,
  commit: () => Promise<CommitOutcome<S>>,
): Promise<CommitOutcome<S>> | CommitOutcome<S> {
  if (outcome.status === 'ok') return commit();
  return { status: 'conflict', turn: outcome.status === 'conflict' ? outcome.turn : 0 };
}
