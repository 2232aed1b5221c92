// What a machine or an operator asks of a process: does it run, can it serve, what can its Valkey do.

import { isAway } from '../core/ports.ts';
import type { Valkey } from '../streams/connection.ts';
import { groupInfos } from '../streams/group-infos.ts';
import { groups, type Keys } from '../streams/keys.ts';
import { probeModules } from '../streams/modules.ts';

export interface Health {
  readonly status: 'ok' | 'unavailable';
  readonly reachable: boolean;
  readonly json_module: boolean;
  readonly search_module: boolean;
  /** Groups of the feed by name, over all partitions that they have been opened in; `lag` null where Valkey
   * cannot tell. Missing where a partition lacks it. */
  readonly groups: Readonly<Record<string, { lag: number | null; pending: number; consumers: number }>>;
  readonly version: string;
}

/** Throws only for a bug: an unreachable Valkey is an answer, too. */
export async function lookAtHealth(
  connection: Valkey,
  { partitions }: Keys,
  version: string,
): Promise<Health> {
  const base = { json_module: false, search_module: false, groups: {}, version };
  try {
    const { json, search } = await probeModules(connection);
    const known = together(await Promise.all(partitions.map(({ feed }) => groupsOf(connection, feed))));
    const modules = { json_module: json, search_module: search };
    return { status: 'ok', reachable: true, ...modules, groups: known, version };
  } catch (error) {
    if (!isAway(error)) throw error;
    return { ...base, status: 'unavailable', reachable: false };
  }
}

async function groupsOf(connection: Valkey, feed: string): Promise<Health['groups']> {
  const infos = await groupInfos(connection, feed);
  return Object.fromEntries(infos.map(({ name, ...info }) => [name, info]));
}

/** Sums; consumers are the same in every partition. A group counts once it is in all of them. */
function together(looks: readonly Health['groups'][]): Health['groups'] {
  const names = Object.keys(looks[0] ?? {}).filter((name) => looks.every((look) => name in look));
  return Object.fromEntries(
    names.map((name) => {
      const all = looks.flatMap((look) => look[name] ?? []);
      const lags = all.map(({ lag }) => lag);
      const lag = lags.some((one) => one === null)
        ? null
        : lags.reduce<number>((sum, one) => sum + (one ?? 0), 0);
      const pending = all.reduce((sum, one) => sum + one.pending, 0);
      return [name, { lag, pending, consumers: Math.max(...all.map(({ consumers }) => consumers)) }];
    }),
  );
}

/**
 * Ready means able to take players now: Valkey answers, and every group has been opened by somebody. An agent
 * that is being started again does not make a server unready: its work waits for it.
 */
export function isReady({ reachable, groups: known }: Health): boolean {
  return reachable && groups.every((group) => known[group] !== undefined);
}
