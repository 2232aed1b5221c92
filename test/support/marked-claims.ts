// Claims in which every text is one of a kind, so that it is known again wherever it turns up.

import type { Candidate, Draft, Origin, Truth, Verdict } from '../../core/claim.ts';

export interface MarkedClaim {
  readonly candidates: readonly Candidate[];
  readonly draft: Draft;
  readonly verdict: Verdict;
  readonly origins: { readonly researcher: Origin; readonly writer: Origin; readonly editor: Origin };
  /** Told when it is asked, and not before. */
  readonly question: string;
  /** Told with the result, and not before. */
  readonly toldWithResult: readonly string[];
  /** What it was made of: told to nobody. */
  readonly neverTold: readonly string[];
}

/** `mark` is a word, and `confidence` a number, that stands nowhere else. */
export function markedClaim(mark: string, truth: Truth, confidence: number): MarkedClaim {
  const source = (of: string) => ({ name: `Source ${mark}${of}`, url: `https://example.org/${mark}${of}` });
  const candidate = (of: string, label: Truth): Candidate => ({
    claim: `Claim ${mark}${of} is worth a thought`,
    truth: label,
    factKey: `key:${mark}${of}`,
    assertion: `says|${mark}${of}|so`,
    topic: 'Tests',
    difficulty: 'normal',
    explanation: `Explanation ${mark}${of} of a researcher.`,
    source: source(of),
  });
  const origin = (of: string): Origin => ({ provider: `by${mark}${of}`, model: `model${mark}${of}`, ms: 1 });
  const question = `Question ${mark}asked is worth a thought`;
  const origins = { researcher: origin('find'), writer: origin('write'), editor: origin('edit') };
  const verdict = { truth, confidence, explanation: `Explanation ${mark}told.` };
  return {
    candidates: [candidate('mine', truth), candidate('other', truth === 'FACT' ? 'FAKE' : 'FACT')],
    draft: { question, candidate: 0 },
    verdict: { ...verdict, source: source('told') },
    origins,
    question,
    toldWithResult: [`${mark}told`, `${mark}find`, String(confidence)],
    neverTold: ['mine', 'other', 'write', 'edit'].map((of) => `${mark}${of}`),
  };
}
