// Commands that wait for one stream behind another that is about to be committed go along with it: each is
// decided by the stream as the one before it will leave it, and committed in the same call, where it counts
// only if that one went through. What did not go through is decided again.

import type { StreamDefinition, StreamTypes } from '../contract/definition.ts';
import type { CommitOutcome, CommitRequest, EventLog } from '../contract/event-log.ts';
import { limits } from '../contract/limits.ts';
import type { CommandOf, Context, Handled, MakeCommand } from '../contract/task.ts';
import { refuseUnfit } from '../contract/unfit.ts';
import { type Requests, recorded } from './commit-requests.ts';
import type { Folded } from './fold.ts';
import type { FoldCache } from './fold-cache.ts';
import type { Lane, Waiting } from './lanes.ts';
import type { Permits } from './permits.ts';
import { createPredictions } from './predict.ts';

/** What handling needs of one process: the log, the streams that it knows, and commits made of decisions. */
export interface WritePath<S extends StreamTypes> {
  readonly log: EventLog<S>;
  readonly definition: StreamDefinition<S>;
  readonly cache: FoldCache<S>;
  readonly requests: Requests<S>;
  readonly permits: Permits;
}

/** One command for one stream. `fresh`: a look has just shown the stream as it is known here. */
export interface Asked<S extends StreamTypes> {
  readonly stream: S['id'];
  readonly command: CommandOf<S>;
  readonly context: Context<S>;
  readonly fresh: boolean;
}

export type LaneOf<S extends StreamTypes> = Lane<Asked<S>, Handled<S>>;

/** A command that goes along, and what is committed for it. */
interface Along<S extends StreamTypes> {
  readonly waiting: Waiting<Asked<S>, Handled<S>>;
  readonly request: CommitRequest<S>;
}

/** Whether a command is to be made of the stream; such a one may wait for others, and is asked by itself. */
export const isMaker = <S extends StreamTypes>(command: CommandOf<S>): command is MakeCommand<S> =>
  typeof command === 'function';

/**
 * Takes along what waits in the lane, as far as it can be decided before the commit of `request` is there.
 * Where quiet events have come meanwhile, that commit leaves another turn than is expected behind it; so it
 * needs an event that is not quiet.
 */
export function takeAlong<S extends StreamTypes>(
  { definition, requests }: WritePath<S>,
  request: CommitRequest<S>,
  folded: Folded<S>,
  lane: LaneOf<S>,
): readonly Along<S>[] {
  const along: Along<S>[] = [];
  if (lane.next() === undefined || folded.rev === 0) return along;
  if (request.events.every(({ type }) => definition.quiet.has(type))) return along;
  refuseUnfit(request);
  const predictions = createPredictions(definition);
  let [last, before, size] = [request, folded, sizeOf(request)];
  while (along.length + 1 < limits.commitsPerCallMax && size < limits.changesInOrderMax) {
    const waiting = lane.next();
    if (waiting === undefined) break;
    const { stream, command, context } = waiting.ask;
    if (isMaker(command) || context.intent !== undefined) break;
    // What is thrown here is thrown again where the command is handled by itself.
    const next = orNull(() => {
      const predicted = predictions.after(last, before);
      const decision = definition.decide(command, predicted.state);
      if (!('events' in decision) || decision.events.length === 0) return null;
      const next = requests.ofDecision(stream, predicted, decision, context);
      refuseUnfit(next);
      return { predicted, request: next };
    });
    if (next === null || !predictions.holds) break;
    lane.take();
    along.push({ waiting, request: next.request });
    size += sizeOf(next.request);
    [last, before] = [next.request, next.predicted];
  }
  return along;
}

const sizeOf = ({ events, effects }: CommitRequest): number =>
  events.length + effects.meta.length + effects.timers.length;

function orNull<T>(work: () => T | null): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}

/** Tells those that went along what came of them; what did not go through waits again, before all others. */
export async function settleAlong<S extends StreamTypes>(
  { cache }: WritePath<S>,
  along: readonly Along<S>[],
  outcomes: readonly PromiseSettledResult<CommitOutcome<S>>[],
  lane: LaneOf<S>,
): Promise<void> {
  const again: Waiting<Asked<S>, Handled<S>>[] = [];
  for (const [index, { waiting, request }] of along.entries()) {
    const came = outcomes[index];
    if (came?.status === 'rejected') {
      waiting.reject(came.reason);
    } else if (came?.value.status !== 'ok') {
      again.push(waiting);
    } else {
      try {
        const events = recorded(request, came.value);
        const before = cache.peek(request.stream) ?? (await cache.load(request.stream));
        const folded = await cache.append(request.stream, before, events);
        waiting.resolve({ status: 'done', events, folded });
      } catch (error) {
        waiting.reject(error);
      }
    }
  }
  lane.putBack(again);
}
