// What a room's log says of its models: the latest reply that was of no use, and what had to be mended or
// learned of a server before an answer could be used. Read by `why`.

import type { Origin } from '../../core/claim.ts';
import type { RecordedEvent } from '../../core/events.ts';

/** The latest reply of a model that was of no use. */
export interface ModelFailure {
  readonly rev: number;
  readonly agent: string;
  readonly provider: string;
  readonly error: string;
}

/** The latest answer that could not be used as it came. */
export interface ModelNotes {
  readonly rev: number;
  readonly agent: string;
  readonly provider: string;
  readonly model: string;
  readonly notes: readonly string[];
}

export function lastModelFailure(events: readonly RecordedEvent[]): ModelFailure | null {
  return latest(events, ({ fellBackFrom }, { rev, by }) => {
    const last = fellBackFrom?.at(-1);
    return last === undefined ? null : { rev, agent: by, provider: last.provider, error: last.error };
  });
}

export function lastModelNotes(events: readonly RecordedEvent[]): ModelNotes | null {
  return latest(events, ({ provider, model, notes = [] }, { rev, by }) =>
    notes.length === 0 ? null : { rev, agent: by, provider, model, notes },
  );
}

export function troubleLines(failure: ModelFailure | null, told: ModelNotes | null): string[] {
  const failed = (one: ModelFailure) =>
    `last failure of a model: at revision ${one.rev} the ${one.agent} did without ${one.provider}: ${one.error}`;
  const noted = ({ rev, agent, provider, model, notes }: ModelNotes) =>
    notes.map(
      (note) => `at revision ${rev} the ${agent} could use ${provider} ${model} all the same: ${note}`,
    );
  return [...(failure === null ? [] : [failed(failure)]), ...(told === null ? [] : noted(told))];
}

function latest<T>(
  events: readonly RecordedEvent[],
  of: (origin: Origin, event: RecordedEvent) => T | null,
): T | null {
  for (const event of events.toReversed()) {
    const made =
      event.type === 'RESEARCH_DONE' || event.type === 'DRAFT_READY' || event.type === 'VALIDATION_COMPLETE';
    const found = made ? of(event.data.origin, event) : null;
    if (found !== null) return found;
  }
  return null;
}
