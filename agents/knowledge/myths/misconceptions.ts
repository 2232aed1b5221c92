// Claims from our own tables of misconceptions: the myth is the fake, what is true instead the fact. Each
// entry has two references that do not depend on each other: the first goes with the claim, the second is the
// judge's.

import { hash32 } from '../../../core/hash32.ts';
import { type Asserted, assertionOf, type LoadedSource, type Ruling, type Statement } from '../source.ts';
import type { Misconception } from './misconception.ts';

/** All claims of one table; `predicate` names it. */
export function misconceptionClaims(predicate: string, table: readonly Misconception[]): LoadedSource {
  const byId = new Map(table.map((entry) => [entry.id, entry]));
  return {
    statements: table.flatMap((entry) =>
      [entry.fact, entry.myth].map((wording) => statement(predicate, entry, wording)),
    ),
    judge: (asserted) => judge(asserted, byId),
  };
}

function judge({ subject, object }: Asserted, byId: ReadonlyMap<string, Misconception>): Ruling | null {
  const entry = byId.get(subject);
  const wording = [entry?.fact, entry?.myth].find((sentence) => sentence && codeOf(sentence) === object);
  if (!entry || !wording) return null;
  return {
    truth: wording === entry.fact ? 'FACT' : 'FAKE',
    confidence: 0.94,
    explanation: explain(entry, wording),
    source: entry.sources[1],
    names: [],
    wording,
  };
}

function statement(predicate: string, entry: Misconception, wording: string): Statement {
  return {
    factKey: `misconception:${entry.id}`,
    assertion: assertionOf(predicate, entry.id, codeOf(wording)),
    truth: wording === entry.fact ? 'FACT' : 'FAKE',
    difficulty: entry.difficulty,
    kind: predicate,
    write: () => ({ claim: wording, explanation: explain(entry, wording), source: entry.sources[0] }),
  };
}

/** Names a sentence without saying whether it is the true one. */
function codeOf(sentence: string): string {
  return hash32(sentence).toString(36);
}

function explain(entry: Misconception, wording: string): string {
  return wording === entry.fact ? entry.why : `${entry.fact} ${entry.why}`;
}
