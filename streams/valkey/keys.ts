// The names of every key of a kind of stream. On one Valkey they are exactly these; on a cluster every key of
// a partition carries its tag `{pNN}:`, so that all that one commit touches lies in one slot.

import { createHash } from 'node:crypto';
import slotOf from 'cluster-key-slot';

/** Fixed for life: changing it moves streams to other slots. Divides the 16,384 slots, so crc16 is enough. */
const partitionsMax = 64;

/** Keys that all streams of a partition share. */
export interface PartitionKeys {
  /** What the names of its keys begin with: '' on one Valkey. */
  readonly tag: string;
  /** Stream: pointers to what was written, and timers that fired. Consumer groups read it. */
  readonly feed: string;
  /** Stream, capped: that quiet events were written. */
  readonly hints: string;
  /** Sorted set: due moments of timers. */
  readonly timers: string;
  /** Sorted set by name: the same timers, so that those of one stream are found. */
  readonly timerNames: string;
  /** Hash: starts and exceptions of handlers, by group and entry. */
  readonly attempts: string;
  /** Stream: dead letters. */
  readonly dead: string;
  /** Stream: what operators did. */
  readonly operations: string;
  /** Hash: groups that are paused, with who paused them and when. */
  readonly paused: string;
  /** Written behind commits, so that a replica can be asked for all of them at once. */
  readonly mark: string;
}

/** Keys of one stream, with those of its partition. */
export interface StreamKeys extends PartitionKeys {
  readonly log: string;
  /** Hash: what guards look at. */
  readonly meta: string;
  /** Hash: idempotency keys with their results. */
  readonly done: string;
  /** Hash: hashes of secrets to whom they belong. */
  readonly tokens: string;
}

export interface Keys {
  /** One entry on a single Valkey, 64 on a cluster. */
  readonly partitions: readonly PartitionKeys[];
  /** Hash: what this kind of stream is, so that another one does not take its name. */
  readonly kind: string;
  of(stream: string): StreamKeys;
  partitionOf(stream: string): PartitionKeys;
}

/** `name`: of the kind of stream; `hints`: of its stream of hints. */
export function createKeys(
  { name, hints }: { readonly name: string; readonly hints: string },
  { cluster }: { readonly cluster: boolean },
): Keys {
  const partitionTagged = (tag: string): PartitionKeys => ({
    tag,
    feed: `${tag}${name}:feed`,
    hints: `${tag}${name}:${hints}`,
    timers: `${tag}${name}:timers`,
    timerNames: `${tag}${name}:timer-names`,
    attempts: `${tag}${name}:attempts`,
    dead: `${tag}${name}:dead`,
    operations: `${tag}${name}:operations`,
    paused: `${tag}${name}:paused`,
    mark: `${tag}${name}:mark`,
  });
  const tags = cluster
    ? Array.from({ length: partitionsMax }, (_, index) => `{p${String(index).padStart(2, '0')}}:`)
    : [''];
  const partitions = tags.map(partitionTagged);
  const partitionOf = (stream: string): PartitionKeys => {
    const partition = partitions[cluster ? slotOf(stream) % partitionsMax : 0];
    if (partition === undefined) throw new Error('a partition without keys');
    return partition;
  };
  return {
    partitions,
    kind: `${tags[0]}${name}:kind`,
    partitionOf,
    of(stream) {
      const partition = partitionOf(stream);
      const { tag } = partition;
      return {
        ...partition,
        log: `${tag}${name}:events:${stream}`,
        meta: `${tag}${name}:meta:${stream}`,
        done: `${tag}${name}:done:${stream}`,
        tokens: `${tag}${name}:tokens:${stream}`,
      };
    },
  };
}

/**
 * String: when a rate is as if unused again, in µs; expires by then. All partitions share it, so on a cluster
 * it lies in a slot of its own. `name`: of the kind of stream; `key`: what is counted together, any text.
 */
export function rateKey(name: string, group: string, key: string): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([group, key]))
    .digest('hex');
  return `${name}:rate:${digest.slice(0, 32)}`;
}
