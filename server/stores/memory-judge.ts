// Judges the server's Search by what it finds: whether its index has every question, and whether the nearest
// that it gives are the nearest. The exact search is the measure.

import type { RoomCode } from '../../core/ids.ts';
import { limits } from '../../core/limits.ts';
import { backoffMs, pause } from '../../streams/parts.ts';
import type { Entry, ExactIndex, Near } from './memory-exact.ts';
import type { Query } from './memory-index.ts';
import type { SearchIndex } from './memory-search.ts';
import { whyNot } from './modules.ts';

export interface Judge {
  /** Makes the index and waits until it is filled. Null where it is as it should be, else why not. */
  trial(): Promise<string | null>;
  /** Null where both find what is equally near, else what Search did. */
  disagreement(queries: readonly Query[]): Promise<string | null>;
}

export interface Judged {
  readonly exact: ExactIndex;
  readonly search: SearchIndex;
  /** Null where Search finds what is known in an index of its own, else why not. */
  readonly tryOut: () => Promise<string | null>;
  /** Puts questions that stand in another form into the one that is searched. */
  readonly tidy: () => Promise<void>;
  /** Whether anybody asks still. */
  readonly open: () => boolean;
  readonly dimensions: number;
}

const samplesMax = 16;
// Of the digits that are kept, and of how a module rounds.
const tolerance = 1e-4;

/**
 * `fillMs`: how long a new index may take within one trial. `clock` in ms. Both methods throw Fault when the
 * store is away.
 */
export function createJudge(
  judged: Judged,
  { fillMs, clock }: { fillMs: number; clock: () => number },
): Judge {
  const { exact, search, tryOut, tidy, open, dimensions } = judged;
  // What the index lacked at the end of the trial before; null where it was whole, or made anew.
  let lackedBefore: number | null = null;

  /** A new index takes in what there is in the background. Gives how many questions it lacks in the end. */
  async function untilWhole(): Promise<number> {
    const since = clock();
    for (let looks = 1; ; looks++) {
      const lacking = await lackingIn(search, await exact.all());
      if (lacking === 0 || clock() - since > fillMs || !open()) return lacking;
      await pause(backoffMs(looks, 0), new AbortController().signal);
    }
  }

  async function disagreement(queries: readonly Query[]): Promise<string | null> {
    for (const query of queries) {
      const before = await exact.near(query);
      const found = await search.find(query).catch(whyNot);
      if (typeof found === 'string') return found;
      const alike = (nearest: Near) =>
        areNearest(found, nearest, (id) => exact.similarity(id, query.embedding));
      // What was remembered between the two is no disagreement.
      if (!alike(before) && !alike(await exact.near(query)))
        return 'it found other neighbours than the nearest';
    }
    return null;
  }

  return {
    disagreement,
    async trial() {
      const why = await tryOut();
      if (why !== null) return why;
      await tidy();
      // It may be there already; whether it is the right one is seen by what it finds.
      const refused = await search.create().then(() => null, whyNot);
      const said = await search.find(anything(dimensions)).catch(whyNot);
      if (typeof said === 'string') return refused ?? said;
      const lacking = await untilWhole();
      const stands = lackedBefore !== null && lacking >= lackedBefore;
      lackedBefore = stands || lacking === 0 ? null : lacking;
      const all = await exact.all();
      if (lacking === 0) return disagreement(samplesOf([...all.values()]));
      // Of another make, or stuck: the next trial begins with a new one.
      if (stands) await search.drop().catch(whyNot);
      return `its index lacks ${lacking} of ${all.size} questions`;
    },
  };
}

/** Every question is looked for by its own vector, or found on the way. */
async function lackingIn(search: SearchIndex, entries: ReadonlyMap<string, Entry>): Promise<number> {
  let lacking = 0;
  for (const [room, all] of Map.groupBy(entries, ([, entry]) => entry.room)) {
    const missing = new Set(all.map(([id]) => id));
    for (const [id, { embedding }] of all) {
      if (!missing.has(id)) continue;
      for (const found of await nearIn(search, { room, embedding, count: all.length })) missing.delete(found);
      if (missing.has(id)) break;
    }
    lacking += missing.size;
  }
  return lacking;
}

async function nearIn(search: SearchIndex, { room, embedding, count }: Query & { room: RoomCode }) {
  const query = { embedding, room, count: Math.min(count, limits.searchRowsMax) };
  const found = await search.find(query).catch(whyNot);
  return typeof found === 'string' ? [] : found;
}

/** Some questions among all, as a game asks for what is near them. */
function samplesOf(entries: readonly Entry[]): Query[] {
  const step = Math.max(1, Math.floor(entries.length / samplesMax));
  return entries
    .filter((_, index) => index % step === 0)
    .flatMap(({ embedding, room }) => [
      { embedding, room: null, count: limits.likesLookedAt },
      { embedding, room, count: limits.askedQuestionsNamed },
    ]);
}

/** Of several that are equally near any may be given. */
function areNearest(found: readonly string[], nearest: Near, similarity: (id: string) => number | null) {
  if (found.length !== nearest.length) return false;
  return found
    .map((id) => similarity(id) ?? -1)
    .sort((a, b) => b - a)
    .every((own, rank) => (nearest[rank]?.similarity ?? 1) - own < tolerance);
}

const anything = (dimensions: number): Query => ({
  embedding: new Float32Array(dimensions).fill(dimensions ** -0.5),
  room: null,
  count: 1,
});
