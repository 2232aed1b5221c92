// What a bot knows: every wording of every claim in the data, and whether it is true. Players are not sent
// the truth before the result, so a bot that is to be right with a given probability has to look it up here.

import { catalogue } from '../../../agents/knowledge/catalogue.ts';
import type { Truth } from '../../../core/claim.ts';

const wordingsMax = 12;

/** Null for a claim that is not from the data. */
export async function knownTruths(): Promise<(question: string) => Truth | null> {
  const known = new Map<string, Truth>();
  for (const source of catalogue) {
    const { statements } = await source.load();
    for (const statement of statements) {
      for (let wording = 0; wording < wordingsMax; wording++) {
        const { claim } = statement.write(wording);
        if (known.has(claim)) break;
        known.set(claim, statement.truth);
      }
    }
  }
  return (question) => known.get(question) ?? null;
}
