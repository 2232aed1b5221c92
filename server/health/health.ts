// The answers of /health and /ready: whether this process can serve, and what its Valkey can do. They are
// open to anyone, so the store is asked at most once in `limits.healthLookMs`.

import { groups } from '../../core/game.ts';
import { limits } from '../../core/limits.ts';
import { groupInfos } from '../../streams/admin.ts';
import { Fault, isAway } from '../../streams/engine.ts';
import type { Valkey } from '../../streams/parts.ts';
import { primariesOf } from '../../streams/parts.ts';
import type { GameKeys } from '../stores/keys.ts';
import { probeModules } from '../stores/modules.ts';
import type { Looked } from '../stores/write-probe.ts';
import { type Degradation, degradationsOf } from './degradation.ts';

export interface Health {
  /** `partial`: only a part of a cluster serves; its rooms go on. `unwritable`: no primary takes writes. */
  readonly status: 'ok' | 'partial' | 'unwritable' | 'unavailable';
  readonly reachable: boolean;
  /** At least one primary takes writes. Without one no game goes on. */
  readonly writable: boolean;
  /** What is wrong and does not mend itself. */
  readonly degraded: readonly Degradation[];
  /** The feeds of those partitions that do not answer. */
  readonly away: readonly string[];
  readonly json_module: boolean;
  readonly search_module: boolean;
  /**
   * Consumer groups by name, summed over the partitions that answer. A group that one of them lacks is
   * missing.
   */
  readonly groups: Readonly<Record<string, { lag: number; pending: number; consumers: number }>>;
  readonly version: string;
}

export interface HealthDeps {
  readonly connection: Valkey;
  readonly keys: GameKeys;
  readonly version: string;
  /** Tries a write at each primary that answers. */
  readonly writes: () => Promise<readonly Looked[]>;
  /** The shortfalls of this process and of others. Throws Fault when the store is away. */
  readonly without: () => Promise<readonly Degradation[]>;
}

/** Throws only for a bug. That Valkey cannot be reached is an answer. */
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

/** One look serves all requests of the next `limits.healthLookMs`. `clock` in ms. */
export function keptHealth(look: () => Promise<Health>, clock: () => number): () => Promise<Health> {
  let last: { readonly at: number; readonly health: Promise<Health> } | null = null;
  return () => {
    if (last === null || clock() - last.at >= limits.healthLookMs) last = { at: clock(), health: look() };
    return last.health;
  };
}

/** Null where the store does not answer, and where its user may not ask. */
function nullIfAway(error: unknown): null {
  if (isAway(error) || (error instanceof Fault && error.code === 'not_permitted')) return null;
  throw error;
}

async function groupsOf(connection: Valkey, feed: string): Promise<Health['groups']> {
  const infos = await groupInfos(connection, feed);
  return Object.fromEntries(infos.map(({ name, ...info }) => [name, info]));
}

/** Adds up lag and pending. Consumers are the same in every partition, so the greatest number counts. */
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
 * Ready means able to take players now: Valkey answers, takes writes, and has every consumer group. Two
 * things do not make a server unready. An agent that starts again finds its work waiting. One primary of
 * several that is away concerns every server alike, and a load balancer would send away the players of all
 * other rooms.
 */
export function isReady({ reachable, writable, groups: known }: Health): boolean {
  return reachable && writable && groups.every((group) => known[group] !== undefined);
}
