// Claims of our own in several wordings, a fair share of every source: for measuring whether a repeat is
// recognised, and for learning which words are usual in which kind of statement.

import { catalogue } from '../../agents/knowledge/catalogue.ts';
import { readAssertion, type Statement } from '../../agents/knowledge/source.ts';
import type { Corpus } from '../../agents/memory/hashed-embedder.ts';
import { stemsOf } from '../../agents/memory/text-features.ts';

/** One fact: as it was asked, and other wordings of the same statement. */
export interface Reworded {
  readonly factKey: string;
  readonly asked: string;
  readonly again: readonly string[];
}

/** At most `perSource` facts of each source, evenly spread over it, each with up to two further wordings. */
export async function ownWordings(perSource: number): Promise<Reworded[]> {
  const all: Reworded[] = [];
  for (const source of catalogue) {
    const { statements } = await source.load();
    const byFact = [...new Map(statements.map((statement) => [statement.factKey, statement])).values()];
    all.push(...evenly(byFact, perSource).map(reworded));
  }
  return all;
}

function reworded(statement: Statement): Reworded {
  const asked = statement.write(0).claim;
  const others = [1, 2].map((wording) => statement.write(wording).claim);
  const again = [...new Set(others)].filter((claim) => claim !== asked);
  return { factKey: statement.factKey, asked, again };
}

function evenly<T>(items: readonly T[], count: number): T[] {
  const step = Math.max(1, items.length / count);
  return Array.from(
    { length: Math.min(count, items.length) },
    (_, index) => items[Math.floor(index * step)],
  ).flatMap((item) => (item === undefined ? [] : [item]));
}

const statementsPerKind = 300;
const wordings = [0, 1, 2, 3];
// From so many texts on a share says something, and from so large a share on a word is usual.
const textsMin = 80;
const usualPercent = 4;

/** Which stems are usual in which kind of statement, in percent of its texts. */
export async function learnCorpus(): Promise<Corpus> {
  const loaded = await Promise.all(catalogue.map((source) => source.load()));
  const byKind = Map.groupBy(
    loaded.flatMap(({ statements }) => statements),
    ({ assertion }) => readAssertion(assertion)?.predicate ?? 'other',
  );
  const corpus: Record<string, Record<string, number>> = {};
  for (const [kind, statements] of byKind) {
    const texts = evenly(statements, statementsPerKind).flatMap((statement) =>
      wordings.map((wording) => statement.write(wording).claim),
    );
    if (texts.length < textsMin) continue;
    const counts = new Map<string, number>();
    for (const stem of texts.flatMap((text) => [...new Set(stemsOf(text))])) {
      counts.set(stem, (counts.get(stem) ?? 0) + 1);
    }
    for (const [stem, count] of counts) {
      const percent = Math.round((100 * count) / texts.length);
      if (percent >= usualPercent) corpus[stem] = { ...corpus[stem], [kind]: percent };
    }
  }
  return Object.fromEntries(Object.entries(corpus).sort(([a], [b]) => (a < b ? -1 : 1)));
}
