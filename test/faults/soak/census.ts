// What a store holds, by families of keys: how many, how many bytes, how many things in those that all rooms
// share. For a soak, which asks what becomes more and what is left at the end.

import type { Valkey } from '../../../streams/parts.ts';

export interface Family {
  readonly keys: number;
  readonly bytes: number;
  /** Fields, entries and members in all of them. */
  readonly things: number;
}

export type Census = Readonly<Record<string, Family>>;

/** Ids of rooms, games, rounds and days are left out of a name. */
export const familyOfKey = (key: string): string => ids.reduce((name, id) => name.replace(id, '*'), key);

const ids = [
  /(?<=:)[0-9A-HJKMNP-TV-Z]{26}$/,
  /(?<=:)\d{4}-\d\d-\d\d$/,
  /(?<=^memory:index:)\w+$/,
  /(?<=:)[A-HJ-NP-Z2-9]{6}(?=:|$)/,
  /(?<=:)\d+$/,
];

const countOf: Readonly<Record<string, string>> = {
  hash: 'hlen',
  stream: 'xlen',
  zset: 'zcard',
  set: 'scard',
  list: 'llen',
};

export async function censusOf(commands: Valkey): Promise<Census> {
  const all: Record<string, Family> = {};
  let cursor = '0';
  do {
    const [next, keys] = (await commands.call('SCAN', cursor, 'COUNT', 1_000)) as [string, string[]];
    cursor = next;
    const held = await Promise.all(keys.map((key) => heldIn(commands, key)));
    for (const [at, { bytes, things }] of held.entries()) {
      const family = familyOfKey(keys[at] ?? '');
      const known = all[family] ?? { keys: 0, bytes: 0, things: 0 };
      all[family] = { keys: known.keys + 1, bytes: known.bytes + bytes, things: known.things + things };
    }
  } while (cursor !== '0');
  return all;
}

async function heldIn(commands: Valkey, key: string): Promise<Pick<Family, 'bytes' | 'things'>> {
  const [kind, bytes] = await Promise.all([commands.type(key), commands.call('MEMORY', 'USAGE', key)]);
  const command = countOf[kind];
  const things = command === undefined ? 1 : Number(await commands.call(command, key));
  return { bytes: Number(bytes ?? 0), things };
}

/** Keys of rooms: none may be left of rooms that have gone. */
export const ofRooms = (census: Census): readonly string[] =>
  Object.keys(census).filter((family) =>
    /^(game:(events|meta|done|tokens|presence|docs|state|round|leaderboard)|agent):/.test(family),
  );
