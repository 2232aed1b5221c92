// Worlds as a game master finds them, for tests: an embedded claim at hand, nobody connected.

import { ulid } from 'ulid';
import type { Truth } from '../../core/claim.ts';
import type { EmbeddedClaim, World } from '../../core/commands.ts';
import { CycleId, RoundId } from '../../core/ids.ts';

let claims = 0;

/** A claim about a fact that no other call gives. */
export function newEmbeddedClaim(truth: Truth = 'FACT'): EmbeddedClaim {
  claims += 1;
  const source = { name: 'A book', url: 'https://example.org/book' };
  const explanation = `Because it says so on page ${claims}.`;
  const candidate = {
    claim: `Claim number ${claims} is worth a thought`,
    truth,
    factKey: `test:${claims}`,
    assertion: null,
    topic: 'Tests',
    difficulty: 'normal',
    explanation,
    source,
  } as const;
  const origin = { provider: 'embedded', model: 'test', ms: 0 };
  return { candidate, verdict: { truth, confidence: 1, explanation, source }, origin };
}

/** A world in which a question can be opened now. */
export function openWorld(now: number, embedded: EmbeddedClaim = newEmbeddedClaim()): World {
  return {
    now,
    cycleId: CycleId.parse(ulid()),
    roundId: RoundId.parse(ulid()),
    chance: 0.5,
    topics: ['Tests'],
    answers: null,
    connected: null,
    silentMs: 0,
    retracted: new Set(),
    embedded,
  };
}
