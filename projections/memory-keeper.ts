// Carries what rooms have played into the memory: embeds each question and remembers it once. It knows how
// far each room is remembered, so a question that could not be embedded goes with the next one.

import type { RoomCode } from '../core/ids.ts';
import { keepNewest } from '../core/keep-newest.ts';
import { limits } from '../core/limits.ts';
import type { Embedder, Memory, Retractions } from '../core/memory.ts';
import type { Played } from './played.ts';

export interface MemoryKeeperDeps {
  readonly memory: Memory;
  readonly retractions: Retractions;
  readonly embedder: Embedder;
  /** Told when questions have to wait because the embedder failed. */
  readonly onWaiting: (room: RoomCode, error: unknown) => void;
  /** In ms, only for differences. */
  readonly clock: () => number;
}

export type KeepMemory = (room: RoomCode, epoch: string, played: Played) => Promise<void>;

/** Throws Fault when the store is away; then the caller tries everything again. */
export function createMemoryKeeper({
  memory,
  retractions,
  embedder,
  onWaiting,
  clock,
}: MemoryKeeperDeps): KeepMemory {
  // After a failure the embedder is left alone for a while: documents must not wait for it again and again.
  let restsUntil = Number.NEGATIVE_INFINITY;
  const reached = new Map<RoomCode, { readonly epoch: string; readonly rev: number }>();

  return async (room, epoch, { questions, retracted }) => {
    const known = reached.get(room);
    const from = known?.epoch === epoch ? known.rev : await memory.rememberedTo(room, epoch);
    const fresh = questions.filter(({ rev }) => rev > from);
    const facts = retracted.filter(({ rev }) => rev > from).map(({ factKey }) => factKey);
    const rev = Math.max(from, questions.at(-1)?.rev ?? 0, retracted.at(-1)?.rev ?? 0);
    await retractions.add(facts);
    for (let done = from; done < rev; ) {
      if (clock() < restsUntil) return;
      // A backlog goes in small steps, so that no step outlasts its time.
      const some = fresh.filter((one) => one.rev > done).slice(0, limits.embedTextsMax);
      const upTo = some.length < limits.embedTextsMax ? rev : (some.at(-1)?.rev ?? rev);
      const texts = some.map(({ played }) => played.question);
      const vectors = await embedder
        .embed(texts, AbortSignal.timeout(limits.embedMsMax))
        .catch((error: unknown) => {
          onWaiting(room, error);
          restsUntil = clock() + limits.breakerRestMs;
          return null;
        });
      if (vectors === null) return;
      const pairs = some.flatMap(({ played }, index) => {
        const embedding = vectors[index];
        return embedding === undefined ? [] : [{ played, embedding }];
      });
      await memory.remember({ room, epoch, rev: upTo, questions: pairs });
      done = upTo;
    }
    keepNewest(reached, room, { epoch, rev }, limits.roomsCachedMax);
  };
}
