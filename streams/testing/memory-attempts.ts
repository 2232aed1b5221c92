// The tries of the entries of one group, in memory: what the store counts beside a feed.

import type { Attempts } from '../consume/attempts.ts';
import type { StreamTypes } from '../contract/definition.ts';
import type { MemoryLog } from './memory-log.ts';

/** A dead letter, field by field: `reason`, `group`, `entry`, `message`, … */
export type DeadLetter = Readonly<Record<string, string>>;

export interface MemoryAttemptsOptions<S extends StreamTypes> {
  readonly group: string;
  readonly memory: Pick<MemoryLog<S>, 'isPending' | 'ack'>;
  readonly deadLetters: DeadLetter[];
}

export function createMemoryAttempts<S extends StreamTypes>({
  group,
  memory,
  deadLetters,
}: MemoryAttemptsOptions<S>): Attempts {
  const counts = new Map<string, { starts: number; exceptions: number }>();
  const of = (id: string) => {
    const found = counts.get(id) ?? { starts: 0, exceptions: 0 };
    counts.set(id, found);
    return found;
  };
  const isOurs = (id: string) => memory.isPending(group, id);
  return {
    list: 'deadLetters of the stream of the engine in memory',
    async start(id) {
      if (!isOurs(id)) return { starts: 0, exceptions: 0 };
      of(id).starts += 1;
      return { ...of(id) };
    },
    async uncount(id) {
      if (isOurs(id)) of(id).starts = Math.max(0, of(id).starts - 1);
    },
    async failed(id) {
      if (!isOurs(id)) return 0;
      of(id).exceptions += 1;
      return of(id).exceptions;
    },
    async deadLetter(id, fields) {
      if (!isOurs(id)) return null;
      memory.ack(group, [id]);
      deadLetters.push(fields);
      return `${deadLetters.length}-0`;
    },
  };
}
