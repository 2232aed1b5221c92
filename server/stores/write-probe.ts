// Does the store take writes? Found out by writing, as commits do: reading goes on where nothing can be
// written. Each question for a server's health asks here, too, so it writes no more than now and then.

import slotOf from 'cluster-key-slot';
import { z } from 'zod';
import { limits } from '../../core/limits.ts';
import { missingRights, silence, unreplicated } from '../../streams/admin.ts';
import { isAway } from '../../streams/engine.ts';
import {
  asFault,
  infoOf,
  isCluster,
  type NodeKey,
  nodeKeyOf,
  primariesOf,
  primaryOf,
  type Valkey,
} from '../../streams/parts.ts';
import { callStore } from './functions.ts';
import type { GameKeys, GamePartition } from './keys.ts';
import { type Refusal, refusalIn, withCure } from './refusals.ts';
import { helpfulRights, namesOf, type Right, rightsFor } from './rights.ts';

/** A primary, and the partitions that it keeps. */
export interface Place {
  readonly node: NodeKey;
  readonly partitions: readonly GamePartition[];
}

/** Why a primary takes no writes, or none from us; null where it takes them. */
export interface Looked extends Place {
  readonly refusal: Refusal | null;
}

/** Every primary that keeps something of the game, as known now. */
export function placesOf(connection: Valkey, { partitions }: GameKeys): Place[] {
  if (!isCluster(connection)) {
    return primariesOf(connection).map((primary) => ({ node: nodeKeyOf(primary), partitions }));
  }
  const kept = partitions.flatMap((partition) => {
    const node = primaryOf(connection, slotOf(partition.feed));
    return node === null ? [] : [{ node, partition }];
  });
  return [...Map.groupBy(kept, ({ node }) => node)].map(([node, all]) => ({
    node,
    partitions: all.map(({ partition }) => partition),
  }));
}

const Missing = z.array(z.number());

const inCluster = ({ partitions }: GameKeys): boolean => partitions.length > 1;

/** Writes there, unless a right is missing; gives those that are. */
async function probe(connection: Valkey, { partitions }: Place, rights: readonly Right[]): Promise<Right[]> {
  const [first] = partitions;
  if (first === undefined) return [];
  const words = rights.flatMap((right) => [right.words.length, ...right.words]);
  const numbers = Missing.parse(await callStore(connection, 'probe', [first.probe], words));
  return rights.filter((_, index) => numbers.includes(index + 1));
}

/** Rights that our user had better have there; null where none is missing. Throws Fault. */
export async function lacksThere(connection: Valkey, keys: GameKeys, place: Place): Promise<Refusal | null> {
  const rights = helpfulRights(place.partitions, inCluster(keys));
  return refusalOf(connection, await probe(connection, place, rights), rights);
}

/** Writes there. Throws Fault when that primary is away. */
export async function probeWrites(connection: Valkey, keys: GameKeys, place: Place): Promise<Refusal | null> {
  const rights = rightsFor(keys, place.partitions, inCluster(keys));
  try {
    return await refusalOf(connection, await probe(connection, place, rights), rights);
  } catch (error) {
    const refused = refusalIn(error);
    if (refused === null) throw error;
    return refused;
  }
}

const refusalOf = async (connection: Valkey, missing: readonly Right[], asked: readonly Right[]) =>
  missing.length === 0 ? null : withCure(missingRights(namesOf(missing, asked), await userOf(connection)));

/** Who we are there; null where that is not told. */
const userOf = (connection: Valkey): Promise<string | null> =>
  connection.call('ACL', 'WHOAMI').then(String, () => null);

interface Asked {
  readonly at: number;
  /** What is known by now: within `limits.writeProbeMsMax`. */
  readonly looked: Promise<readonly Looked[]>;
  /** Until then no other write is sent. */
  over: boolean;
}

export interface Probing {
  /** In ms. */
  readonly clock: () => number;
  /** Whether what is acknowledged has to be on a replica. */
  readonly replicated: boolean;
}

/**
 * Looks at every primary at once; one that is away is left out. However often it is called, it writes once
 * within `limits.writeProbeEveryMs`, and not again while a write has no answer.
 */
export function createWriteProbe(connection: Valkey, keys: GameKeys, { clock, replicated }: Probing) {
  let last: Asked | null = null;

  function ask(): Asked {
    const places = placesOf(connection, keys);
    const writes = places.map((place) => ({ place, write: lookAt(connection, keys, { place, replicated }) }));
    const asked: Asked = {
      at: clock(),
      looked: Promise.all(writes.map(({ place, write }) => inTime(place, write))).then((all) =>
        all.filter((one) => one !== null),
      ),
      over: false,
    };
    void Promise.allSettled(writes.map(({ write }) => write)).then(() => {
      asked.over = true;
    });
    return asked;
  }

  return async (): Promise<readonly Looked[]> => {
    const fresh = last !== null && (!last.over || clock() - last.at < limits.writeProbeEveryMs);
    last = last !== null && fresh ? last : ask();
    const looked = await last.looked;
    // What was away may be back at any moment.
    if (looked.length < placesOf(connection, keys).length) last = null;
    return looked;
  };
}

async function lookAt(
  connection: Valkey,
  keys: GameKeys,
  { place, replicated }: Pick<Probing, 'replicated'> & { readonly place: Place },
): Promise<Looked | null> {
  try {
    const refusal = await probeWrites(connection, keys, place);
    const alone = refusal === null && replicated && (await isAlone(connection, place));
    return { ...place, refusal: alone ? withCure(unreplicated) : refusal };
  } catch (error) {
    const fault = asFault(error);
    if (isAway(fault)) return null;
    throw fault;
  }
}

/** False also where INFO is forbidden: then it is not known. */
async function isAlone(connection: Valkey, { node }: Place): Promise<boolean> {
  const primary = primariesOf(connection).find((one) => nodeKeyOf(one) === node);
  const info = primary === undefined ? null : await infoOf(primary, 'replication');
  return /^connected_slaves:0/m.test(info ?? '');
}

function inTime(place: Place, write: Promise<Looked | null>): Promise<Looked | null> {
  const { promise, resolve } = Promise.withResolvers<Looked>();
  const late = setTimeout(() => resolve({ ...place, refusal: silence }), limits.writeProbeMsMax);
  return Promise.race([write, promise]).finally(() => clearTimeout(late));
}
