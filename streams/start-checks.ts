// What has to hold before a program works on a store, each said in one sentence where it does not: the server
// has functions and lets us call them, no other kind of stream has the name, no group does other work. What
// makes a store lose data is told, and is no reason to stay away.

import { z } from 'zod';
import type { Report } from './consume/report.ts';
import type { StreamTypes } from './contract/definition.ts';
import { Fault } from './contract/fault.ts';
import type { OpenedStream } from './open-stream.ts';
import { primariesOf } from './valkey/cluster.ts';
import { orFault } from './valkey/connection.ts';
import { engineLibrary } from './valkey/functions.ts';
import { infoOf } from './valkey/server-info.ts';

type Checked<S extends StreamTypes> = Pick<OpenedStream<S>, 'definition' | 'commands' | 'keys' | 'ready'>;

/** @throws Error, or Fault `not_permitted`, that says why this store will not do; Fault `unavailable`. */
export async function assertFit<S extends StreamTypes>(
  opened: Checked<S>,
  { report, signal }: { readonly report: Report; readonly signal: AbortSignal },
): Promise<void> {
  await opened.ready(signal);
  await assertFunctions(opened);
  await assertSameKind(opened);
  for (const finding of await risksOf(opened)) report('store_unfit', finding);
}

/** One call finds out whether functions are known, loaded or may be loaded, and may be called. */
async function assertFunctions<S extends StreamTypes>({ commands, keys }: Checked<S>): Promise<void> {
  try {
    await engineLibrary.call(commands, 'moment', [keys.kind], []);
  } catch (error) {
    if (!(error instanceof Fault && /unknown command/i.test(error.message))) throw error;
    const said =
      'the store has no functions: Valkey 8, or another server of the kind that knows FCALL, is needed';
    throw new Error(said, { cause: error });
  }
}

const Types = z.array(z.string());

/** Two definitions that share no event are not two versions of one. */
async function assertSameKind<S extends StreamTypes>({
  definition,
  commands,
  keys,
}: Checked<S>): Promise<void> {
  const types = Object.keys(definition.schemas);
  await orFault(() => commands.hsetnx(keys.kind, 'events', JSON.stringify(types)));
  const first = Types.parse(JSON.parse((await orFault(() => commands.hget(keys.kind, 'events'))) ?? '[]'));
  if (first.length === 0 || first.some((type) => types.includes(type))) return;
  throw new Error(
    `the store has another kind of stream called ${definition.name}, with the events ${first.join(', ')}: give this one another name`,
  );
}

/**
 * Agents take the entries of a group one by one, projections all at once: two of both under one name would
 * take each other's.
 * @throws Error where the group does other work; Fault.
 */
export async function assertGroup<S extends StreamTypes>(
  { definition, commands, keys }: Checked<S>,
  group: string,
  work: 'agent' | 'projection',
): Promise<void> {
  await orFault(() => commands.hsetnx(keys.kind, `group:${group}`, work));
  const first = await orFault(() => commands.hget(keys.kind, `group:${group}`));
  if (first === null || first === work) return;
  throw new Error(
    `the group ${group} of ${definition.name} is ${first === 'agent' ? 'an agent' : 'a projection'}'s: give this ${work} another one`,
  );
}

interface Risk extends Readonly<Record<string, string>> {
  readonly what: string;
  readonly cure: string;
}

/** Settings under which a server loses what it has acknowledged. */
async function risksOf<S extends StreamTypes>({ commands }: Checked<S>): Promise<readonly Risk[]> {
  const told = await Promise.all(
    primariesOf(commands).map((primary) => infoOf(primary, 'memory', 'persistence')),
  );
  const info = told.filter((one) => one !== null);
  const some = (pattern: RegExp) => info.some((one) => pattern.test(one));
  return [
    ...(some(/^maxmemory_policy:(?!noeviction)/m)
      ? [
          {
            what: 'the store takes keys out when its memory is full',
            cure: 'CONFIG SET maxmemory-policy noeviction',
          },
        ]
      : []),
    ...(some(/^aof_enabled:0/m)
      ? [{ what: 'the store keeps no file of what it acknowledges', cure: 'CONFIG SET appendonly yes' }]
      : []),
  ];
}
