// How long claims take from their request to the verdict on them, as the commits of verdicts tell it.

import { decodeTime } from 'ulid';
import type { Game } from '../../core/game.ts';
import type { CommitRequest } from '../../streams/parts.ts';
import type { ArenaMeter } from './instruments.ts';

export const measurePreparation =
  (meter: ArenaMeter) =>
  ({ events }: CommitRequest<Game>, at: number): void => {
    for (const { type, cycleId } of events) {
      if (type !== 'VALIDATION_COMPLETE' || cycleId === null) continue;
      // The id of a cycle tells when it was begun, by the clock of the game master that did.
      const tookMs = Math.max(0, at - decodeTime(cycleId));
      meter.observe('arena_round_preparation_seconds', tookMs / 1_000, {});
    }
  };
