// Libraries of Valkey Functions: what must be one step. Library and function names end in a hash of the
// source, so old and new processes run side by side; a library is loaded where it is missing and never
// replaced.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Redis } from 'iovalkey';
import { z } from 'zod';
import { primariesOf } from './cluster.ts';
import { asFault, orFault, type Valkey } from './connection.ts';
import { fieldsOf } from './fields.ts';

type Argument = string | number | Buffer;
/** `allow-oom`: runs on a full server, too. `no-writes`: reads alone, and is refused if it writes. */
type Flag = 'allow-oom' | 'no-writes';

export interface Library<Name extends string> {
  /** As the server lists it. */
  readonly name: string;
  /** Loads it unless this version is there. Any number of processes may do so at once. Throws Fault. */
  load(connection: Valkey): Promise<void>;
  /**
   * Calls a function; loads the library first where the server lost it (a flush, a new primary).
   * @throws Fault `unavailable` when the server is away; what happened to the call is then unknown.
   */
  call(connection: Valkey, name: Name, keys: readonly string[], args: readonly Argument[]): Promise<unknown>;
}

/**
 * `sources`: Lua that defines a function `(keys, args)` under each name. `prefix`: of its name at the server.
 */
export function defineLibrary<const Name extends string>(
  prefix: string,
  sources: readonly URL[],
  functions: Readonly<Record<Name, Flag | null>>,
): Library<Name> {
  const source = sources.map((file) => readFileSync(file, 'utf8')).join('\n');
  const names = Object.keys(functions) as Name[];
  const version = createHash('sha256').update(names.join()).update(source).digest('hex').slice(0, 10);
  const registrations = names.map((name) => {
    const flag = functions[name] === null ? '' : `, flags = {'${functions[name]}'}`;
    return `redis.register_function{function_name = '${name}_${version}', callback = ${name}${flag}}`;
  });
  const text = [`#!lua name=${prefix}_${version}`, source, ...registrations].join('\n');

  async function load(connection: Valkey): Promise<void> {
    const loadAt = async (primary: Redis) => {
      try {
        await primary.call('FUNCTION', 'LOAD', text);
      } catch (error) {
        if (!/already exists/.test(String(error))) throw asFault(error);
      }
    };
    await Promise.all(primariesOf(connection).map(loadAt));
  }

  return {
    name: `${prefix}_${version}`,
    load,
    async call(connection, name, keys, args) {
      const call = () => connection.fcall(`${name}_${version}`, keys.length, ...keys, ...args);
      try {
        return await call();
      } catch (error) {
        if (!/Function not found/.test(String(error))) throw asFault(error);
      }
      await load(connection);
      return orFault(call);
    },
  };
}

const beside = (file: string): URL => new URL(file, import.meta.url);

/**
 * The engine's own. Operators must get out of a full server: what only reads, frees or acknowledges may
 * run.
 */
export const engineLibrary = defineLibrary(
  'arena',
  ['shared', 'commit-arguments', 'commit', 'consume', 'streams'].map((name) => beside(`${name}.lua`)),
  {
    commit: null,
    start: null,
    failed: null,
    renew: 'allow-oom',
    release: 'allow-oom',
    uncount: 'allow-oom',
    take_rate: null,
    dead_letter: null,
    requeue: null,
    drop: 'allow-oom',
    note_operation: null,
    drop_consumer: 'allow-oom',
    trim: 'allow-oom',
    moment: 'no-writes',
    look: 'no-writes',
    fire: null,
    delete_stream: 'allow-oom',
  },
);

/** Calls a function of the engine's own library. Throws Fault. */
export const callFunction = engineLibrary.call;

const Libraries = z.array(z.array(z.unknown()));

/** Names of all libraries that begin so, on every primary. Throws Fault. */
export async function librariesOf(connection: Valkey, prefix: string): Promise<readonly string[][]> {
  const ask = (primary: Redis) =>
    orFault(() => primary.call('FUNCTION', 'LIST', 'LIBRARYNAME', `${prefix}_*`));
  const replies = await Promise.all(primariesOf(connection).map(ask));
  return replies.map((reply) =>
    Libraries.parse(reply).map((library) => String(fieldsOf(library)['library_name'])),
  );
}
