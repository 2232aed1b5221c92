// Valkey's clock as this process estimates it, so that `serverTime` on the wire and the times in events
// agree.

import type { Game } from '../../core/game.ts';
import { isAway } from '../../streams/engine.ts';
import { type EventLog, repeat } from '../../streams/parts.ts';

const everyMs = 10_000;
const retryMs = 500;

export interface ServerTime {
  /** In ms. Until the first look it is this process's own clock. */
  readonly now: () => number;
  /** Resolves after the signal, rejects only for a bug. */
  readonly ended: Promise<void>;
}

export function keepServerTime(log: EventLog<Game>, signal: AbortSignal): ServerTime {
  let offset = 0;
  async function look(): Promise<number> {
    const sentAt = Date.now();
    try {
      const theirs = await log.now(null);
      // The answer is taken to be half a round trip old (Cristian's algorithm).
      offset = theirs - (sentAt + Date.now()) / 2;
      return everyMs;
    } catch (error) {
      if (!isAway(error)) throw error;
      // Until it answers again, the last offset is the best known.
      return retryMs;
    }
  }
  return { now: () => Math.round(Date.now() + offset), ended: repeat(signal, look) };
}
