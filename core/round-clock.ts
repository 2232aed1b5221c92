// When a round opens and closes, and how a pause or an extension moves that. Used by the fold and by the
// effects of a commit, so that what people see and what the guards enforce cannot differ.

import { limits } from './limits.ts';
import type { Question } from './state.ts';

/** From the question's appearance to its last moment in ms. `answerMs` null: no clock, so the cap. */
export function closesInMs({ leadMs, answerMs }: { leadMs: number; answerMs: number | null }): number {
  return leadMs + (answerMs === null ? limits.relaxedRoundMsMax : answerMs + limits.graceMs);
}

/** A question without a clock has nothing to extend. */
export function extendedBy(question: Question, ms: number): Question {
  if (question.deadline === null) return question;
  return { ...question, deadline: question.deadline + ms, closesAt: question.closesAt + ms };
}

/** The question as it goes on after a pause; moments in ms. */
export function afterPause(question: Question, pause: { from: number; to: number }): Question {
  const ms = pause.to - pause.from;
  const early = pause.from < question.opensAt;
  return {
    ...question,
    opensAt: early ? question.opensAt + ms : question.opensAt,
    deadline: question.deadline === null ? null : question.deadline + ms,
    // What was overdue when the clock was stopped stays overdue.
    closesAt: question.closesAt < pause.from ? question.closesAt : question.closesAt + ms,
    pauses: early ? question.pauses : [...question.pauses, pause],
  };
}
