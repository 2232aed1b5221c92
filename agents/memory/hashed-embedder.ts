// Our own embedder: no model, no download, 0.1 ms a text. Rare words and their letter groups are hashed into
// one part; what kind of statement it is ("borders", "melting points") into another, from a table of which
// words are usual in which kind. The table is frozen: `corpus.json`, made by `npm run recall -- --freeze`.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hash32 } from '../../core/hash32.ts';
import type { Embedder } from '../../core/memory.ts';
import { featuresOf } from './text-features.ts';

/** For each stem, in how many of a hundred statements of a kind it stands, where it is usual. */
export type Corpus = Readonly<Record<string, Readonly<Record<string, number>>>>;

const dimensions = 384;
// Words that are usual nowhere count as if they stood in two statements of a hundred: rarer than that is
// chance.
const rarePercent = 2;
// Against the words' part: two statements of one kind are never as near as two about one thing.
const kindWeight = 0.5;

export function createHashedEmbedder(corpus: Corpus = frozenCorpus()): Embedder {
  const version = createHash('sha256').update(JSON.stringify(corpus)).digest('hex').slice(0, 8);
  return {
    space: `hashed${dimensions}_v1_${version}`,
    dimensions,
    async embed(texts, signal) {
      signal.throwIfAborted();
      return texts.map((text) => embedText(text, corpus));
    },
  };
}

function frozenCorpus(): Corpus {
  return JSON.parse(readFileSync(new URL('corpus.json', import.meta.url), 'utf8'));
}

function embedText(text: string, corpus: Corpus): Float32Array {
  const words = new Float32Array(dimensions);
  const kinds = new Map<string, number>();
  for (const { name, stem, weight } of featuresOf(text)) {
    const usual = corpus[stem] ?? {};
    const percent = Math.max(rarePercent, ...Object.values(usual));
    put(words, name, weight * Math.log(1 + 100 / percent));
    if (name === `w:${stem}`) addKinds(kinds, usual);
  }
  const kindPart = new Float32Array(dimensions);
  for (const [kind, weight] of kinds) put(kindPart, `kind:${kind}`, weight);
  const [a, b] = [unit(words), unit(kindPart)];
  return unit(a.map((value, index) => value + kindWeight * (b[index] ?? 0)));
}

/** A word speaks for a kind as far as it is more usual there than elsewhere. */
function addKinds(kinds: Map<string, number>, usual: Readonly<Record<string, number>>): void {
  const all = Object.values(usual).reduce((sum, percent) => sum + percent, 0);
  for (const [kind, percent] of Object.entries(usual)) {
    kinds.set(kind, (kinds.get(kind) ?? 0) + percent / all);
  }
}

/** Adds a feature at the place, and with the sign, that its name hashes to. */
function put(vector: Float32Array, name: string, weight: number): void {
  const hash = hash32(name);
  const place = hash % dimensions;
  vector[place] = (vector[place] ?? 0) + (hash & 0x80000000 ? -weight : weight);
}

/** The vector at length 1; one without any direction stays as it is. */
export function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((value) => value / length);
}
