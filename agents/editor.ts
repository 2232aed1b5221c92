// The editor: DRAFT_READY in, a verdict out. A model sees the question alone; the knowledge looks the
// assertion up in a source of its own. Neither sees the researcher's label: the rules compare the two.

import type { Verdict } from '../core/claim.ts';
import type { Game } from '../core/game.ts';
import type { Agent } from '../streams/parts.ts';
import { judgeCandidate, type Knowledge } from './embedded.ts';
import type { Question } from './model.ts';
import { editorQuestion } from './prompts/editor.ts';
import type { Think } from './think.ts';
import { thinkingAgent } from './thinking-agent.ts';

export interface EditorDeps {
  readonly think: Think;
  readonly knowledge: Knowledge;
  /** 0..1: a verdict less sure than this lets nothing pass. */
  readonly confidenceMin: number;
}

export function createEditor({ think, knowledge, confidenceMin }: EditorDeps): Agent<Game> {
  return thinkingAgent({
    group: 'editor',
    wakesOn: 'DRAFT_READY',
    stage: 'review',
    async work({ preparation: { cycleId, work }, within }) {
      const question: Question<Verdict | null> = editorQuestion(work.question);
      const { value, origin } = await think({
        question,
        embedded: () => judgeCandidate(knowledge, work.candidate, work.question),
        ...(await within()),
      });
      return { type: 'recordVerdict', cycleId, verdict: value, confidenceMin, origin };
    },
  });
}
