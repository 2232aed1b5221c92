// `npm run recall [-- pairs.json]`: how often a question that was asked before is found again by another
// wording of it. Prints recall at 1 on our own claims, and on a file of pairs where one is named:
// `{"P": [[text, paraphrase], …], "S": [[text, another question on the same topic], …]}`. `--freeze` learns
// the corpus of our embedder anew and writes it.

import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { createHashedEmbedder } from '../../agents/memory/hashed-embedder.ts';
import type { Embedder } from '../../core/memory.ts';
import { learnCorpus, ownWordings } from './own-wordings.ts';

const factsPerSource = 30;
const corpusFile = new URL('../../agents/memory/corpus.json', import.meta.url);

/** A text that was asked, and what finds it: `key` says which text belongs to which. */
interface Text {
  readonly key: string;
  readonly text: string;
}

/** The share of queries whose nearest text has their key, 0..1. */
export async function recallAt1(embedder: Embedder, asked: readonly Text[], queries: readonly Text[]) {
  const signal = new AbortController().signal;
  const embed = (texts: readonly Text[]) =>
    embedder.embed(
      texts.map(({ text }) => text),
      signal,
    );
  const [known, looking] = [await embed(asked), await embed(queries)];
  const found = looking.filter((vector, index) => {
    const nearest = known.reduce(
      (best, candidate, at) => {
        const similarity = dot(vector, candidate);
        return similarity > best.similarity ? { similarity, at } : best;
      },
      { similarity: -2, at: -1 },
    );
    return asked[nearest.at]?.key === queries[index]?.key;
  });
  return found.length / queries.length;
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
}

/** Every fact of a sample by its first wording, looked for by the others. */
export async function ownRecall(
  embedder: Embedder,
): Promise<{ facts: number; queries: number; recall: number }> {
  const facts = await ownWordings(factsPerSource);
  const asked = facts.map(({ factKey: key, asked: text }) => ({ key, text }));
  const queries = facts.flatMap(({ factKey: key, again }) => again.map((text) => ({ key, text })));
  return { facts: facts.length, queries: queries.length, recall: await recallAt1(embedder, asked, queries) };
}

const Pairs = z.object({
  P: z.array(z.tuple([z.string(), z.string()])),
  S: z.array(z.tuple([z.string(), z.string()])).default([]),
});

async function pairsRecall(embedder: Embedder, file: string): Promise<string[]> {
  const { P, S } = Pairs.parse(JSON.parse(readFileSync(file, 'utf8')));
  const text = (text: string) => ({ key: text, text });
  const asked = [...new Set(P.map(([first]) => first))].map(text);
  const queries = P.map(([key, paraphrase]) => ({ key, text: paraphrase }));
  const decoys = [...new Set(S.map(([, other]) => other))].map(text);
  const alone = await recallAt1(embedder, asked, queries);
  const among = await recallAt1(embedder, [...asked, ...decoys], queries);
  return [
    `${file}: ${queries.length} paraphrases, recall at 1 among the ${asked.length} originals ${alone.toFixed(3)}`,
    `${' '.repeat(file.length)}  with ${decoys.length} decoys on the same topics among them ${among.toFixed(3)}`,
  ];
}

if (import.meta.main) {
  const words = process.argv.slice(2);
  const files = words.filter((word) => !word.startsWith('--'));
  if (words.includes('--freeze'))
    writeFileSync(corpusFile, `${JSON.stringify(await learnCorpus(), null, 1)}\n`);
  const embedder = createHashedEmbedder();
  const own = await ownRecall(embedder);
  console.log(`${embedder.space}, ${embedder.dimensions} dimensions`);
  console.log(
    `own claims: ${own.facts} facts, ${own.queries} other wordings, recall at 1 ${own.recall.toFixed(3)}`,
  );
  for (const file of files) for (const line of await pairsRecall(embedder, file)) console.log(line);
}
