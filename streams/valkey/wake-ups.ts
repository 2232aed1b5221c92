// Wake-ups on a cluster: whatever writes to a partition's streams publishes one, by sharded Pub/Sub on the
// node where they are. It may be missed: readers wait for it no longer than a sweep, and it carries no data.

import slotOf from 'cluster-key-slot';
import type { Cluster, Redis } from 'iovalkey';
import { isAway } from '../contract/fault.ts';
import { limits } from '../contract/limits.ts';
import { connectionTo, type NodeKey, primaryOf } from './cluster.ts';
import { asFault } from './connection.ts';
import type { TellTrouble } from './trouble.ts';

export interface WakeUps {
  /** Listens for this stream from now on; its channel has its name. May be called again. */
  listen(stream: string): void;
  /** How many came for a stream: what a wait needs to know that it missed nothing. */
  heard(stream: string): number;
  /** Resolves at the first one after `heard`, after `ms` or `limits.sweepMs`, or when aborted. */
  wait(stream: string, until: { heard: number; ms: number; signal: AbortSignal }): Promise<void>;
  close(): void;
}

interface Listened {
  count: number;
  readonly waiting: Set<() => void>;
}

/** `tell`: that our user may not publish them, or not listen, while it lasts. */
export function createWakeUps(cluster: Cluster, tell: TellTrouble): WakeUps {
  const all = new Map<string, Listened>();
  const wake = (stream: string) => {
    const listened = all.get(stream);
    if (listened === undefined) return;
    listened.count += 1;
    for (const resolve of [...listened.waiting]) resolve();
  };
  const subscribers = openSubscribers(cluster, all.keys.bind(all), { wake, refusals: createRefusals(tell) });
  return {
    listen(stream) {
      if (all.has(stream)) return;
      all.set(stream, { count: 0, waiting: new Set() });
      subscribers.look(stream);
    },
    heard: (stream) => all.get(stream)?.count ?? 0,
    async wait(stream, { heard, ms, signal }) {
      const listened = all.get(stream);
      if (listened === undefined || listened.count !== heard || signal.aborted) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, Math.max(0, Math.min(ms, limits.sweepMs)));
      const woken = () => resolve();
      listened.waiting.add(woken);
      signal.addEventListener('abort', woken, { once: true });
      await promise;
      clearTimeout(timer);
      listened.waiting.delete(woken);
      signal.removeEventListener('abort', woken);
    },
    close: subscribers.close,
  };
}

interface Subscriber {
  readonly connection: Redis;
  readonly channels: Set<string>;
}

/**
 * Listens to each channel at the primary that has its slot now. A connection for each primary: the client's
 * own subscriber gets a part of the channels only. Channels move with their slots, and primaries die, so it
 * looks again and again where they are.
 */
function openSubscribers(
  cluster: Cluster,
  channels: () => Iterable<string>,
  { wake, refusals }: { readonly wake: (channel: string) => void; readonly refusals: Refusals },
) {
  const subscribers = new Map<NodeKey, Subscriber>();

  function subscriberAt(node: NodeKey): Subscriber | null {
    const known = subscribers.get(node);
    if (known !== undefined) return known;
    const connection = connectionTo(cluster, node, 'wake-ups');
    if (connection === null) return null;
    const subscriber = { connection, channels: new Set<string>() };
    connection.on('smessage', wake);
    connection.once('end', () => subscribers.get(node) === subscriber && subscribers.delete(node));
    subscribers.set(node, subscriber);
    return subscriber;
  }

  async function follow(channel: string): Promise<void> {
    const node = primaryOf(cluster, slotOf(channel));
    for (const [other, { connection, channels: subscribed }] of subscribers) {
      // A node that has lost the slot has ended the subscription itself.
      if (other !== node && subscribed.delete(channel)) {
        connection.sunsubscribe(channel).catch(() => undefined);
      }
    }
    const subscriber = node === null ? null : subscriberAt(node);
    if (subscriber === null || subscriber.channels.has(channel)) return;
    subscriber.channels.add(channel);
    try {
      await subscriber.connection.ssubscribe(channel);
      // What was written before is there to be read.
      wake(channel);
      refusals.over(channel);
    } catch (error) {
      // Mostly the slot is on its way; the next look finds its new place.
      subscriber.channels.delete(channel);
      refusals.met(channel, error);
    }
  }

  const publishing = tryPublishing(cluster, channels, refusals);
  const lookAt = (channel: string) => {
    if (cluster.status === 'ready') void follow(channel);
  };
  const lookAtAll = () => {
    // A dead connection is found by a reply that does not come; a connection that only listens would wait for
    // ever.
    for (const { connection } of subscribers.values()) connection.ping().catch(() => undefined);
    for (const channel of channels()) lookAt(channel);
    if (cluster.status === 'ready') publishing();
  };
  const looking = setInterval(lookAtAll, limits.sweepMs);
  cluster.on('ready', lookAtAll);

  return {
    look: lookAt,
    close() {
      clearInterval(looking);
      cluster.off('ready', lookAtAll);
      for (const { connection } of subscribers.values()) connection.disconnect();
    },
  };
}

// Slots move and primaries change within seconds; what lasts for longer does not pass by itself.
const looksPatient = 5;
const publishing = 'publishing';

/**
 * A user who may listen may perhaps not publish, and no commit says so. Tried once, and where it is refused
 * now and then again, on connections that last no longer: one that listens can do nothing else.
 */
function tryPublishing(cluster: Cluster, channels: () => Iterable<string>, refusals: Refusals): () => void {
  let looks = 0;
  let well = false;
  async function tryAll(): Promise<void> {
    const nodes = Map.groupBy(channels(), (channel) => primaryOf(cluster, slotOf(channel)));
    for (const [node, [channel]] of nodes) {
      const connection = node === null ? null : connectionTo(cluster, node, 'wake-ups-trial');
      if (connection === null || channel === undefined) continue;
      try {
        await connection.spublish(channel, '');
        well = true;
      } catch (error) {
        well = false;
        refusals.met(publishing, error);
        return;
      } finally {
        connection.disconnect();
      }
    }
    if (well) refusals.over(publishing);
  }
  return () => {
    const [any] = channels();
    // Before anything is listened to there is nowhere to publish.
    if (!well && any !== undefined && looks++ % looksPatient === 0) void tryAll();
  };
}

type Refusals = ReturnType<typeof createRefusals>;

/** Tells when channels are refused again and again, and when none is any more. */
function createRefusals(tell: TellTrouble) {
  const times = new Map<string, number>();
  let lasting = false;
  return {
    met(channel: string, error: unknown) {
      if (isAway(asFault(error))) return;
      const count = (times.get(channel) ?? 0) + 1;
      times.set(channel, count);
      lasting ||= count >= looksPatient || channel === publishing;
      if (lasting) tell('wake_ups_refused', String(error));
    },
    over(channel: string) {
      times.delete(channel);
      if (!lasting || times.size > 0) return;
      lasting = false;
      tell('wake_ups_refused', null);
    },
  };
}
