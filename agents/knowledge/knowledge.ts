// Claims without a model: facts from open data and our own tables, their bent twins, and a judge that looks
// them up in a second source. The researcher and the editor call it when they run embedded, and whenever
// their model fails.

import { setImmediate as giveWay } from 'node:timers/promises';
import type { Candidate, Truth } from '../../core/claim.ts';
import { limits } from '../../core/limits.ts';
import type { Knowledge, KnowledgeRequest } from '../embedded.ts';
import { catalogue } from './catalogue.ts';
import { once } from './data-file.ts';
import { type Deck, deckOf, weightedOrder } from './draw.ts';
import { asks } from './reading.ts';
import { type KnowledgeSource, type LoadedSource, readAssertion, type Statement } from './source.ts';
import { sourcesFor, titlesOf } from './topics.ts';

interface Shelf {
  readonly source: KnowledgeSource;
  readonly load: () => Promise<{ loaded: LoadedSource; deck: Deck }>;
}

export interface LoadedOnDemand extends Knowledge {
  /** Loads all of it, one source after the other, once something was asked of it; until aborted. */
  loadAllOnceAsked(signal: AbortSignal): Promise<void>;
}

/** `sources` are for tests; nothing is loaded before it is needed. */
export function createKnowledge(sources: readonly KnowledgeSource[] = catalogue): LoadedOnDemand {
  const shelves = new Map(sources.map((source) => [source, shelfOf(source)]));
  const shelvesFor = (chosen: readonly KnowledgeSource[]) =>
    chosen.flatMap((source) => shelves.get(source) ?? []);
  const asked = Promise.withResolvers<void>();
  return {
    async loadAllOnceAsked(signal) {
      const ended = Promise.withResolvers<void>();
      signal.addEventListener('abort', () => ended.resolve(), { once: true });
      if (!signal.aborted) await Promise.race([asked.promise, ended.promise]);
      for (const shelf of shelves.values()) {
        if (signal.aborted) return;
        await shelf.load();
        // A tenth of a second at most; a game that goes on in the same process waits no longer.
        await giveWay();
      }
    },
    topics: () => titlesOf(sources),
    async candidates(request) {
      const chosen = sourcesFor(request.topic, sources);
      const others = sources.filter((source) => !chosen.includes(source));
      // The first question does not wait for more than it needs.
      return fill(request, [shelvesFor(chosen), shelvesFor(others)]).finally(asked.resolve);
    },
    async judge(assertion, question) {
      const asserted = readAssertion(assertion);
      const source = sources.find(({ predicates }) => asserted && predicates.includes(asserted.predicate));
      const shelf = source && shelves.get(source);
      if (!asserted || !shelf) return null;
      const ruling = (await shelf.load()).loaded.judge(asserted);
      if (!ruling || !asks(question, ruling)) return null;
      const { truth, confidence, explanation, source: reference } = ruling;
      return { truth, confidence, explanation, source: reference };
    },
  };
}

function shelfOf(source: KnowledgeSource): Shelf {
  return {
    source,
    load: once(async () => {
      const loaded = await source.load();
      return { loaded, deck: deckOf(loaded) };
    }),
  };
}

async function fill(request: KnowledgeRequest, tiers: readonly (readonly Shelf[])[]): Promise<Candidate[]> {
  const taken = new Set(request.avoid);
  const found: Candidate[] = [];
  let truth: Truth = request.random() < 0.5 ? 'FACT' : 'FAKE';
  // A truth that has run out is replaced by the other one, once.
  for (let misses = 0; found.length < request.count && misses < 2; ) {
    const drawn = await drawOne({ ...request, taken, truth }, tiers);
    truth = truth === 'FACT' ? 'FAKE' : 'FACT';
    if (drawn === null) {
      misses++;
      continue;
    }
    misses = 0;
    taken.add(drawn.statement.factKey);
    found.push(candidateOf(drawn.statement, drawn.source));
  }
  return found;
}

async function drawOne(
  wanted: KnowledgeRequest & { taken: ReadonlySet<string>; truth: Truth },
  tiers: readonly (readonly Shelf[])[],
): Promise<{ statement: Statement; source: KnowledgeSource } | null> {
  for (const shelves of tiers) {
    // By topic first, so that a topic of many sources does not crowd out the others.
    const order = byTopic(shelves, wanted.random);
    for (const difficulty of wanted.difficulty === null ? [null] : [wanted.difficulty, null]) {
      for (const shelf of order) {
        const { deck } = await shelf.load();
        const statement = deck.draw({ ...wanted, difficulty });
        if (statement) return { statement, source: shelf.source };
      }
    }
  }
  return null;
}

function byTopic(shelves: readonly Shelf[], random: () => number): Shelf[] {
  const topics = titlesOf(shelves.map((shelf) => shelf.source));
  const weightOf = (topic: string) =>
    Math.sqrt(
      shelves
        .filter(({ source }) => source.topic === topic)
        .reduce((sum, { source }) => sum + source.weight, 0),
    );
  return weightedOrder(topics, weightOf, random).flatMap((topic) =>
    weightedOrder(
      shelves.filter((shelf) => shelf.source.topic === topic),
      (shelf) => shelf.source.weight,
      random,
    ),
  );
}

function candidateOf(statement: Statement, source: KnowledgeSource): Candidate {
  const { factKey, assertion, truth, difficulty } = statement;
  const { claim, explanation, source: reference } = statement.write();
  return {
    claim,
    truth,
    factKey,
    assertion,
    topic: source.topic.slice(0, limits.topicCharsMax),
    difficulty,
    explanation,
    source: reference,
  };
}
