// What a topic typed by a person means here: the title of one of our topics, a word that belongs to one, or
// nothing we know, and then any source will do. Called by `knowledge.ts`.

import { plain } from './reading.ts';
import type { KnowledgeSource } from './source.ts';

/** Titles in the order of the catalogue, each once. */
export function titlesOf(sources: readonly KnowledgeSource[]): string[] {
  return [...new Set(sources.map((source) => source.topic))];
}

/** The sources for a topic. All of them where it is null or means nothing to us. */
export function sourcesFor(
  topic: string | null,
  sources: readonly KnowledgeSource[],
): readonly KnowledgeSource[] {
  if (topic === null) return sources;
  const asked = plain(topic);
  const titled = sources.filter((source) => plain(source.topic) === asked);
  if (titled.length > 0) return titled;
  const words = asked.match(/[\p{L}\p{N}]+/gu)?.map(stem) ?? [];
  const scored = sources.map((source) => ({ source, score: score(source, words) }));
  const best = Math.max(...scored.map((entry) => entry.score));
  return best === 0 ? sources : scored.filter((entry) => entry.score === best).map((entry) => entry.source);
}

function score(source: KnowledgeSource, words: readonly string[]): number {
  const own = new Set(
    [source.topic, source.name, ...source.keywords].flatMap((word) => plain(word).split(/[\s-]+/)).map(stem),
  );
  return words.filter((word) => own.has(word)).length;
}

/** Plurals and the like fall together: "countries" and "country", "planets" and "planet". */
function stem(word: string): string {
  return word.replace(/ies$/, 'y').replace(/(?<=...)s$/, '');
}
