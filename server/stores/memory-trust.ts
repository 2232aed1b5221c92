// The server's Search, as far as it proves itself. Until then, and whenever it fails, finds other neighbours
// or lacks a question, the exact search answers: those who ask never notice, and operators are told.

import { limits } from '../../core/limits.ts';
import { isAway } from '../../streams/engine.ts';
import { asFault } from '../../streams/parts.ts';
import { untold } from '../health/shortfalls.ts';
import type { MemoryIndex, Query } from './memory-index.ts';
import { createJudge, type Judged } from './memory-judge.ts';
import { type Trying, whyNot } from './modules.ts';

export function createTrustedIndex(judged: Judged, trying: Trying = {}): MemoryIndex {
  const { exact, search } = judged;
  const trust = createTrust(judged, trying);

  /** Null where the exact search has to answer. */
  async function byServer(query: Query): Promise<readonly string[] | null> {
    if (!(await trust.holds(query))) return null;
    try {
      return await search.find(query);
    } catch (error) {
      trust.lost(whyNot(error));
      return null;
    }
  }

  return {
    async find(query) {
      const found = await byServer(query);
      if (found !== null && found.length >= query.count) return found;
      // Fewer than were asked for: either there are no more, or it has lost some.
      const nearest = await exact.find(query);
      if (found !== null && nearest.length > found.length) trust.doubt();
      return nearest;
    },
  };
}

function createTrust(judged: Judged, trying: Trying) {
  const { tell = untold, clock = () => performance.now() } = trying;
  const { restMs = limits.moduleRestMs, fillMs = limits.searchFillMsMax } = trying;
  const judge = createJudge(judged, { fillMs, clock });
  let trust: 'none' | 'trying' | 'whole' = 'none';
  let restsUntil = Number.NEGATIVE_INFINITY;
  let checkedAt = 0;

  /** Not awaited by those who search. */
  function tryAgain(): void {
    if (trust !== 'none' || clock() < restsUntil || !judged.open()) return;
    trust = 'trying';
    judge.trial().then(
      (why) => (why === null ? trusted() : lost(why)),
      (error: unknown) => {
        if (!isAway(asFault(error))) throw error;
        // That says nothing of its Search.
        trust = 'none';
        rest();
      },
    );
  }

  function trusted(): void {
    trust = 'whole';
    checkedAt = clock();
    tell('search_unusable', null);
  }

  function lost(why: string): void {
    trust = 'none';
    tell('search_unusable', why);
    rest();
  }

  /** Also where no search comes it is tried again: what is told as broken may be well by now. */
  function rest(): void {
    restsUntil = clock() + restMs;
    setTimeout(tryAgain, restMs + 1).unref();
  }

  return {
    lost,
    /** Compares now and then; `query`: what is asked now. */
    async holds(query: Query): Promise<boolean> {
      tryAgain();
      if (trust !== 'whole' || clock() - checkedAt <= limits.searchCheckEveryMs) return trust === 'whole';
      checkedAt = clock();
      const why = await judge.disagreement([query]);
      if (why !== null) lost(why);
      return why === null;
    },
    /** Another trial decides. */
    doubt(): void {
      if (trust !== 'whole') return;
      trust = 'none';
      tryAgain();
    },
  };
}
