// What a game master knows beyond the log of a room; and the server, for a host who goes on by hand.

import { embeddedClaim, type Knowledge, withoutRetracted } from '../../agents/embedded.ts';
import type { Surroundings } from '../../agents/game-master.ts';
import { isAway } from '../../streams/engine.ts';
import type { Valkey } from '../../streams/parts.ts';
import type { GameKeys } from '../stores/keys.ts';
import { createRetractions } from '../stores/memory.ts';
import { createPresence } from '../stores/presence.ts';

export function surroundingsOn(commands: Valkey, keys: GameKeys, plain: Knowledge): Surroundings {
  const random = Math.random;
  const { among } = createRetractions(commands, keys);
  // On a cluster they may be on a node that is away. A claim that was taken back is asked then, rather than
  // that the games of all other nodes stand still.
  const retracted = (factKeys: readonly string[]) =>
    among(factKeys).catch((error: unknown) => {
      if (isAway(error)) return new Set<string>();
      throw error;
    });
  const knowledge = withoutRetracted(plain, retracted);
  return {
    presence: createPresence(commands, keys),
    topics: knowledge.topics(),
    chance: random,
    retracted,
    embedded: (wish) => embeddedClaim(knowledge, { ...wish, random }),
  };
}
