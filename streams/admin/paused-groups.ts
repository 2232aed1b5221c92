// Pausing a group: its consumers, in whatever process, take nothing new until it is resumed. It is recorded
// in each partition beside the feed, so that it outlives every process and no partition waits for another's
// server.

import { z } from 'zod';
import { Fault } from '../contract/fault.ts';
import { nowOf } from '../valkey/clock.ts';
import { orFault, type Valkey } from '../valkey/connection.ts';
import type { Keys } from '../valkey/keys.ts';
import { groupInfos } from './group-infos.ts';

export interface PausedGroup {
  readonly group: string;
  /** Who paused it. */
  readonly by: string;
  /** Since when, the store's clock in ms. */
  readonly at: number;
}

const Note = z.object({ by: z.string(), at: z.number() });

/**
 * Pauses a group of one kind of stream. Its consumers see it within `limits.pauseLookMs`, and a read that
 * waits then may still bring entries for as long again. What they were given they bring to its end. The feed
 * keeps what the group has not read, and grows. May run twice, so that a part of a cluster that was away is
 * paused, too: the last author counts.
 * @throws Fault `group_unknown` where no feed has such a group.
 */
export async function pauseGroup(
  connection: Valkey,
  { partitions }: Keys,
  { group, by }: { readonly group: string; readonly by: string },
): Promise<void> {
  const infos = await Promise.all(partitions.map(({ feed }) => groupInfos(connection, feed)));
  if (!infos.flat().some(({ name }) => name === group)) {
    throw new Fault('group_unknown', `there is no group ${group}`, { retryable: false });
  }
  const note = JSON.stringify({ by, at: await nowOf(connection) });
  await Promise.all(partitions.map(({ paused }) => orFault(() => connection.hset(paused, group, note))));
}

/** Ends a pause; consumers go on within `limits.pauseLookMs`. False where there was none. May run twice. */
export async function resumeGroup(connection: Valkey, { partitions }: Keys, group: string): Promise<boolean> {
  const gone = await Promise.all(
    partitions.map(({ paused }) => orFault(() => connection.hdel(paused, group))),
  );
  return gone.some((count) => count > 0);
}

/** Every group that is paused somewhere, by name. Throws Fault. */
export async function pausedGroups(connection: Valkey, { partitions }: Keys): Promise<PausedGroup[]> {
  const found = await Promise.all(partitions.map(({ paused }) => orFault(() => connection.hgetall(paused))));
  const notes = new Map(found.flatMap((one) => Object.entries(one)));
  return [...notes]
    .map(([group, note]) => ({ group, ...Note.parse(JSON.parse(note)) }))
    .sort((a, b) => (a.group < b.group ? -1 : 1));
}
