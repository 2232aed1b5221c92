// What the writer asks a model for: one candidate, said so that a person understands it at a glance. The
// model sees neither label nor evidence, so it cannot give away what it does not know; what it may not do is
// correct the statement.

import { z } from 'zod';
import type { Candidate } from '../../core/claim.ts';
import { limits } from '../../core/limits.ts';
import { isEnglish } from '../english.ts';
import type { Question } from '../model.ts';
import { giveaway, tellsItsTruth } from './giveaway.ts';
import { plainOf, unfit } from './plain-text.ts';
import { dataRule, quoted } from './wording.ts';

const instructions = `You write for a party game in which people read one statement and say whether it is FACT or FAKE.
Rewrite the statement that is given as data so that it is a pleasure to read aloud.

- Keep exactly what it asserts: every name, number and relation, whether it is true or not. Never correct it.
- One English sentence, or two short ones, at most ${limits.questionCharsMax} characters, understood without any context.
- A statement, not a question. No hint whether it is true, and no words such as "actually", "myth", "allegedly".

${dataRule}`;

export function writerQuestion({ claim }: Candidate): Question<string> {
  const notes: string[] = [];
  return {
    name: 'question',
    instructions,
    input: `Rewrite this statement.\n${quoted({ statement: claim })}`,
    temperature: 0.7,
    schema: schemaFor(claim, notes),
    notes: () => notes,
  };
}

function schemaFor(claim: string, notes: string[]): z.ZodType<string> {
  const Written = z.object({
    statement: z.string().describe(`at most ${limits.questionCharsMax} characters`),
  });
  return Written.transform(({ statement }, context) => {
    const { text: question, mended } = plainOf(statement);
    notes.splice(0, notes.length, ...(mended ? ['the statement was made plain'] : []));
    const problem = whatIsWrong(question, claim);
    if (problem === null) return question;
    context.addIssue(problem);
    return z.NEVER;
  });
}

function whatIsWrong(question: string, claim: string): string | null {
  const { questionCharsMin, questionCharsMax } = limits;
  if (question.length < questionCharsMin) return 'the statement is too short';
  if (question.length > questionCharsMax) {
    return `the statement has ${question.length} characters, at most ${questionCharsMax}`;
  }
  const bad = unfit(question);
  if (bad !== null) return `the statement ${bad}`;
  if (!isEnglish(question)) return 'the statement is not English';
  if (question.endsWith('?')) return 'it is a question, not a statement';
  const added = [...wordsIn(question, giveaway)].find((word) => !wordsIn(claim, giveaway).has(word));
  if (added !== undefined) return `"${added}" gives the answer away`;
  if (tellsItsTruth(question) && !tellsItsTruth(claim)) return 'the statement gives its own answer away';
  const changed = [...numbersIn(question)].find((number) => !numbersIn(claim).has(number));
  if (changed !== undefined) return `the number ${changed} is not in the statement given`;
  return null;
}

function wordsIn(text: string, pattern: RegExp): ReadonlySet<string> {
  return new Set((text.match(pattern) ?? []).map((word) => word.toLowerCase()));
}

function numbersIn(text: string): ReadonlySet<string> {
  return wordsIn(text.replace(/(\d)[,\u2009](?=\d{3})/g, '$1'), /\d+(?:\.\d+)?/g);
}
