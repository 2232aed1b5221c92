// What the researcher asks a model for: statements that are true and statements that only sound so, in two
// lists, because a small model keeps lists apart better than labels. Candidates that cannot be used are
// dropped one by one.

import { z } from 'zod';
import { Candidate, type Difficulty, type Truth } from '../../core/claim.ts';
import { limits } from '../../core/limits.ts';
import { isEnglish } from '../english.ts';
import { factKeyOf } from '../fact-key.ts';
import type { Question } from '../model.ts';
import { contradiction } from './contradiction.ts';
import { tellsItsTruth, withoutLabel } from './giveaway.ts';
import { plainOf, unfit } from './plain-text.ts';
import { sourceOf } from './sources.ts';
import { clip, dataRule, quoted } from './wording.ts';

export interface ResearchBrief {
  /** As a person may have typed it. */
  readonly topic: string;
  readonly difficulty: Difficulty;
  /** Facts that no candidate may be about. */
  readonly avoid: ReadonlySet<string>;
  /** Questions of this room that were about the topic. */
  readonly asked: readonly string[];
}

const instructions = `You research for a party game in which people hear one statement and say whether it is FACT or FAKE.
Find statements about the topic that is given as data: some facts, and some fakes, as many as asked for.

- A fact is surprising but certainly true, and settled: no forecasts, no opinions, nothing that changes from month to month.
- A fake is certainly false but sounds as likely as a fact: a well-known confusion, a near value, a neighbour. Never absurd.
- Each is one self-contained English sentence of at most 160 characters that names its subject. It contains no word about
  whether it is true, and no hint.
- evidence: one or two English sentences that tell players why it is true, or what is true instead, with the values.
- sourceName and sourceUrl: where this can be looked up: a reference work, an institution, a journal; the full https address.
- difficulty easy: most adults could know it; normal: few could; hard: experts hesitate.
- Stay away from everything in alreadyAsked.
- If the topic is no topic, or one unfit for a family game, choose general knowledge.

${dataRule}`;

const Found = z.object({
  statement: z.string().describe('one self-contained sentence, at most 160 characters'),
  evidence: z.string().describe('why it is true, or what is true instead'),
  sourceName: z.string(),
  sourceUrl: z.string().describe('full https address'),
});
type Found = z.infer<typeof Found>;

export function researcherQuestion(brief: ResearchBrief): Question<Candidate[]> {
  const { topic, difficulty, avoid, asked } = brief;
  const each = limits.candidatesAskedPerTruth;
  const alreadyAsked = [...asked, ...[...avoid].slice(-limits.avoidedFactsNamed)];
  const notes: string[] = [];
  return {
    name: 'candidates',
    instructions,
    input: `Find ${each} facts and ${each} fakes.\n${quoted({ topic, difficulty, alreadyAsked })}`,
    temperature: 0.9,
    schema: schemaFor(brief, notes),
    notes: () => notes,
  };
}

function schemaFor(brief: ResearchBrief, notes: string[]): z.ZodType<Candidate[]> {
  // No least length in the shape: not every provider takes a schema with such a keyword. An empty list fails
  // below.
  const some = z.array(Found);
  return z.object({ facts: some, fakes: some }).transform(({ facts, fakes }, context) => {
    const both = inBoth(facts, fakes);
    const problems: string[] = [];
    const usable = (found: Found[], truth: Truth): Candidate[] => {
      const candidates = found.flatMap((one) => {
        const candidate = candidateOf(one, truth, brief);
        const twice = typeof candidate !== 'string' && both.has(skeleton(one));
        const made = twice ? 'a statement stands among facts and fakes' : candidate;
        if (typeof made !== 'string') return [made];
        problems.push(made);
        return [];
      });
      const different = distinct(candidates);
      if (different.length < candidates.length) problems.push('a statement is about the fact of another');
      return different.slice(0, limits.candidatesMax / 2);
    };
    const [true_, false_] = [usable(facts, 'FACT'), usable(fakes, 'FAKE')];
    notes.splice(0, notes.length, ...problems.map((problem) => `left out: ${problem}`));
    if (true_.length > 0 && false_.length > 0) return [...true_, ...false_];
    const none = true_.length === 0 ? 'facts' : 'fakes';
    const why = problems.length === 0 ? 'the list is empty' : [...new Set(problems)].join('; ');
    context.addIssue(`none of the ${none} can be used: ${why}`);
    return z.NEVER;
  });
}

/** The candidate, or why there is none. */
function candidateOf(found: Found, truth: Truth, { topic, difficulty, avoid }: ResearchBrief) {
  const claim = claimOf(found);
  const evidence = plainOf(found.evidence).text;
  const sourced = sourceOf(found.sourceName, found.sourceUrl);
  const factKey = factKeyOf(claim);
  if (claim.length > limits.questionCharsMax) return `a statement has ${claim.length} characters`;
  const [bad, badEvidence] = [unfit(claim), unfit(evidence)];
  if (bad !== null) return `a statement ${bad}`;
  if (badEvidence !== null) return `the evidence for a statement ${badEvidence}`;
  if (!isEnglish(`${claim} ${evidence}`)) return 'a statement is not English';
  if (tellsItsTruth(claim)) return 'a statement gives its own answer away';
  if (avoid.has(factKey)) return 'a statement was asked already';
  if ('problem' in sourced) return `a ${sourced.problem}`;
  const against = contradiction(claim, evidence, truth);
  if (against !== null) return against;
  const explanation = clip(evidence, limits.explanationCharsMax);
  const made = {
    claim,
    truth,
    factKey,
    assertion: null,
    topic,
    difficulty,
    explanation,
    source: sourced.source,
  };
  const checked = Candidate.safeParse(made);
  return checked.success ? checked.data : z.prettifyError(checked.error).replace(/\s+/g, ' ');
}

const claimOf = ({ statement }: Found): string => withoutLabel(plainOf(statement).text);

const skeleton = (found: Found): string =>
  claimOf(found)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ');

/** Statements that a model offers as facts and as fakes: it knows neither. */
function inBoth(facts: readonly Found[], fakes: readonly Found[]): ReadonlySet<string> {
  const among = new Set(facts.map(skeleton));
  return new Set(fakes.map(skeleton).filter((one) => among.has(one)));
}

function distinct(candidates: readonly Candidate[]): Candidate[] {
  return [...new Map(candidates.map((candidate) => [candidate.factKey, candidate])).values()];
}
