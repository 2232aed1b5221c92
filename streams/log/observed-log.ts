// A log with each commit measured and traced. Stands between the write path and the log, and changes
// nothing of either.

import type { Envelope, StreamDefinition, StreamTypes } from '../contract/definition.ts';
import type { CommitOutcome, CommitRequest, EventLog } from '../contract/event-log.ts';
import { attribute, logOf, valkeySystem } from '../trace/attributes.ts';
import type { Attributes, SpanStart, Telemetry } from '../trace/telemetry.ts';
import { rootOf, traceIdOf } from '../trace/traceparent.ts';

export interface Observing<S extends StreamTypes> {
  /** Whether a commit of quiet events is traced, asked for each: thousands come at once. */
  readonly samples?: () => boolean;
  /** Told of every commit that went through, for measurements of the domain's own. */
  readonly onCommit?: (request: CommitRequest<S>, at: number) => void;
}

export function observedLog<S extends StreamTypes>(
  log: EventLog<S>,
  definition: StreamDefinition<S>,
  { tracer, meter }: Telemetry,
  { samples = () => true, onCommit }: Observing<S> = {},
): EventLog<S> {
  const isQuiet = ({ type }: { readonly type: string }): boolean => definition.quiet.has(type);

  function measure(request: CommitRequest<S>, outcome: CommitOutcome<S>, seconds: number): void {
    const [first] = request.events;
    const what = first === undefined ? 'nothing' : isQuiet(first) ? 'quiet' : 'events';
    meter.add('arena_commits_total', { outcome: outcome.status, what });
    meter.observe('arena_commit_duration_seconds', seconds, { what });
    if (outcome.status === 'ok') onCommit?.(request, outcome.at);
  }

  async function observed(
    request: CommitRequest<S>,
    commit: () => Promise<CommitOutcome<S>>,
  ): Promise<CommitOutcome<S>> {
    const since = performance.now();
    const measured = async (): Promise<CommitOutcome<S>> => {
      const outcome = await commit();
      measure(request, outcome, (performance.now() - since) / 1_000);
      return outcome;
    };
    const [first] = request.events;
    if (!tracer.on || first === undefined || (isQuiet(first) && !samples())) return measured();
    return tracer.span(spanOf(definition, tracer.current(), request, first), async (span) => {
      const outcome = await measured();
      span.set(attributesOf(outcome));
      return outcome;
    });
  }

  return {
    ...log,
    commit: (request) => observed(request, () => log.commit(request)),
    commitInOrder: (requests) =>
      log.commitInOrder(requests).map((committed, index) => {
        const request = requests[index];
        return request === undefined ? committed : observed(request, () => committed);
      }),
  };
}

/**
 * Within the span that asks, where that is of the same trace. What a timer or another caller brings about
 * in a trace of the stream's own belongs to it, under its first span, which is sure to be there.
 */
function spanOf<S extends StreamTypes>(
  definition: StreamDefinition<S>,
  asks: string | null,
  { stream, events }: CommitRequest<S>,
  first: Envelope<S>,
): SpanStart {
  const same = asks !== null && traceIdOf(asks) === traceIdOf(first.traceparent);
  const root = rootOf(first.traceparent);
  const ofTrace = { parent: root, ...(asks === null ? {} : { links: [asks] }) };
  const traced = definition.trace.nameOf(first as S['newEvent']) !== null;
  const place = same ? {} : traced ? ofTrace : { parent: null, traceparent: root };
  return {
    name: `commit ${first.type}`,
    kind: 'client',
    // A quiet event has no span beside this one, so it is the one that its event names.
    ...(definition.quiet.has(first.type) ? { traceparent: first.traceparent } : {}),
    ...place,
    attributes: {
      [attribute.system]: valkeySystem,
      [attribute.operation]: 'commit',
      [attribute.operationType]: 'send',
      [attribute.destination]: logOf(definition),
      [attribute.conversation]: stream,
      [attribute.types]: events.map(({ type }) => type),
      ...definition.trace.attributesOf(first as S['newEvent']),
    },
  };
}

function attributesOf(outcome: CommitOutcome): Attributes {
  const rev = 'rev' in outcome ? { [attribute.rev]: outcome.rev } : {};
  const code = outcome.status === 'refused' ? { [attribute.reason]: outcome.code } : {};
  return { [attribute.outcome]: outcome.status, ...rev, ...code };
}
