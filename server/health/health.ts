// What a machine or an operator asks of a process: does it run, can it serve, what can its Valkey do. Anybody
// may ask, as often as they like.

import { groups } from '../../core/game.ts';
import { limits } from '../../core/limits.ts';
import { groupInfos } from '../../streams/admin.ts';
import type { Valkey } from '../../streams/engine.ts';
import { Fault, isAway, primariesOf } from '../../streams/engine.ts';
import type { GameKeys } from '../stores/keys.ts';
import { probeModules } from '../stores/modules.ts';
import type { Looked } from '../stores/write-probe.ts';
import { type Degradation, degradationsOf } from './degradation.ts';

export interface Health {
  /** `partial`: a part of a cluster serves, and the rooms there go on. `unwritable`: all of it only reads. */
  readonly status: 'ok' | 'partial' | 'unwritable' | 'unavailable';
  readonly reachable: boolean;
  /** Whether a primary takes writes; without any nobody can play. */
  readonly writable: boolean;
  /** What is wrong and does not pass by itself. */
  readonly degraded: readonly Degradation[];
  /** Feeds of the partitions that do not answer. */
  readonly away: readonly string[];
  readonly json_module: boolean;
  readonly search_module: boolean;
  /** Groups of the feed by name, over all partitions that answer; missing where one of them lacks it. */
  readonly groups: Readonly<Record<string, { lag: number; pending: number; consumers: number }>>;
  readonly version: string;
}

export interface HealthDeps {
  readonly connection: Valkey;
  readonly keys: GameKeys;
  readonly version: string;
  /** Finds out what takes writes, at each primary that answers. */
  readonly writes: () => Promise<readonly Looked[]>;
  /** What this process does without, and what others do. Throws Fault when the store is away. */
  readonly without: () => Promise<readonly Degradation[]>;
}

/** Throws only for a bug: an unreachable Valkey is an answer, too. */
export async function lookAtHealth(deps: HealthDeps): Promise<Health> {
  const { connection, keys, version, writes, without } = deps;
  const { partitions } = keys;
  const [modules, looks, looked, lacking] = await Promise.all([
    Promise.all(primariesOf(connection).map((primary) => probeModules(primary).catch(nullIfAway))),
    Promise.all(partitions.map(({ feed }) => groupsOf(connection, feed).catch(nullIfAway))),
    writes(),
    without().catch(nullIfAway),
  ]);
  const there = looks.filter((look) => look !== null);
  const away = partitions.flatMap(({ feed }, index) => (looks[index] === null ? [feed] : []));
  const known = modules.find((one) => one !== null);
  const some = there.length > 0;
  const writable = looked.some(({ refusal }) => refusal === null);
  const whole = away.length === 0 && looked.every(({ refusal }) => refusal === null);
  return {
    status: !some ? 'unavailable' : !writable ? 'unwritable' : whole ? 'ok' : 'partial',
    reachable: some,
    writable,
    degraded: [...degradationsOf(looked), ...(lacking ?? [])],
    away,
    json_module: known?.json ?? false,
    search_module: known?.search ?? false,
    groups: together(there),
    version,
  };
}

/** Looks once for all who ask within `limits.healthLookMs`. `clock` in ms. */
export function keptHealth(look: () => Promise<Health>, clock: () => number): () => Promise<Health> {
  let last: { readonly at: number; readonly health: Promise<Health> } | null = null;
  return () => {
    if (last === null || clock() - last.at >= limits.healthLookMs) last = { at: clock(), health: look() };
    return last.health;
  };
}

/** What our user may not ask is not known, as little as what does not answer. */
function nullIfAway(error: unknown): null {
  if (isAway(error) || (error instanceof Fault && error.code === 'not_permitted')) return null;
  throw error;
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
      const lag = all.reduce((sum, one) => sum + one.lag, 0);
      const pending = all.reduce((sum, one) => sum + one.pending, 0);
      return [name, { lag, pending, consumers: Math.max(...all.map(({ consumers }) => consumers)) }];
    }),
  );
}

/**
 * Ready means able to take players now: Valkey answers and takes writes, and every group has been opened by
 * somebody. An agent that is being started again does not make a server unready: its work waits for it. Nor
 * does a primary that is away or takes no writes, beside others that do: it is so for every server, and a
 * balancer would send the players of the other rooms away, too.
 */
export function isReady({ reachable, writable, groups: known }: Health): boolean {
  return reachable && writable && groups.every((group) => known[group] !== undefined);
}
