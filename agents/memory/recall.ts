// What the researcher makes of the memory: candidates that were not taken back, least like what this room
// was asked before first, and of those the ones that are as hard as the players need it.

import type { Candidate } from '../../core/claim.ts';
import type { RoomCode } from '../../core/ids.ts';
import { limits } from '../../core/limits.ts';
import type { Embedder, Memory, Neighbour, Retractions } from '../../core/memory.ts';
import { isAway } from '../../streams/engine.ts';

export interface Recall {
  /**
   * The candidates worth asking, best first: none about a retracted fact, none that all but repeats a
   * question of this room unless every one does. Without its embedder it keeps the order.
   */
  sift(candidates: readonly Candidate[], room: RoomCode, signal: AbortSignal): Promise<Candidate[]>;
  /** Questions of this room that are nearest to a topic, nearest first; none without the embedder. */
  askedAbout(topic: string, room: RoomCode, signal: AbortSignal): Promise<string[]>;
  retracted(factKeys: readonly string[]): Promise<ReadonlySet<string>>;
}

export interface RecallDeps {
  readonly memory: Memory;
  readonly retractions: Retractions;
  readonly embedder: Embedder;
  /** Told when the embedder failed and its part was left out. */
  readonly onBlind: (error: unknown) => void;
}

// Two wordings of one fact are about this near with our own embedder; two facts of one kind hardly ever.
const repeatSimilarity = 0.85;
// Likes farther than that say nothing about how hard a question is.
const likeSimilarity = 0.3;
// A game is best when two of three answers are right.
const accuracyWanted = 0.65;
// How much a question that is too easy or too hard weighs against one that is like an old one.
const accuracyWeight = 0.3;

export function createRecall({ memory, retractions, embedder, onBlind }: RecallDeps): Recall {
  const nearest = async (
    text: string,
    wish: { room: RoomCode | null; count: number },
    signal: AbortSignal,
  ) => {
    const within = AbortSignal.any([signal, AbortSignal.timeout(limits.embedMsMax)]);
    const [embedding] = await embedder.embed([text], within);
    return embedding === undefined ? [] : memory.nearest({ embedding, ...wish });
  };
  /** The embedder is of use, but nothing depends on it; the store being away is another matter. */
  const orBlind = async <T>(look: () => Promise<T>, blind: T, signal: AbortSignal): Promise<T> => {
    try {
      return await look();
    } catch (error) {
      signal.throwIfAborted();
      if (isAway(error)) throw error;
      onBlind(error);
      return blind;
    }
  };
  const retracted = (factKeys: readonly string[]) => retractions.among(factKeys);

  return {
    retracted,
    async sift(candidates, room, signal) {
      const gone = await retracted(candidates.map(({ factKey }) => factKey));
      const left = candidates.filter(({ factKey }) => !gone.has(factKey));
      const look = () =>
        Promise.all(
          left.map(async (candidate) => {
            const repeats = await nearest(candidate.claim, { room, count: limits.repeatsLookedAt }, signal);
            const likes = await nearest(candidate.claim, { room: null, count: limits.likesLookedAt }, signal);
            return { candidate, repeat: repeats[0]?.similarity ?? 0, accuracy: expectedAccuracy(likes) };
          }),
        );
      return orBlind(async () => bestFirst(await look()), left, signal);
    },
    askedAbout: (topic, room, signal) =>
      orBlind(
        async () => {
          const near = await nearest(topic, { room, count: limits.askedQuestionsNamed }, signal);
          return near.map(({ question }) => question);
        },
        [],
        signal,
      ),
  };
}

export interface Seen {
  readonly candidate: Candidate;
  /** Similarity to the nearest question of this room, -1..1. */
  readonly repeat: number;
  /** Share of players who would be right, as far as anything like it was asked; 0..1. */
  readonly accuracy: number | null;
}

/** Unlike the old ones first; all but repeats only where there is nothing else. Equals keep their order. */
export function bestFirst(seen: readonly Seen[]): Candidate[] {
  const costOf = ({ repeat, accuracy }: Seen) =>
    Math.max(0, repeat) + accuracyWeight * Math.abs((accuracy ?? accuracyWanted) - accuracyWanted);
  const fresh = seen.filter(({ repeat }) => repeat < repeatSimilarity);
  const pool = fresh.length > 0 ? fresh : seen;
  return [...pool].sort((a, b) => costOf(a) - costOf(b)).map(({ candidate }) => candidate);
}

/** The mean accuracy of similar questions, the more similar the more it counts; null where there is none. */
export function expectedAccuracy(
  likes: readonly Pick<Neighbour, 'similarity' | 'accuracy'>[],
): number | null {
  const known = likes.flatMap(({ similarity, accuracy }) =>
    accuracy === null || similarity < likeSimilarity ? [] : [{ similarity, accuracy }],
  );
  const weight = known.reduce((sum, { similarity }) => sum + similarity, 0);
  if (weight === 0) return null;
  return known.reduce((sum, { similarity, accuracy }) => sum + similarity * accuracy, 0) / weight;
}
