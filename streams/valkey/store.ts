// Where everything is kept: one Valkey, or a cluster of them. What differs between the two is decided here,
// once, when a process starts.

import type { Redis } from 'iovalkey';
import { untilDone } from '../consume/keep-trying.ts';
import { type Report, warnOnly } from '../consume/report.ts';
import { Fault, isAway } from '../contract/fault.ts';
import { limits } from '../contract/limits.ts';
import { connectCluster } from './cluster.ts';
import { asFault, type Checking, connect, isOutside, untilReady, type Valkey } from './connection.ts';
import type { Keys, PartitionKeys } from './keys.ts';
import { type Replicas, replicasOfCluster, replicasOfOne } from './replicas.ts';
import { greetingOf, infoOf } from './server-info.ts';
import { nodesOf } from './store-url.ts';
import {
  blockingReader,
  type Idle,
  listening,
  pausing,
  type StreamReader,
  wokenReader,
} from './stream-reader.ts';
import { createTellAway } from './tell-away.ts';
import { createTroubles, type TellTrouble } from './trouble.ts';
import { createWakeUps } from './wake-ups.ts';

/** One Valkey or a cluster, for any number of kinds of streams. */
export interface Store {
  readonly cluster: boolean;
  /** A connection for commands that comes back by itself. `name` shows in CLIENT LIST. */
  connect(name: string): Valkey;
  /** For a reader of a partition's feed and hints. `commands` is the reader's own. */
  reader(partition: PartitionKeys, commands: Valkey, name: string): StreamReader;
  /** For a loop that looks at a partition now and then, and at once when something is written. */
  idle(partition: PartitionKeys): Idle;
  /** For a log that must not acknowledge what stands on one server alone. */
  replicas(keys: Keys): Replicas;
  /** Where it is told what this store does without. */
  tellTo(listener: TellTrouble): void;
  /** Ends what the store itself keeps open; connections are closed by their callers. */
  close(): void;
}

/**
 * `url`: one address, or several nodes of a cluster separated by commas.
 * Waits until one of them replies, for ever unless the signal ends it: `AbortSignal.timeout(10_000)` gives up
 * after ten seconds. Rejects with the signal's reason then. A wrong password is waited for, too, since the
 * store may be told it later. `report` is told of each address why it does not reply, at once and then each
 * minute; unless given, that is written as a warning.
 * @throws Error for what is no URL of a store; Fault `no_such_database` for a database that this server does
 * not have.
 */
export async function openStore(url: string, signal: AbortSignal, report: Report = warnOnly): Promise<Store> {
  const urls = nodesOf(url);
  const { cluster, ...checking } = await find(urls, signal, report);
  return cluster ? clusterStore(urls) : singleStore(urls[0] ?? url, checking);
}

interface Found {
  readonly cluster: boolean;
  /** Whether a connection may ask INFO before it is used. */
  readonly readyCheck: boolean;
}

async function find(urls: readonly string[], signal: AbortSignal, report: Report): Promise<Found> {
  const probes = urls.map((url) => connect(url, 'arena-probe', { readyCheck: false }));
  const tellAway = createTellAway(report);
  const tell = ({ options: { host, port } }: Redis, error: unknown) => {
    if (!signal.aborted) tellAway(`${host}:${port}`, error);
  };
  for (const probe of probes) probe.on('error', (error: unknown) => tell(probe, error));
  try {
    // One that goes away between its first word and its reply was not there yet.
    const isLoss = (error: unknown) => isAway(error) || isOutside(error);
    const anyOf = () =>
      Promise.any(
        probes.map((probe) =>
          ask(probe, signal).catch((error: unknown) => {
            tell(probe, error);
            throw error;
          }),
        ),
      ).catch((error: unknown) => {
        const faults = error instanceof AggregateError ? error.errors.map(asFault) : [asFault(error)];
        throw faults.find((fault) => !isLoss(fault)) ?? faults[0] ?? error;
      });
    return await untilDone(anyOf, { signal, chance: Math.random, isLoss });
  } finally {
    for (const probe of probes) probe.disconnect();
  }
}

async function ask(probe: Redis, signal: AbortSignal): Promise<Found> {
  await untilReady(probe, signal);
  const info = await infoOf(probe, 'cluster', 'persistence');
  if (/^loading:1/m.test(info ?? ''))
    throw new Fault('unavailable', 'it loads its data', { retryable: true });
  const cluster = info === null ? (await greetingOf(probe)).cluster : /cluster_enabled:1/.test(info);
  await refuseDatabase(probe, cluster);
  return { cluster, readyCheck: info !== null };
}

/** A driver that cannot have the database it was told goes on with the first one, and says nothing. */
async function refuseDatabase(probe: Redis, cluster: boolean): Promise<void> {
  const { db = 0 } = probe.options;
  if (db === 0) return;
  const selected = cluster
    ? 'is a cluster, which has one database alone'
    : await probe.select(db).catch(refusal);
  if (selected === 'OK') return;
  const said = `the URL of the store names database ${db}: ${selected}. Leave the number out, or name one that is there.`;
  throw new Fault('no_such_database', said, { retryable: false });
}

/** What a server says against a command; where it is away it has said nothing. */
function refusal(error: unknown): string {
  if (isAway(asFault(error))) throw error;
  return String(error);
}

function singleStore(url: string, checking: Checking): Store {
  return {
    cluster: false,
    connect: (name) => connect(url, name, checking),
    reader: (_partition, _commands, name) => blockingReader(connect(url, name, checking)),
    idle: () => pausing(limits.timerLookMs),
    replicas: (keys) => replicasOfOne(() => connect(url, 'arena-wait', checking), { node: url, keys }),
    tellTo: () => undefined,
    close: () => undefined,
  };
}

function clusterStore(urls: readonly string[]): Store {
  const scout = connectCluster(urls, 'arena-wake-ups', limits.sweepMs);
  const { tell, tellTo } = createTroubles();
  const wakeUps = createWakeUps(scout, tell);
  return {
    cluster: true,
    connect: (name) => connectCluster(urls, name),
    reader({ feed }, commands) {
      wakeUps.listen(feed);
      return wokenReader(commands, wakeUps, feed);
    },
    idle({ feed }) {
      wakeUps.listen(feed);
      return listening(wakeUps, feed);
    },
    replicas: (keys) => replicasOfCluster(scout, keys),
    tellTo,
    close() {
      wakeUps.close();
      scout.disconnect();
    },
  };
}
