// A Valkey Cluster as a connection: commands find the primary of their slot, follow slots that move, and fail
// at once while a primary is away, as on a single Valkey.

import { Cluster, type Redis } from 'iovalkey';
import { backAfterMs, gathering, optionsFor, type Valkey } from './connection.ts';

/** Of every cluster; from 0 to one less. */
export const slotCount = 16_384;

/** `host:port`. */
export type NodeKey = string;

// A slot that has moved is found by the reply of its old node; a primary that is gone, by its lost
// connection.
const slotsLookMs = 10_000;

/**
 * `urls`: any of its nodes. User, password and TLS are those of the first one, and the same for all.
 * `lookMs`: how often it asks where the slots are, for a connection that sends no commands and so hears
 * nothing of it.
 */
export function connectCluster(urls: readonly string[], name: string, lookMs = slotsLookMs): Cluster {
  const [first] = urls;
  if (first === undefined) throw new Error('a cluster needs an address');
  const { username, password, protocol } = new URL(first);
  const tls = protocol === 'rediss:' || protocol === 'valkeys:';
  const cluster = new Cluster(
    urls
      .map((url) => new URL(url))
      .map(({ hostname, port }) => ({
        // Brackets belong to the URL, not to the address.
        host: hostname.replace(/^\[(.*)\]$/, '$1'),
        port: Number(port || 6_379),
      })),
    {
      enableOfflineQueue: false,
      // For slots without a primary the commands say so themselves, and the other slots are served.
      enableReadyCheck: false,
      clusterRetryStrategy: backAfterMs,
      // The sender of a command knows whether it may be sent again; the client does not.
      retryDelayOnFailover: 0,
      retryDelayOnClusterDown: 0,
      slotsRefreshInterval: lookMs,
      // With TLS a certificate is for the name that the cluster gives, not for an address.
      ...(tls ? { dnsLookup: (address, callback) => callback(null, address) } : {}),
      redisOptions: {
        ...optionsFor(name),
        // A node that loads its data says so to each command; the client would keep them until it is done.
        enableReadyCheck: false,
        ...(username === '' ? {} : { username: decodeURIComponent(username) }),
        ...(password === '' ? {} : { password: decodeURIComponent(password) }),
        ...(tls ? { tls: {} } : {}),
      },
    },
  );
  cluster.on('error', () => undefined);
  // Also of a node that is no longer one of its own.
  cluster.on('+node', (node: Redis) => gathering(node.on('error', () => undefined)));
  cluster.on('node error', () => cluster.refreshSlotsCache());
  // Readers of 64 partitions share it and wait for it together.
  cluster.setMaxListeners(0);
  return cluster;
}

/** Where a connection goes to. */
export const nodeKeyOf = ({ options }: Redis): NodeKey => `${options.host}:${options.port}`;

/** The primary that has a slot, as known now. */
export const primaryOf = (cluster: Cluster, slot: number): NodeKey | null => cluster.slots[slot]?.[0] ?? null;

/** A connection to each primary, or the one to the only server there is. */
export const primariesOf = (connection: Valkey): Redis[] =>
  connection instanceof Cluster ? connection.nodes('master') : [connection];

/** A connection of one's own to a node, which ends when the node is gone; null where none is known by now. */
export function connectionTo(cluster: Cluster, node: NodeKey, name: string): Redis | null {
  const known = cluster.nodes('master').find((one) => nodeKeyOf(one) === node);
  if (known === undefined) return null;
  const connection = known.duplicate({
    connectionName: name,
    lazyConnect: false,
    retryStrategy: () => null,
    enableOfflineQueue: true,
  });
  connection.on('error', () => undefined);
  return connection;
}
