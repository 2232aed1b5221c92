// What is known of the tries of an entry, beside the feed: counted before a handler runs, so that a death
// counts, too. A port of the runner of entries; `streams/testing` has one in memory.

import { limits } from '../contract/limits.ts';
import type { Valkey } from '../valkey/connection.ts';
import { callFunction } from '../valkey/functions.ts';
import { gather, one } from '../valkey/gather.ts';
import type { PartitionKeys } from '../valkey/keys.ts';

export interface Counts {
  /** Of a handler for this entry, this one included; 0 where the entry is no longer ours. */
  readonly starts: number;
  readonly exceptions: number;
}

/** Of one consumer of one group. Every method throws Fault. */
export interface Attempts {
  /** What a person types to see the dead letters, for the line that tells of one. */
  readonly list: string;
  /** Counts a start. Each run counts. */
  start(id: string): Promise<Counts>;
  /** Takes the last start back: no process died of it. Not twice for one start. */
  uncount(id: string): Promise<void>;
  /**
   * Counts one more exception, keeps what it said, and gives how many there were; 0 when the entry is no
   * longer ours, since its commit went through, for one. Each run counts.
   */
  failed(id: string, said: string): Promise<number>;
  /**
   * Makes a dead letter with these fields of an entry, and acknowledges it, in one step. A second run finds
   * it gone. Gives the id of the letter; null where the entry is no longer ours.
   */
  deadLetter(id: string, fields: Readonly<Record<string, string>>): Promise<string | null>;
}

export interface AttemptsOptions {
  readonly commands: Valkey;
  readonly keys: PartitionKeys;
  readonly group: string;
  readonly consumer: string;
}

export function createAttempts({ commands, keys, group, consumer }: AttemptsOptions): Attempts {
  const names = [keys.feed, keys.attempts];
  const start = gather<string, Counts>(limits.entriesPerCallMax, async (ids) => {
    const replies = await callFunction(commands, 'start', names, [group, consumer, ...ids]);
    return (replies as readonly (readonly number[])[]).map(([starts = 0, exceptions = 0]) => ({
      value: { starts: Number(starts), exceptions: Number(exceptions) },
    }));
  });
  return {
    list: `valkey-cli XRANGE ${keys.dead} - +`,
    start: (id) => one(start([id])),
    async uncount(id) {
      await callFunction(commands, 'uncount', names, [group, consumer, id]);
    },
    failed: async (id, said) =>
      Number(await callFunction(commands, 'failed', names, [group, consumer, id, said])),
    async deadLetter(id, fields) {
      const args = [group, consumer, id, ...Object.entries(fields).flat()];
      const letter = await callFunction(commands, 'dead_letter', [...names, keys.dead], args);
      return typeof letter === 'string' && letter !== '' ? letter : null;
    },
  };
}
