// Every group of every feed: how far behind it is, what it holds, and who is in it.

import { z } from 'zod';
import type { Operator } from './operator.ts';

export interface GroupLook {
  readonly feed: string;
  readonly group: string;
  /** Entries in the feed. */
  readonly length: number;
  /** Entries that the group was not given yet; null where the server cannot tell. */
  readonly lag: number | null;
  readonly pending: number;
  /** How long the oldest pending entry has been silent, in ms. */
  readonly oldestMs: number | null;
  readonly consumers: readonly string[];
}

const Infos = z.array(z.array(z.unknown()));
const Oldest = z.array(z.tuple([z.string(), z.string(), z.number(), z.number()]));
const field = (info: readonly unknown[], name: string): unknown => info[info.indexOf(name) + 1];

export async function groupsOf({
  connection,
  keys,
}: Pick<Operator, 'connection' | 'keys'>): Promise<GroupLook[]> {
  const looks = keys.partitions.map(async ({ feed }) => {
    if ((await connection.exists(feed)) === 0) return [];
    const length = await connection.xlen(feed);
    const infos = Infos.parse(await connection.xinfo('GROUPS', feed));
    return Promise.all(
      infos.map(async (info) => {
        const group = String(field(info, 'name'));
        const consumers = Infos.parse(await connection.xinfo('CONSUMERS', feed, group));
        const [oldest] = Oldest.parse(await connection.xpending(feed, group, '-', '+', 1));
        return {
          feed,
          group,
          length,
          lag: z.number().nullable().parse(field(info, 'lag')),
          pending: Number(field(info, 'pending')),
          oldestMs: oldest?.[2] ?? null,
          consumers: consumers.map((consumer) => String(field(consumer, 'name'))),
        };
      }),
    );
  });
  return (await Promise.all(looks)).flat();
}
