// The writer: RESEARCH_DONE in, one candidate as players will read it out. It chooses by what the game lacks;
// a model, where there is one, only finds the words.

import type { Candidate, Truth } from '../core/claim.ts';
import type { Game } from '../core/game.ts';
import { factsTaken } from '../core/state.ts';
import type { Agent } from '../streams/parts.ts';
import { writerQuestion } from './prompts/writer.ts';
import type { Think } from './think.ts';
import { thinkingAgent } from './thinking-agent.ts';

export interface WriterDeps {
  readonly think: Think;
}

export function createWriter({ think }: WriterDeps): Agent<Game> {
  return thinkingAgent({
    group: 'writer',
    wakesOn: 'RESEARCH_DONE',
    stage: 'draft',
    async work({ room, preparation: { cycleId, truthWanted, work }, within }) {
      const index = chooseCandidate(work.candidates, { truthWanted, taken: factsTaken(room) });
      const candidate = work.candidates[index];
      if (candidate === undefined) return null;
      const { value, origin } = await think({
        question: writerQuestion(candidate),
        embedded: async () => candidate.claim,
        ...(await within()),
      });
      return { type: 'recordDraft', cycleId, draft: { question: value, candidate: index }, origin };
    },
  });
}

/**
 * The index of a candidate: a fact not asked yet before one that was, the wanted truth before the other, then
 * in the researcher's order, which has the best first. Where every fact is taken, any will do: the draft is
 * turned down at once and a new cycle starts.
 */
export function chooseCandidate(
  candidates: readonly Candidate[],
  wish: { truthWanted: Truth; taken: ReadonlySet<string> },
): number {
  const all = candidates.map((candidate, index) => ({ candidate, index }));
  const fresh = all.filter(({ candidate }) => !wish.taken.has(candidate.factKey));
  const pool = fresh.length > 0 ? fresh : all;
  const wanted = pool.find(({ candidate }) => candidate.truth === wish.truthWanted);
  return (wanted ?? pool[0])?.index ?? 0;
}
