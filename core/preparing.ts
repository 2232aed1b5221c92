// What agents hand in. A cycle fences the work: what comes for a cycle or a stage that is no longer current
// is stale.

import type { CommandOf } from './commands.ts';
import { type Decision, gameScope, stale } from './decision.ts';
import { keys } from './effect-names.ts';
import type { EventScope } from './events.ts';
import type { CycleId } from './ids.ts';
import { factsTaken, type Preparation, type Room, type Work } from './state.ts';

type AtStage<S extends Work['stage']> = Preparation & { readonly work: Extract<Work, { stage: S }> };

/** The preparation of a cycle if it is current and waits for this stage. */
export function waitingFor<S extends Work['stage']>(
  room: Room,
  cycleId: CycleId,
  stage: S,
): AtStage<S> | null {
  const found = room.preparing.find((preparation) => preparation.cycleId === cycleId);
  return found?.work.stage === stage ? (found as AtStage<S>) : null;
}

export function cycleScope(room: Room, cycleId: CycleId): EventScope {
  return { ...gameScope(room), cycleId };
}

export function recordResearch(command: CommandOf<'recordResearch'>, room: Room): Decision {
  const { cycleId, origin } = command;
  if (waitingFor(room, cycleId, 'research') === null) return stale;
  const data = { candidates: [...command.candidates], origin, stageMs: room.pace.stageMs };
  return {
    key: keys.research(cycleId),
    events: [{ type: 'RESEARCH_DONE', ...cycleScope(room, cycleId), data }],
  };
}

// A refusal by the rules costs nothing.
const ruled = { provider: 'rules', model: 'core', ms: 0 } as const;

/** A draft about a fact that was taken meanwhile is turned down at once, so that no fact is asked twice. */
export function recordDraft(command: CommandOf<'recordDraft'>, room: Room): Decision {
  const { cycleId, draft, origin } = command;
  const preparation = waitingFor(room, cycleId, 'draft');
  const candidate = preparation?.work.candidates[draft.candidate];
  if (preparation === null || candidate === undefined) return stale;
  const scope = cycleScope(room, cycleId);
  const data = { draft, candidate, origin, stageMs: room.pace.stageMs };
  const ready = { type: 'DRAFT_READY', ...scope, data } as const;
  const key = keys.draft(cycleId);
  if (!factsTaken(room).has(candidate.factKey)) return { key, events: [ready] };
  const refusal = { approved: false, reason: 'repeat', verdict: null, origin: ruled };
  return { key, events: [ready, { type: 'VALIDATION_COMPLETE', ...scope, data: refusal }] };
}

/**
 * The claim goes on only if the editor's truth agrees with the researcher's label, with enough confidence.
 */
export function recordVerdict(command: CommandOf<'recordVerdict'>, room: Room): Decision {
  const { cycleId, verdict, confidenceMin, origin } = command;
  const preparation = waitingFor(room, cycleId, 'review');
  if (preparation === null) return stale;
  const reason = objection(verdict, preparation.work.candidate.truth, confidenceMin);
  const data = { approved: reason === null, reason, verdict, origin };
  return {
    key: keys.review(cycleId),
    events: [{ type: 'VALIDATION_COMPLETE', ...cycleScope(room, cycleId), data }],
  };
}

function objection(
  verdict: CommandOf<'recordVerdict'>['verdict'],
  label: string,
  confidenceMin: number,
): string | null {
  if (verdict === null) return 'cannot judge';
  if (verdict.truth !== label) return `disagreement: researcher ${label}, editor ${verdict.truth}`;
  if (verdict.confidence < confidenceMin) return `confidence ${verdict.confidence} below ${confidenceMin}`;
  return null;
}
