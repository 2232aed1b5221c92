// The server's side of the engine: one library of Valkey Functions. Library and function names end in a hash
// of the source, so old and new processes run side by side; it is loaded where it is missing and never
// replaced.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Redis } from 'iovalkey';
import { z } from 'zod';
import { primariesOf } from './cluster.ts';
import { asFault, orFault, type Valkey } from './connection.ts';
import { fieldsOf } from './fields.ts';

const files = ['commit', 'consume', 'rooms', 'memory', 'boards', 'probe'] as const;
const names = [
  'commit',
  'start',
  'failed',
  'renew',
  'release',
  'uncount',
  'bury',
  'requeue',
  'drop',
  'note_operation',
  'drop_consumer',
  'trim',
  'moment',
  'fire',
  'touch',
  'put_documents',
  'retire',
  'remember',
  'publish',
  'probe',
] as const;
export type FunctionName = (typeof names)[number];

// Operators must get out of a full server, so whatever only reads, frees or acknowledges is allowed then.
const flags: Partial<Readonly<Record<FunctionName, 'allow-oom' | 'no-writes'>>> = {
  moment: 'no-writes',
  renew: 'allow-oom',
  release: 'allow-oom',
  uncount: 'allow-oom',
  drop: 'allow-oom',
  drop_consumer: 'allow-oom',
  retire: 'allow-oom',
  trim: 'allow-oom',
};

const source = files
  .map((file) => readFileSync(new URL(`functions/${file}.lua`, import.meta.url), 'utf8'))
  .join('\n');
export const version = createHash('sha256').update(names.join()).update(source).digest('hex').slice(0, 10);

const registrations = names.map((name) => {
  const flag = flags[name] === undefined ? '' : `, flags = {'${flags[name]}'}`;
  return `redis.register_function{function_name = '${name}_${version}', callback = ${name}${flag}}`;
});
const library = [`#!lua name=arena_${version}`, source, ...registrations].join('\n');

/** Loads the library unless this version is there. Any number of processes may do so at once. */
async function loadFunctions(connection: Valkey): Promise<void> {
  const load = async (primary: Redis) => {
    try {
      await primary.call('FUNCTION', 'LOAD', library);
    } catch (error) {
      if (!/already exists/.test(String(error))) throw asFault(error);
    }
  };
  await Promise.all(primariesOf(connection).map(load));
}

const Libraries = z.array(z.array(z.unknown()));

/** Whether this version is loaded on every primary, and which other versions of ours are, by name. */
export async function libraries(connection: Valkey): Promise<{ own: boolean; others: string[] }> {
  const nodes = await Promise.all(primariesOf(connection).map(librariesOf));
  const own = `arena_${version}`;
  const others = new Set(nodes.flat().filter((name) => name !== own));
  return { own: nodes.every((names) => names.includes(own)), others: [...others] };
}

async function librariesOf(primary: Redis): Promise<string[]> {
  const reply = await orFault(() => primary.call('FUNCTION', 'LIST', 'LIBRARYNAME', 'arena_*'));
  return Libraries.parse(reply).map((library) => String(fieldsOf(library)['library_name']));
}

type Argument = string | number | Buffer;

/**
 * Calls a function of the library; loads it first where the server lost it (a flush, a new primary).
 * @throws Fault `unavailable` when the server is away; what happened to the call is then unknown.
 */
export async function callFunction(
  connection: Valkey,
  name: FunctionName,
  keys: readonly string[],
  args: readonly Argument[],
): Promise<unknown> {
  const call = () => connection.fcall(`${name}_${version}`, keys.length, ...keys, ...args);
  try {
    return await call();
  } catch (error) {
    if (!/Function not found/.test(String(error))) throw asFault(error);
  }
  await loadFunctions(connection);
  return orFault(call);
}
