// What a machine or an operator asks of a process: does it run, can it serve, what can its Valkey do.

import { z } from 'zod';
import { isAway } from '../core/ports.ts';
import { asFault, type Valkey } from '../streams/connection.ts';
import { groups, type PartitionKeys } from '../streams/keys.ts';
import { probeModules } from '../streams/modules.ts';

export interface Health {
  readonly status: 'ok' | 'unavailable';
  readonly reachable: boolean;
  readonly json_module: boolean;
  readonly search_module: boolean;
  /** Groups of the feed by name; `lag` null where Valkey cannot tell. */
  readonly groups: Readonly<Record<string, { lag: number | null; pending: number; consumers: number }>>;
  readonly version: string;
}

const Info = z.array(z.unknown());

/** Throws only for a bug: an unreachable Valkey is an answer, too. */
export async function lookAtHealth(
  connection: Valkey,
  keys: PartitionKeys,
  version: string,
): Promise<Health> {
  const base = { json_module: false, search_module: false, groups: {}, version };
  try {
    const { json, search } = await probeModules(connection);
    const known = await groupsOf(connection, keys.feed);
    const modules = { json_module: json, search_module: search };
    return { status: 'ok', reachable: true, ...modules, groups: known, version };
  } catch (error) {
    if (!isAway(error)) throw error;
    return { ...base, status: 'unavailable', reachable: false };
  }
}

async function groupsOf(connection: Valkey, feed: string): Promise<Health['groups']> {
  const infos = z.array(Info).parse(await rawGroups(connection, feed));
  const entries = infos.map((info) => {
    const field = (name: string) => info[info.indexOf(name) + 1];
    const lag = z.number().nullable().parse(field('lag'));
    return [
      String(field('name')),
      { lag, pending: Number(field('pending')), consumers: Number(field('consumers')) },
    ] as const;
  });
  return Object.fromEntries(entries);
}

async function rawGroups(connection: Valkey, feed: string): Promise<unknown> {
  try {
    return (await connection.exists(feed)) === 0 ? [] : await connection.xinfo('GROUPS', feed);
  } catch (error) {
    throw asFault(error);
  }
}

/**
 * Ready means able to take players now: Valkey answers, and every group has been opened by somebody. An agent
 * that is being started again does not make a server unready: its work waits for it.
 */
export function isReady({ reachable, groups: known }: Health): boolean {
  return reachable && groups.every((group) => known[group] !== undefined);
}
