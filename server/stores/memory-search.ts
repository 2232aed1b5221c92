// The server's Search module, asked in the syntax that the versions of several makers share: one index per
// embedder's space, flat, so that it should give exactly the nearest. What comes back is judged elsewhere.

import { decodeTime, isValid, ulid } from 'ulid';
import { RoomCode } from '../../core/ids.ts';
import type { Valkey } from '../../streams/parts.ts';
import type { GameKeys } from './keys.ts';
import type { MemoryIndex, MemorySpace } from './memory-index.ts';
import { bytesOf, type Shelf } from './memory-question.ts';
import { createTrial, missing, modulesOf, type Trial, type Trying, trialMsMax, whyNot } from './modules.ts';
import type { Form } from './standing.ts';

/** No method understands an error of the module: each maker has other words. */
export interface SearchIndex extends MemoryIndex {
  /** Where it is there it stays. Resolves before it is filled. Throws what the driver throws. */
  create(): Promise<void>;
  /** The questions stay. */
  drop(): Promise<void>;
}

interface Place {
  readonly name: string;
  readonly prefix: string;
  readonly form: Exclude<Form, 'string'>;
}

function createIndex(connection: Valkey, { name, prefix, form }: Place, space: MemorySpace): SearchIndex {
  const json = form === 'json';
  const field = (path: string) => (json ? [`$.${path}`, 'AS', path] : [path]);
  return {
    async create() {
      const numbers = ['TYPE', 'FLOAT32', 'DIM', space.dimensions, 'DISTANCE_METRIC', 'COSINE'];
      const vector = ['VECTOR', 'FLAT', numbers.length, ...numbers];
      const schema = [...field('embedding'), ...vector, ...field('room'), 'TAG', ...field('space'), 'TAG'];
      const on = ['ON', json ? 'JSON' : 'HASH', 'PREFIX', 1, prefix];
      await connection.call('FT.CREATE', name, ...on, 'SCHEMA', ...schema);
    },
    async drop() {
      await connection.call('FT.DROPINDEX', name);
    },
    async find({ embedding, room, count }) {
      const filter = room === null ? `@space:{${space.space}}` : `@space:{${space.space}} @room:{${room}}`;
      const query = `(${filter})=>[KNN ${count} @embedding $vector AS score]`;
      const vector = ['PARAMS', 2, 'vector', bytesOf(embedding)];
      const rows = ['NOCONTENT', 'LIMIT', 0, count, 'DIALECT', 2];
      return idsOf(await connection.call('FT.SEARCH', name, query, ...vector, ...rows), prefix);
    },
  };
}

/** Of hashes it has a name of its own: processes whose users may do different things share the server. */
export function searchIndexOn({ connection, prefix }: Shelf, form: Place['form'], space: MemorySpace) {
  const name = `memory_${space.space}${form === 'hash' ? '_hash' : ''}`;
  return createIndex(connection, { name, prefix, form }, space);
}

/** A reply without content is the number of rows and their keys. */
function idsOf(reply: unknown, prefix: string): string[] {
  const [, ...keys] = Array.isArray(reply) ? reply.map(String) : [];
  return keys.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
}

/**
 * Makes a tiny index, asks it for neighbours that are known, and drops it again. Null where each was found,
 * else why not. Throws Fault when the store is away.
 */
export async function trySearch(
  shelf: Shelf,
  form: Place['form'],
  dimensions: number,
): Promise<string | null> {
  const { connection } = shelf;
  const id = ulid().toLowerCase();
  const space = { space: `${trialPrefix}${id}`, dimensions };
  const prefix = `${shelf.prefix}${space.space}:`;
  const index = createIndex(connection, { name: `memory_${space.space}`, prefix, form }, space);
  try {
    await dropForgotten(connection);
    await index.create();
    for (const one of known) await putTrial({ connection, prefix }, form, { ...one, ...space });
    for (const { room, turn, ids } of wanted) {
      const found = await index.find({ embedding: directionOf(turn, dimensions), room, count: ids.length });
      if (found.join() === ids.join()) continue;
      return `of three questions it found ${found.join(' and ') || 'none'} instead of ${ids.join(' and ')}`;
    }
    await index.drop();
    return null;
  } catch (error) {
    return whyNot(error);
  } finally {
    await index.drop().catch(whyNot);
    await connection.del(...known.map((one) => prefix + one.id)).catch(whyNot);
  }
}

/** As the memory uses it, for those who only say how the store is. On a cluster it is not used. */
export function createSearch(
  connection: Valkey,
  { memory }: GameKeys,
  json: Trial,
  trying: Trying = {},
): Trial {
  const shelf = { connection, prefix: memory.question };
  const attempt = async () => {
    const { search } = await modulesOf(connection);
    if (!search || memory.question.startsWith('{')) return missing;
    return trySearch(shelf, (await json.usable()) ? 'json' : 'hash', trialDimensions);
  };
  return createTrial({ connection, code: 'search_unusable', attempt }, trying);
}

export const trialDimensions = 8;

// On the quarter of a circle between two axes; 0 is the first one.
const [here, there] = [RoomCode.parse('AAAAAA'), RoomCode.parse('BBBBBB')];
const known = [
  { id: 'east', room: here, turn: 0 },
  { id: 'north', room: here, turn: 1 },
  { id: 'between', room: there, turn: 0.5 },
] as const;
const wanted = [
  { room: null, turn: 0.1, ids: ['east'] },
  { room: null, turn: 0.9, ids: ['north', 'between'] },
  { room: here, turn: 0.4, ids: ['east', 'north'] },
  { room: there, turn: 0.1, ids: ['between'] },
] as const;

function directionOf(turn: number, dimensions: number): Float32Array {
  const vector = new Float32Array(dimensions);
  vector[0] = Math.cos((turn * Math.PI) / 2);
  vector[1] = Math.sin((turn * Math.PI) / 2);
  return vector;
}

async function putTrial(
  { connection, prefix }: Shelf,
  form: Place['form'],
  one: (typeof known)[number] & MemorySpace,
): Promise<void> {
  const { id, room, space, turn, dimensions } = one;
  const embedding = directionOf(turn, dimensions);
  if (form === 'hash') {
    await connection.hset(prefix + id, { room, space, embedding: bytesOf(embedding) });
  } else {
    const text = JSON.stringify({ room, space, embedding: [...embedding] });
    await connection.call('JSON.SET', prefix + id, '$', text);
  }
  await connection.pexpire(prefix + id, trialMsMax);
}

const trialPrefix = 'trial_';

/** What a trial made whose process was killed in it. */
async function dropForgotten(connection: Valkey): Promise<void> {
  const names = await connection.call('FT._LIST').catch(whyNot);
  for (const name of Array.isArray(names) ? names.map(String) : []) {
    const id = name.startsWith(`memory_${trialPrefix}`) ? name.slice(`memory_${trialPrefix}`.length) : null;
    if (id === null || !isValid(id.toUpperCase())) continue;
    if (decodeTime(id.toUpperCase()) > Date.now() - trialMsMax) continue;
    await connection.call('FT.DROPINDEX', name).catch(whyNot);
  }
}
