// Where everything is kept: one Valkey, or a cluster of them. What differs between the two is decided here,
// once, when a process starts.

import type { Redis } from 'iovalkey';
import { limits } from '../core/limits.ts';
import { Fault, isAway } from '../core/ports.ts';
import { backoffMs, pause } from './backoff.ts';
import { createBell } from './bell.ts';
import { connectCluster } from './cluster.ts';
import { asFault, connect, untilReady, type Valkey } from './connection.ts';
import { createKeys, type Keys, type PartitionKeys } from './keys.ts';
import { belledLine, blockingLine, type Idle, type Line, listening, pausing } from './line.ts';
import { type Replicas, replicasOfCluster, replicasOfOne } from './replicas.ts';

export interface Store {
  readonly cluster: boolean;
  readonly keys: Keys;
  /** A connection for commands that comes back by itself. `name` shows in CLIENT LIST. */
  connect(name: string): Valkey;
  /** For a reader of a partition's feed and hints. `commands` is the reader's own. */
  line(partition: PartitionKeys, commands: Valkey, name: string): Line;
  /** For somebody who looks at a partition now and then, and at once when something is written. */
  idle(partition: PartitionKeys): Idle;
  /** For whoever must not acknowledge what stands on one server alone. */
  replicas(): Replicas;
  /** Ends what the store itself keeps open; connections end with whoever asked for them. */
  close(): void;
}

/**
 * `url`: one address, or several nodes of a cluster separated by commas.
 * Waits until one of them answers; rejects with the signal's reason when aborted first.
 * @throws Fault `no_such_database` for one that this server does not have.
 */
export async function openStore(url: string, signal: AbortSignal): Promise<Store> {
  const urls = url.split(',').map((one) => one.trim());
  return (await isCluster(urls, signal)) ? clusterStore(urls) : singleStore(urls[0] ?? url);
}

async function isCluster(urls: readonly string[], signal: AbortSignal): Promise<boolean> {
  const probes = urls.map((url) => connect(url, 'arena-probe'));
  const ask = async () => {
    const first = await Promise.any(probes.map((probe) => untilReady(probe, signal).then(() => probe)));
    const cluster = /cluster_enabled:1/.test(await first.info('cluster'));
    await refuseDatabase(first, cluster);
    return cluster;
  };
  try {
    // One that goes away between its first word and its answer was not there yet.
    for (let losses = 0; ; ) {
      try {
        return await ask();
      } catch (error) {
        signal.throwIfAborted();
        if (!isAway(asFault(error))) throw asFault(error);
        losses += 1;
        await pause(backoffMs(losses, Math.random()), signal);
      }
    }
  } finally {
    for (const probe of probes) probe.disconnect();
  }
}

/** A driver that cannot have the database it was told goes on with the first one, and says nothing. */
async function refuseDatabase(probe: Redis, cluster: boolean): Promise<void> {
  const { db = 0 } = probe.options;
  if (db === 0) return;
  const selected = cluster
    ? 'is a cluster, which has one database alone'
    : await probe.select(db).catch(refusal);
  if (selected === 'OK') return;
  const said = `VALKEY_URL names database ${db}: ${selected}. Leave the number out, or name one that is there.`;
  throw new Fault('no_such_database', said, { retryable: false });
}

/** What a server says against a command; where it is away it has said nothing. */
function refusal(error: unknown): string {
  if (isAway(asFault(error))) throw error;
  return String(error);
}

function singleStore(url: string): Store {
  const keys = createKeys();
  return {
    cluster: false,
    keys,
    connect: (name) => connect(url, name),
    line: (_partition, _commands, name) => blockingLine(connect(url, name)),
    idle: () => pausing(limits.timerLookMs),
    replicas: () => replicasOfOne(url, keys),
    close: () => undefined,
  };
}

function clusterStore(urls: readonly string[]): Store {
  const keys = createKeys({ cluster: true });
  const scout = connectCluster(urls, 'arena-bell', limits.sweepMs);
  const bell = createBell(
    scout,
    keys.partitions.map(({ feed }) => feed),
  );
  return {
    cluster: true,
    keys,
    connect: (name) => connectCluster(urls, name),
    line: ({ feed }, commands) => belledLine(commands, bell, feed),
    idle: ({ feed }) => listening(bell, feed),
    replicas: () => replicasOfCluster(scout, keys),
    close() {
      bell.close();
      scout.disconnect();
    },
  };
}
