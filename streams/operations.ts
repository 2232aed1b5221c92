// What operators did: every action that changes something is an event of its own, beside the dead letters of
// its partition. What puts back or drops a letter notes it in the same step.

import { z } from 'zod';
import { limits } from '../core/limits.ts';
import { orFault, type Valkey } from './connection.ts';
import { fieldsOf } from './fields.ts';
import { callFunction } from './functions.ts';
import type { Keys } from './keys.ts';

const verbs = ['requeue', 'drop', 'rebuild', 'retract', 'import', 'archive', 'forget'] as const;

export interface Operation {
  readonly verb: (typeof verbs)[number];
  /** Who: a person at a machine, or the console. */
  readonly by: string;
  /** Empty where nobody knows which room it was about. */
  readonly room: string;
  /** What it did, in a few words. */
  readonly about: string;
}

export interface RecordedOperation extends Operation {
  readonly id: string;
  /** Valkey's clock, in ms. */
  readonly at: number;
}

const Fields = z.object({ verb: z.enum(verbs), by: z.string(), room: z.string(), about: z.string() });

/** Field, value, …: how many operations are kept comes first. */
export const noteOf = ({ verb, by, room, about }: Operation): (string | number)[] => [
  limits.operationsKept,
  'verb',
  verb,
  'by',
  by,
  'room',
  room,
  'about',
  about,
];

/** Notes what was done outside of a function of its own. */
export async function noteOperation(connection: Valkey, stream: string, operation: Operation): Promise<void> {
  await callFunction(connection, 'note_operation', [stream], noteOf(operation));
}

/** The latest operations, the newest first. Throws Fault when the store is away. */
export async function readOperations(
  connection: Valkey,
  { partitions }: Keys,
  count: number,
): Promise<RecordedOperation[]> {
  const found = await Promise.all(
    partitions.map(({ operations }) =>
      orFault(() => connection.xrevrange(operations, '+', '-', 'COUNT', count)),
    ),
  );
  const all = found
    .flat()
    .map(([id, fields]) => ({ id, at: Number(id.split('-')[0]), ...Fields.parse(fieldsOf(fields)) }));
  return all.sort((a, b) => b.at - a.at).slice(0, count);
}
