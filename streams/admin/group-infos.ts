// The groups of a feed and who is in them, as the server tells it. Used by housekeeping, and by operators'
// programs.

import { z } from 'zod';
import { asFault, orFault, type Valkey } from '../valkey/connection.ts';
import { fieldsOf } from '../valkey/fields.ts';

export interface GroupInfo {
  readonly name: string;
  /** Entries that it was not given yet; where they had to be counted, `countedMax` is for more, too. */
  readonly lag: number;
  readonly pending: number;
  readonly consumers: number;
}

const countedMax = 1_001;

const Infos = z.array(z.array(z.unknown()));
const Group = z.object({
  name: z.string(),
  lag: z.number().nullable(),
  pending: z.number(),
  consumers: z.number(),
  'last-delivered-id': z.string(),
});
const Consumer = z.object({ name: z.string(), idle: z.number() });

/** Also those of agents of one's own. None where nothing was written to the feed. Throws Fault. */
export async function groupInfos(connection: Valkey, feed: string): Promise<GroupInfo[]> {
  const infos = await orNone(() => connection.xinfo('GROUPS', feed));
  return Promise.all(
    infos.map(async (info) => {
      const { name, lag, pending, consumers, 'last-delivered-id': last } = Group.parse(fieldsOf(info));
      return { name, lag: lag ?? (await countAfter(connection, feed, last)), pending, consumers };
    }),
  );
}

/** Once an entry was deleted that a group had not read, the server does not know how many are left. */
async function countAfter(connection: Valkey, feed: string, last: string): Promise<number> {
  const entries = await orFault(() => connection.xrange(feed, `(${last}`, '+', 'COUNT', countedMax));
  return entries.length;
}

/** `idle`: for how many ms it has not been heard of. None where the group is gone. Throws Fault. */
export async function consumerInfos(
  connection: Valkey,
  feed: string,
  group: string,
): Promise<z.infer<typeof Consumer>[]> {
  const infos = await orNone(() => connection.xinfo('CONSUMERS', feed, group));
  return infos.map((info) => Consumer.parse(fieldsOf(info)));
}

async function orNone(ask: () => Promise<unknown>): Promise<unknown[][]> {
  try {
    return Infos.parse(await ask());
  } catch (error) {
    if (/NOGROUP|no such key/i.test(String(error))) return [];
    throw asFault(error);
  }
}
