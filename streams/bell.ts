// The doorbell of a cluster: whatever writes to a partition's streams rings it, by sharded Pub/Sub on the
// node where they are. It may be missed; nobody waits for it longer than a sweep, and no data comes by it.

import slotOf from 'cluster-key-slot';
import type { Cluster, Redis } from 'iovalkey';
import { limits } from '../core/limits.ts';
import { connectionTo, type NodeKey, primaryOf } from './cluster.ts';

export interface Bell {
  /** How often it has rung for this place: what a wait needs to know that it missed nothing. */
  rung(place: string): number;
  /** Resolves at the first ring after `heard`, after `ms` or `limits.sweepMs`, or when aborted. */
  wait(place: string, until: { heard: number; ms: number; signal: AbortSignal }): Promise<void>;
  close(): void;
}

interface Place {
  rings: number;
  readonly waiting: Set<() => void>;
}

/** `places`: the streams that are rung for; their channels have their names. */
export function createBell(cluster: Cluster, places: readonly string[]): Bell {
  const all = new Map<string, Place>(places.map((name) => [name, { rings: 0, waiting: new Set() }]));
  const ring = (name: string) => {
    const place = all.get(name);
    if (place === undefined) return;
    place.rings += 1;
    for (const wake of [...place.waiting]) wake();
  };
  const ears = openEars(cluster, places, ring);
  return {
    rung: (name) => all.get(name)?.rings ?? 0,
    async wait(name, { heard, ms, signal }) {
      const place = all.get(name);
      if (place === undefined || place.rings !== heard || signal.aborted) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, Math.max(0, Math.min(ms, limits.sweepMs)));
      const wake = () => resolve();
      place.waiting.add(wake);
      signal.addEventListener('abort', wake, { once: true });
      await promise;
      clearTimeout(timer);
      place.waiting.delete(wake);
      signal.removeEventListener('abort', wake);
    },
    close: ears.close,
  };
}

interface Ear {
  readonly connection: Redis;
  readonly hears: Set<string>;
}

/**
 * Hears each channel at the primary that has its slot now. A connection of its own for each: the client's own
 * subscriber hears a part of the channels only. Channels move with their slots, and primaries die, so it
 * looks again and again where they are.
 */
function openEars(cluster: Cluster, channels: readonly string[], ring: (channel: string) => void) {
  const ears = new Map<NodeKey, Ear>();

  function earAt(node: NodeKey): Ear | null {
    const known = ears.get(node);
    if (known !== undefined) return known;
    const connection = connectionTo(cluster, node, 'arena-bell');
    if (connection === null) return null;
    const ear = { connection, hears: new Set<string>() };
    connection.on('smessage', ring);
    connection.once('end', () => ears.get(node) === ear && ears.delete(node));
    ears.set(node, ear);
    return ear;
  }

  async function follow(channel: string): Promise<void> {
    const node = primaryOf(cluster, slotOf(channel));
    for (const [other, { connection, hears }] of ears) {
      // A node that has lost the slot has ended the subscription itself.
      if (other !== node && hears.delete(channel)) connection.sunsubscribe(channel).catch(() => undefined);
    }
    const ear = node === null ? null : earAt(node);
    if (ear === null || ear.hears.has(channel)) return;
    ear.hears.add(channel);
    try {
      await ear.connection.ssubscribe(channel);
      // What was written before is there to be read.
      ring(channel);
    } catch {
      // The slot is on its way; the next look finds its new place.
      ear.hears.delete(channel);
    }
  }

  const look = () => {
    // A line is found to be dead by a reply that does not come; who only listens would wait for ever.
    for (const { connection } of ears.values()) connection.ping().catch(() => undefined);
    if (cluster.status === 'ready') for (const channel of channels) void follow(channel);
  };
  const looking = setInterval(look, limits.sweepMs);
  cluster.on('ready', look);
  return {
    close() {
      clearInterval(looking);
      cluster.off('ready', look);
      for (const { connection } of ears.values()) connection.disconnect();
    },
  };
}
