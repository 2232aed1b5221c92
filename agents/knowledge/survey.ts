// How many claims there are, by source, truth and difficulty, and what loading them costs. Called by the
// command `arena knowledge` and by the test that holds the project to its numbers.

import type { Difficulty, Truth } from '../../core/claim.ts';
import { catalogue } from './catalogue.ts';
import type { KnowledgeSource } from './source.ts';

export type Counts = Readonly<Record<Truth, Readonly<Record<Difficulty, number>>>>;

export interface SourceSurvey {
  readonly topic: string;
  readonly source: string;
  /** Facts that can be asked about, whichever way they are told. */
  readonly facts: number;
  readonly counts: Counts;
}

export interface Survey {
  readonly sources: readonly SourceSurvey[];
  readonly total: Readonly<Record<Truth, number>>;
}

/** Loads every source, one after the other. */
export async function surveyKnowledge(sources: readonly KnowledgeSource[] = catalogue): Promise<Survey> {
  const surveys: SourceSurvey[] = [];
  for (const source of sources) {
    const { statements } = await source.load();
    const counts = {
      FACT: { easy: 0, normal: 0, hard: 0 },
      FAKE: { easy: 0, normal: 0, hard: 0 },
    };
    for (const { truth, difficulty } of statements) counts[truth][difficulty]++;
    const facts = new Set(statements.map((statement) => statement.factKey)).size;
    surveys.push({ topic: source.topic, source: source.name, facts, counts });
  }
  return { sources: surveys, total: { FACT: totalOf(surveys, 'FACT'), FAKE: totalOf(surveys, 'FAKE') } };
}

function totalOf(surveys: readonly SourceSurvey[], truth: Truth): number {
  const perSource = surveys.map(
    ({ counts }) => counts[truth].easy + counts[truth].normal + counts[truth].hard,
  );
  return perSource.reduce((sum, count) => sum + count, 0);
}
