// A small knowledge for tests: facts and fakes about squares, which it can make without end and recompute
// from the assertion.

import type { Knowledge } from '../../agents/embedded.ts';
import type { Candidate } from '../../core/claim.ts';

const source = { name: 'A table of squares', url: 'https://example.org/squares' };

/** Squares from `from` on; even numbers come as facts, odd ones as fakes. `topics` are those it knows. */
export function createSquares(from = 1, topics: readonly string[] = ['Squares']): Knowledge {
  return {
    topics: () => topics,
    async candidates({ topic, difficulty, count, avoid }) {
      if (topic !== null && !topics.includes(topic)) return [];
      const found: Candidate[] = [];
      for (let n = from; found.length < count && n < from + 1_000; n++) {
        const candidate = square(n, difficulty ?? 'normal');
        if (!avoid.has(candidate.factKey)) found.push(candidate);
      }
      return found;
    },
    async judge(assertion) {
      const [predicate, n, said] = assertion.split('|');
      if (predicate !== 'square') return null;
      const truth = Number(n) ** 2 === Number(said) ? 'FACT' : 'FAKE';
      return { truth, confidence: 1, explanation: `The square of ${n} is ${Number(n) ** 2}.`, source };
    },
  };
}

function square(n: number, difficulty: Candidate['difficulty']): Candidate {
  const truth = n % 2 === 0 ? 'FACT' : 'FAKE';
  const said = n ** 2 + (truth === 'FACT' ? 0 : 1);
  return {
    claim: `The square of ${n} is ${said}.`,
    truth,
    factKey: `square:${n}`,
    assertion: `square|${n}|${said}`,
    topic: 'Squares',
    difficulty,
    explanation: `The square of ${n} is ${n ** 2}.`,
    source,
  };
}
