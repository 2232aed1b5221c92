// Claims without a model. The thinking agents and the game master ask the knowledge through this port;
// `knowledge/` implements it from data sets.

import type { Candidate, Difficulty, Verdict } from '../core/claim.ts';
import type { EmbeddedClaim } from '../core/commands.ts';
import { limits } from '../core/limits.ts';
import { sinceMs } from './ask.ts';

export interface KnowledgeRequest {
  /** A title, words of a person, or null for any. */
  readonly topic: string | null;
  readonly difficulty: Difficulty | null;
  /** At most so many candidates. */
  readonly count: number;
  /** Fact keys that no candidate may have. */
  readonly avoid: ReadonlySet<string>;
  /** 0..1, evenly spread. */
  readonly random: () => number;
}

/** Facts and plausible fakes with sources. */
export interface Knowledge {
  /** Titles that people choose from. */
  topics(): readonly string[];
  /**
   * Up to `count` candidates with different fact keys, facts and fakes in turn. Where the wish cannot be met,
   * another difficulty comes first and another topic after that; fewer only when nothing at all is left.
   */
  candidates(request: KnowledgeRequest): Promise<Candidate[]>;
  /**
   * What a source other than the one it came from says of an assertion; null where no second source covers
   * it, or where the question does not say what the assertion does.
   */
  judge(assertion: string, question: string): Promise<Verdict | null>;
}

/** The name under which the embedded provider stands in an origin. */
export const embeddedOrigin = { provider: 'embedded', model: 'knowledge' } as const;

export type Wish = Omit<KnowledgeRequest, 'count'>;

/** The same knowledge without facts that were taken back: it draws again where it drew one. */
export function withoutRetracted(
  knowledge: Knowledge,
  retracted: (factKeys: readonly string[]) => Promise<ReadonlySet<string>>,
): Knowledge {
  return {
    ...knowledge,
    async candidates(request) {
      const avoid = new Set(request.avoid);
      for (;;) {
        const found = await knowledge.candidates({ ...request, avoid });
        const gone = await retracted(found.map(({ factKey }) => factKey));
        if (gone.size === 0) return found;
        for (const factKey of gone) avoid.add(factKey);
      }
    },
  };
}

/** Candidates as near to the wish as there are; none only where the knowledge is empty. */
export async function nearestCandidates(knowledge: Knowledge, wish: Wish): Promise<Candidate[]> {
  for await (const found of batches(knowledge, wish)) if (found.length > 0) return found;
  return [];
}

/**
 * One claim whose label and verdict agree, as near to the wish as there is. `clock` in ms, only for
 * differences.
 * @throws Error when the knowledge can vouch for nothing at all, which is a bug in it.
 */
export async function embeddedClaim(
  knowledge: Knowledge,
  wish: Wish,
  clock: () => number = () => performance.now(),
): Promise<EmbeddedClaim> {
  const since = clock();
  for await (const found of batches(knowledge, wish)) {
    for (const candidate of shuffled(found, wish.random)) {
      const verdict = await judgeCandidate(knowledge, candidate, candidate.claim);
      if (verdict?.truth !== candidate.truth) continue;
      return { candidate, verdict, origin: { ...embeddedOrigin, ms: sinceMs(clock, since) } };
    }
  }
  throw new Error('the embedded knowledge has no claim that it can vouch for');
}

/**
 * What the knowledge says of a question; null where a model made the candidate: its words cannot be looked
 * up.
 */
export async function judgeCandidate(
  knowledge: Knowledge,
  { assertion }: Candidate,
  question: string,
): Promise<Verdict | null> {
  return assertion === null ? null : knowledge.judge(assertion, question);
}

/**
 * Ever farther from the wish: without the difficulty, then of any topic, at last, rather than nothing, about
 * facts that were to be avoided.
 */
async function* batches(knowledge: Knowledge, wish: Wish): AsyncGenerator<Candidate[]> {
  const any = { ...wish, topic: null, difficulty: null };
  const wishes: Wish[] = [wish, { ...wish, difficulty: null }, any, { ...any, avoid: new Set() }];
  for (const tried of wishes) {
    yield await knowledge.candidates({ ...tried, count: limits.candidatesMax });
  }
}

/** So that facts and fakes come in any order, in whatever order they were given. */
function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const keyed = items.map((item) => ({ item, key: random() }));
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
}
