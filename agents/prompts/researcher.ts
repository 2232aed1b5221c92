// What the researcher asks a model for: statements that are true and statements that only sound so, in two
// lists, because a small model keeps lists apart better than labels. Candidates that cannot be used are
// dropped one by one.

import { z } from 'zod';
import { Candidate, type Difficulty, type Truth } from '../../core/claim.ts';
import { limits } from '../../core/limits.ts';
import { isEnglish } from '../english.ts';
import { factKeyOf } from '../fact-key.ts';
import type { Question } from '../model.ts';
import { clip, dataRule, oneLine, quoted, sourceOf } from './wording.ts';

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
  return {
    name: 'candidates',
    instructions,
    input: `Find ${each} facts and ${each} fakes.\n${quoted({ topic, difficulty, alreadyAsked })}`,
    temperature: 0.9,
    schema: schemaFor(brief),
  };
}

function schemaFor(brief: ResearchBrief): z.ZodType<Candidate[]> {
  // No least length in the shape: not every provider takes a schema with such a keyword. An empty list fails
  // below.
  const some = z.array(Found);
  return z.object({ facts: some, fakes: some }).transform(({ facts, fakes }, context) => {
    const problems: string[] = [];
    const usable = (found: Found[], truth: Truth): Candidate[] => {
      const candidates = found.flatMap((one) => {
        const made = candidateOf(one, truth, brief);
        if (typeof made !== 'string') return [made];
        problems.push(made);
        return [];
      });
      return distinct(candidates).slice(0, limits.candidatesMax / 2);
    };
    const [true_, false_] = [usable(facts, 'FACT'), usable(fakes, 'FAKE')];
    if (true_.length > 0 && false_.length > 0) return [...true_, ...false_];
    const none = true_.length === 0 ? 'facts' : 'fakes';
    const why = problems.length === 0 ? 'the list is empty' : [...new Set(problems)].join('; ');
    context.addIssue(`none of the ${none} can be used: ${why}`);
    return z.NEVER;
  });
}

/** The candidate, or why there is none. */
function candidateOf(found: Found, truth: Truth, { topic, difficulty, avoid }: ResearchBrief) {
  const claim = oneLine(found.statement);
  const source = sourceOf(found.sourceName, found.sourceUrl);
  const factKey = factKeyOf(claim);
  if (claim.length > limits.questionCharsMax) return `a statement has ${claim.length} characters`;
  if (!isEnglish(`${claim} ${found.evidence}`)) return 'a statement is not English';
  if (avoid.has(factKey)) return 'a statement was asked already';
  if (source === null) return 'a sourceUrl is no full https address';
  const explanation = clip(found.evidence, limits.explanationCharsMax);
  const made = { claim, truth, factKey, assertion: null, topic, difficulty, explanation, source };
  const checked = Candidate.safeParse(made);
  return checked.success ? checked.data : z.prettifyError(checked.error).replace(/\s+/g, ' ');
}

function distinct(candidates: readonly Candidate[]): Candidate[] {
  return [...new Map(candidates.map((candidate) => [candidate.factKey, candidate])).values()];
}
