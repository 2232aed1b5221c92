// Memory, retractions and ledger for tests that are about something else: the memory in a map, searched by
// comparing; the others as plain as they can be.

import type { Asking } from '../../agents/ask.ts';
import type { Ledger } from '../../agents/budget.ts';
import type { Recall } from '../../agents/memory/recall.ts';
import { nothingSpent, plusCost, type Spent } from '../../core/claim.ts';
import type { Memory, PlayedQuestion, Retractions } from '../../core/memory.ts';

export function memoryInAMap(): Memory {
  const kept = new Map<string, { played: PlayedQuestion; embedding: Float32Array }>();
  const reached = new Map<string, number>();
  return {
    rememberedTo: async (room, epoch) => reached.get(`${room} ${epoch}`) ?? 0,
    async remember({ room, epoch, rev, questions }) {
      for (const one of questions) if (!kept.has(one.played.roundId)) kept.set(one.played.roundId, one);
      reached.set(`${room} ${epoch}`, Math.max(rev, reached.get(`${room} ${epoch}`) ?? 0));
    },
    async nearest({ embedding, room, count }) {
      const rows = [...kept.values()].filter(({ played }) => room === null || played.room === room);
      const dot = (other: Float32Array) => other.reduce((sum, x, i) => sum + x * (embedding[i] ?? 0), 0);
      return rows
        .map(({ played, embedding: vector }) => ({ ...played, similarity: dot(vector) }))
        .sort((a, b) => b.similarity - a.similarity)
        .slice(0, count);
    },
  };
}

export function retractionsInASet(retracted = new Set<string>()): Retractions {
  return {
    async add(factKeys) {
      for (const factKey of factKeys) retracted.add(factKey);
    },
    among: async (factKeys) => new Set(factKeys.filter((factKey) => retracted.has(factKey))),
  };
}

/** For models that cost nothing and take no time. */
export const freeOfCharge: Asking = { clock: () => 0, prices: {}, onCost: async () => undefined };

/** Remembers nothing, so candidates stay as they are. */
export const noRecall: Recall = {
  sift: async (candidates) => [...candidates],
  askedAbout: async () => [],
  retracted: async () => new Set(),
};

export function ledgerInAVariable(): Ledger {
  let spent: Spent = nothingSpent;
  return {
    async add(cost) {
      spent = plusCost(spent, cost);
    },
    today: async () => spent,
  };
}
