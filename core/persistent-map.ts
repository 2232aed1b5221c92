// A map of texts that never changes: a changed one is another map, which shares all but a few small lists
// with the one before. So a step costs the same in a room of ten and of ten thousand. A hash trie (Bagwell,
// "Ideal Hash Trees", 2001): each level looks at five bits of a key's hash, and a branch holds as many places
// as it needs. Plain objects all the way down, so the engine's kit freezes and compares it as any state.

import { hash32 } from './hash32.ts';

interface Leaf<V> {
  readonly key: string;
  readonly value: V;
}
/** `bits`: which of the 32 places are taken; `places` holds those, in order. */
interface Branch<V> {
  readonly bits: number;
  readonly places: readonly Node<V>[];
}
/** Keys whose hashes are the same. */
interface Bucket<V> {
  readonly leaves: readonly Leaf<V>[];
}
type Node<V> = Leaf<V> | Branch<V> | Bucket<V>;

/** Null: nothing is in it. */
export type PersistentMap<V> = Node<V> | null;

const bitsPerLevel = 5;
const hashBits = 32;

export function valueAt<V>(map: PersistentMap<V>, key: string): V | undefined {
  const hash = hash32(key);
  let node = map;
  for (let shift = 0; node !== null; shift += bitsPerLevel) {
    if ('key' in node) return node.key === key ? node.value : undefined;
    if ('leaves' in node) return node.leaves.find((leaf) => leaf.key === key)?.value;
    const bit = bitOf(hash, shift);
    if ((node.bits & bit) === 0) return undefined;
    node = node.places[placeOf(node.bits, bit)] ?? null;
  }
  return undefined;
}

/** The map with this value at its key, in place of what stood there. */
export function withValue<V>(map: PersistentMap<V>, key: string, value: V): PersistentMap<V> {
  const leaf = { key, value };
  return map === null ? leaf : put(map, leaf, hash32(key), 0);
}

/** The same keys with other values; in one pass. */
export function mapped<V, W>(map: PersistentMap<V>, change: (value: V) => W): PersistentMap<W> {
  return map === null ? null : changed(map, change);
}

/** In no order that means anything. */
export function* valuesOf<V>(map: PersistentMap<V>): Generator<V> {
  if (map === null) return;
  if ('key' in map) yield map.value;
  else if ('leaves' in map) for (const { value } of map.leaves) yield value;
  else for (const node of map.places) yield* valuesOf(node);
}

function put<V>(node: Node<V>, leaf: Leaf<V>, hash: number, shift: number): Node<V> {
  if ('places' in node) {
    const bit = bitOf(hash, shift);
    const place = placeOf(node.bits, bit);
    const there = (node.bits & bit) === 0 ? undefined : node.places[place];
    const next = there === undefined ? leaf : put(there, leaf, hash, shift + bitsPerLevel);
    const places = node.places.toSpliced(place, there === undefined ? 0 : 1, next);
    return { bits: node.bits | bit, places };
  }
  if ('key' in node && node.key === leaf.key) return leaf;
  if (shift >= hashBits) {
    const others = 'leaves' in node ? node.leaves.filter(({ key }) => key !== leaf.key) : [node];
    return { leaves: [...others, leaf] };
  }
  // Two keys at one place: a level deeper their hashes may differ.
  const bit = bitOf(hashIn(node), shift);
  return put({ bits: bit, places: [node] }, leaf, hash, shift);
}

function changed<V, W>(node: Node<V>, change: (value: V) => W): Node<W> {
  if ('key' in node) return { key: node.key, value: change(node.value) };
  if ('leaves' in node)
    return { leaves: node.leaves.map(({ key, value }) => ({ key, value: change(value) })) };
  return { bits: node.bits, places: node.places.map((one) => changed(one, change)) };
}

const hashIn = (node: Leaf<unknown> | Bucket<unknown>): number =>
  hash32('key' in node ? node.key : (node.leaves[0]?.key ?? ''));

const bitOf = (hash: number, shift: number): number => 1 << ((hash >>> shift) & 31);

/** How many of the places before this one are taken. */
function placeOf(bits: number, bit: number): number {
  let set = bits & (bit - 1);
  set -= (set >>> 1) & 0x55555555;
  set = (set & 0x33333333) + ((set >>> 2) & 0x33333333);
  return (((set + (set >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}
