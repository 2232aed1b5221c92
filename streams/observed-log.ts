// The log of every room, with each commit measured and traced. Stands between the write path and the log, and
// changes nothing of either.

import { decodeTime } from 'ulid';
import type { Envelope } from '../core/events.ts';
import type { CommitOutcome, CommitRequest, EventLog } from '../core/ports.ts';
import { attribute, logDestination, valkeySystem } from '../core/span-names.ts';
import type { Attributes, Meter, SpanStart, Telemetry, Tracer } from '../core/telemetry.ts';
import { rootOf, traceIdOf } from './trace.ts';

/** `samples` says of each commit of an answer whether it is traced: thousands come at once. */
export function observedLog(
  log: EventLog,
  { tracer, meter }: Telemetry,
  samples: () => boolean = () => true,
): EventLog {
  return {
    ...log,
    async commit(request) {
      const since = performance.now();
      const commit = async (): Promise<CommitOutcome> => {
        const outcome = await log.commit(request);
        measure(meter, request, outcome, (performance.now() - since) / 1_000);
        return outcome;
      };
      const [first] = request.events;
      if (!tracer.on || first === undefined || (isAnswer(first) && !samples())) return commit();
      return tracer.span(spanOf(request, first, tracer), async (span) => {
        const outcome = await commit();
        span.set(attributesOf(outcome));
        return outcome;
      });
    },
  };
}

const isAnswer = ({ type }: Envelope): boolean => type === 'ANSWER_SUBMITTED';

function measure(meter: Meter, { events }: CommitRequest, outcome: CommitOutcome, seconds: number): void {
  const [first] = events;
  const what = first === undefined ? 'nothing' : isAnswer(first) ? 'answer' : 'events';
  meter.add('arena_commits_total', { outcome: outcome.status, what });
  meter.observe('arena_commit_duration_seconds', seconds, { what });
  if (outcome.status !== 'ok') return;
  for (const { type, cycleId } of events) {
    if (type !== 'VALIDATION_COMPLETE' || cycleId === null) continue;
    // The id of a cycle tells when it was begun, by the clock of the game master that did.
    const tookMs = Math.max(0, outcome.at - decodeTime(cycleId));
    meter.observe('arena_round_preparation_seconds', tookMs / 1_000, {});
  }
}

/**
 * Within the span that asks, where that is of the same trace. What an alarm or a host brings about in a round
 * belongs to the round's trace, under its first span, which is sure to be there.
 */
function spanOf({ room, events }: CommitRequest, first: Envelope, tracer: Tracer): SpanStart {
  const asks = tracer.current();
  const same = asks !== null && traceIdOf(asks) === traceIdOf(first.traceparent);
  const root = rootOf(first.traceparent);
  const ofRound = { parent: root, ...(asks === null ? {} : { links: [asks] }) };
  const place = same ? {} : first.cycleId === null ? { parent: null, traceparent: root } : ofRound;
  return {
    name: `commit ${first.type}`,
    kind: 'client',
    // An answer has no span beside this one, so it is the one that its event names.
    ...(isAnswer(first) ? { traceparent: first.traceparent } : {}),
    ...place,
    attributes: {
      [attribute.system]: valkeySystem,
      [attribute.operation]: 'commit',
      [attribute.operationType]: 'send',
      [attribute.destination]: logDestination,
      [attribute.conversation]: room,
      [attribute.types]: events.map(({ type }) => type),
      ...roundAttributes(first),
    },
  };
}

/** Which round an event is about, as far as it says. */
export function roundAttributes({
  round,
  cycleId,
  roundId,
}: Pick<Envelope, 'round' | 'cycleId' | 'roundId'>) {
  return {
    ...(round === null ? {} : { [attribute.round]: round }),
    ...(cycleId === null ? {} : { [attribute.cycle]: cycleId }),
    ...(roundId === null ? {} : { [attribute.roundId]: roundId }),
  };
}

function attributesOf(outcome: CommitOutcome): Attributes {
  const rev = 'rev' in outcome ? { [attribute.rev]: outcome.rev } : {};
  const code = outcome.status === 'refused' ? { [attribute.reason]: outcome.code } : {};
  return { [attribute.outcome]: outcome.status, ...rev, ...code };
}
