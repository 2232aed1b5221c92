// The server's side of the engine: one library of Valkey Functions. Library and function names end in a hash
// of the source, so old and new processes run side by side; it is loaded where it is missing and never
// replaced.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Valkey } from './connection.ts';
import { asFault } from './connection.ts';

const files = ['commit', 'consume', 'rooms', 'memory', 'boards'] as const;
const names = [
  'commit',
  'start',
  'failed',
  'renew',
  'release',
  'bury',
  'requeue',
  'drop',
  'note_operation',
  'drop_consumer',
  'trim',
  'fire',
  'touch',
  'put_documents',
  'remember',
  'publish',
] as const;
export type FunctionName = (typeof names)[number];

// Operators must get out of a full server, so whatever only frees or acknowledges is allowed then.
const allowedWhenFull: ReadonlySet<FunctionName> = new Set([
  'renew',
  'release',
  'drop',
  'drop_consumer',
  'trim',
]);

const source = files
  .map((file) => readFileSync(new URL(`functions/${file}.lua`, import.meta.url), 'utf8'))
  .join('\n');
export const version = createHash('sha256').update(names.join()).update(source).digest('hex').slice(0, 10);

const registrations = names.map((name) => {
  const flags = allowedWhenFull.has(name) ? `, flags = {'allow-oom'}` : '';
  return `redis.register_function{function_name = '${name}_${version}', callback = ${name}${flags}}`;
});
const library = [`#!lua name=arena_${version}`, source, ...registrations].join('\n');

/** Loads the library unless this version is there. Any number of processes may do so at once. */
async function loadFunctions(connection: Valkey): Promise<void> {
  try {
    await connection.call('FUNCTION', 'LOAD', library);
  } catch (error) {
    if (!/already exists/.test(String(error))) throw asFault(error);
  }
}

const Libraries = z.array(z.array(z.unknown()));

/** Whether this version is loaded, and which other versions of ours are, by name. */
export async function libraries(connection: Valkey): Promise<{ own: boolean; others: string[] }> {
  const reply = await connection
    .call('FUNCTION', 'LIST', 'LIBRARYNAME', 'arena_*')
    .catch((error: unknown) => {
      throw asFault(error);
    });
  const found = Libraries.parse(reply).map((library) => String(library[library.indexOf('library_name') + 1]));
  const own = `arena_${version}`;
  return { own: found.includes(own), others: found.filter((name) => name !== own) };
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
  try {
    return await call();
  } catch (error) {
    throw asFault(error);
  }
}
