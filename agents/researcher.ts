// The researcher: START_ROUND in, candidates out, factual and misleading. Holds nothing; any number of them
// may run.

import type { Game } from '../core/game.ts';
import { limits } from '../core/limits.ts';
import { factsTaken } from '../core/state.ts';
import type { Agent } from '../streams/parts.ts';
import { type Knowledge, nearestCandidates } from './embedded.ts';
import type { Recall } from './memory/recall.ts';
import { researcherQuestion } from './prompts/researcher.ts';
import type { Think } from './think.ts';
import { thinkingAgent } from './thinking-agent.ts';

export interface ResearcherDeps {
  readonly think: Think;
  readonly knowledge: Knowledge;
  readonly recall: Recall;
  /** 0..1, evenly spread. */
  readonly random: () => number;
}

export function createResearcher({ think, knowledge, recall, random }: ResearcherDeps): Agent<Game> {
  return thinkingAgent({
    group: 'researcher',
    wakesOn: 'START_ROUND',
    stage: 'research',
    async work({ room, preparation: { cycleId, topic, difficulty }, signal, within }) {
      const avoid = factsTaken(room);
      const embedded = () => nearestCandidates(knowledge, { topic, difficulty, avoid, random });
      const asked = await recall.askedAbout(topic, room.room, signal);
      const left = await within();
      const { value, origin } = await think({
        question: researcherQuestion({ topic, difficulty, avoid, asked }),
        embedded,
        ...left,
        // The memory is asked once more, after the models.
        withinMs: left.withinMs - limits.embedMsMax,
      });
      const sifted = await recall.sift(value, room.room, signal);
      const candidates = (sifted.length > 0 ? sifted : await embedded()).slice(0, limits.candidatesMax);
      return candidates.length === 0 ? null : { type: 'recordResearch', cycleId, candidates, origin };
    },
  });
}
