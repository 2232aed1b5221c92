// Every group of every feed: how far behind it is, what it holds, and who is in it.

import { z } from 'zod';
import { consumerInfos, groupInfos, type PausedGroup, pausedGroups } from '../../streams/admin.ts';
import { engineLimits } from '../../streams/parts.ts';
import type { Operator } from './operator.ts';

export interface GroupLook {
  /** Its name, or how many there are together. */
  readonly feed: string;
  readonly group: string;
  /** Entries in the feed. */
  readonly length: number;
  /** Entries that the group was not given yet. */
  readonly lag: number;
  readonly pending: number;
  /** How long the oldest pending entry has been silent, in ms. */
  readonly oldestMs: number | null;
  readonly consumers: readonly string[];
  /** How long ago the last of them asked for work or held some, in ms; null where there is none. */
  readonly heardMs: number | null;
  /** Who paused it and when; null where it goes on. */
  readonly paused: Omit<PausedGroup, 'group'> | null;
}

/** What the names of all consumers of a machine begin with. */
export const ofMachine = (host: string): string => `${host}:`;

// A consumer at work asks every second or renews what it holds within a lease.
const heardMsMax = 2 * engineLimits.leaseMs;

/**
 * That no process is at work for a group, in words; else null. Of a killed process its name alone is left.
 */
export function silenceOf({ group, heardMs }: Pick<GroupLook, 'group' | 'heardMs'>): string | null {
  if (heardMs === null) return `no process works for ${group}`;
  return heardMs > heardMsMax
    ? `no process has worked for ${group} for ${Math.round(heardMs / 1_000)} s`
    : null;
}

const Oldest = z.array(z.tuple([z.string(), z.string(), z.number(), z.number()]));

/** `counts`: whose consumers are looked at. */
export async function groupsOf(
  { connection, keys }: Pick<Operator, 'connection' | 'keys'>,
  counts: (consumer: string) => boolean = () => true,
): Promise<GroupLook[]> {
  const pauses = new Map((await pausedGroups(connection, keys)).map(({ group, ...by }) => [group, by]));
  const looks = keys.partitions.map(async ({ feed }) => {
    const length = await connection.xlen(feed);
    const infos = await groupInfos(connection, feed);
    return Promise.all(
      infos.map(async ({ name: group, lag, pending }) => {
        const all = (await consumerInfos(connection, feed, group)).filter(({ name }) => counts(name));
        const [oldest] = Oldest.parse(await connection.xpending(feed, group, '-', '+', 1));
        const consumers = all.map(({ name }) => name);
        const heardMs = leastOf(all.map(({ idle }) => idle));
        const paused = pauses.get(group) ?? null;
        const oldestMs = oldest?.[2] ?? null;
        return { feed, group, length, lag, pending, oldestMs, consumers, heardMs, paused };
      }),
    );
  });
  return (await Promise.all(looks)).flat();
}

const leastOf = (all: readonly number[]): number | null => (all.length === 0 ? null : Math.min(...all));

/** Each group over all feeds that it is in: a cluster has a feed for each partition. */
export function overall(looks: readonly GroupLook[]): GroupLook[] {
  return [...Map.groupBy(looks, ({ group }) => group)].map(([group, all]) => {
    const sum = (of: (look: GroupLook) => number) => all.reduce((total, look) => total + of(look), 0);
    const oldest = all.flatMap(({ oldestMs }) => oldestMs ?? []);
    return {
      feed: all.length === 1 ? (all[0]?.feed ?? '') : `${all.length} feeds`,
      group,
      length: sum(({ length }) => length),
      lag: sum(({ lag }) => lag),
      pending: sum(({ pending }) => pending),
      oldestMs: oldest.length === 0 ? null : Math.max(...oldest),
      consumers: [...new Set(all.flatMap(({ consumers }) => consumers))],
      heardMs: leastOf(all.flatMap(({ heardMs }) => heardMs ?? [])),
      paused: all[0]?.paused ?? null,
    };
  });
}
