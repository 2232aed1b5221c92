// What operators did: every action that changes something is an event of its own, beside the dead letters of
// its partition. What puts back or drops a letter notes it in the same step.

import { z } from 'zod';
import { limits } from '../contract/limits.ts';
import { orFault, type Valkey } from '../valkey/connection.ts';
import { fieldsOf } from '../valkey/fields.ts';
import { callFunction } from '../valkey/functions.ts';
import type { Keys } from '../valkey/keys.ts';

export interface Operation {
  readonly verb: string;
  /** Who: a person at a machine, or the console. */
  readonly by: string;
  /** Empty where it was about no stream that is known. */
  readonly stream: string;
  /** What it did, in a few words. */
  readonly about: string;
}

export interface RecordedOperation extends Operation {
  readonly id: string;
  /** Valkey's clock, in ms. */
  readonly at: number;
}

const Fields = z.object({ verb: z.string(), by: z.string(), about: z.string() });

/** Field, value, …: how many operations are kept comes first. `idField`: under which the stream is told. */
export const noteOf = (idField: string, { verb, by, stream, about }: Operation): (string | number)[] => [
  limits.operationsKept,
  ...Object.entries({ verb, by, [idField]: stream, about }).flat(),
];

/** Notes what was done outside of a function of its own. */
export async function noteOperation(
  connection: Valkey,
  { operations, idField }: { readonly operations: string; readonly idField: string },
  operation: Operation,
): Promise<void> {
  await callFunction(connection, 'note_operation', [operations], noteOf(idField, operation));
}

/** The latest operations, the newest first. Throws Fault when the store is away. */
export async function readOperations(
  connection: Valkey,
  { partitions }: Keys,
  { idField, count }: { readonly idField: string; readonly count: number },
): Promise<RecordedOperation[]> {
  const found = await Promise.all(
    partitions.map(({ operations }) =>
      orFault(() => connection.xrevrange(operations, '+', '-', 'COUNT', count)),
    ),
  );
  const all = found.flat().map(([id, flat]) => {
    const fields = fieldsOf(flat);
    return { id, at: Number(id.split('-')[0]), ...Fields.parse(fields), stream: fields[idField] ?? '' };
  });
  return all.sort((a, b) => b.at - a.at).slice(0, count);
}
