// What a machine or an operator asks of a process: does it run, can it serve, what can its Valkey do.

import { z } from 'zod';
import type { Valkey } from '../streams/connection.ts';
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

/** Never throws: an unreachable Valkey is an answer, too. */
export async function lookAtHealth(
  connection: Valkey,
  keys: PartitionKeys,
  version: string,
): Promise<Health> {
  const base = { json_module: false, search_module: false, groups: {}, version };
  try {
    await connection.ping();
    const { json, search } = await probeModules(connection);
    const known = await groupsOf(connection, keys.feed);
    return {
      status: 'ok',
      reachable: true,
      json_module: json,
      search_module: search,
      groups: known,
      version,
    };
  } catch {
    return { ...base, status: 'unavailable', reachable: false };
  }
}

async function groupsOf(connection: Valkey, feed: string): Promise<Health['groups']> {
  const exists = await connection.exists(feed);
  const infos = exists === 0 ? [] : z.array(Info).parse(await connection.xinfo('GROUPS', feed));
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

/**
 * Ready is who can take players now: Valkey answers, and every group has been opened by somebody. An agent
 * that is being started again does not make a server unready: its work waits for it.
 */
export function isReady({ reachable, groups: known }: Health): boolean {
  return reachable && groups.every((group) => known[group] !== undefined);
}
