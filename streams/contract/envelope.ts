// The one codec of events: what stands in a log entry, as typed data and back. Old versions are lifted as
// they are read; what is written once is read for ever, so it is read here before it is written.

import { z } from 'zod';
import type { Envelope, Stamp, StreamDefinition, StreamTypes } from './definition.ts';
import { Fault } from './fault.ts';
import { isPlain } from './plain-schema.ts';
import { createFitting, type Json } from './stamp-fields.ts';

/** Thrown for an entry that cannot be read; retrying does not help, so it becomes a dead letter. */
export class UnreadableEvent extends Error {
  override readonly name = 'UnreadableEvent';
  readonly code = 'unreadable_event';
  readonly retryable = false;
}

/** An entry as stored: `rev` and `at` as numbers, `type` and the JSON text `e` of the envelope. */
export interface StoredEvent {
  readonly rev: number;
  readonly at: number;
  readonly type: string;
  readonly e: string;
}

export interface Codec<S extends StreamTypes> {
  /** @throws UnreadableEvent naming revision and reason. */
  decode(entry: StoredEvent): S['event'];
  /** The text of field `e`: the envelope without its type, which is a field of its own. */
  encode(envelope: Envelope<S>): string;
  /**
   * The event with its data as every reader will have it: taken through JSON and back.
   * @throws Fault `unwritable_event` for one that no reader of the log would take: its stream would end; and
   * for one that each reading would change again.
   */
  readable(event: S['newEvent']): S['newEvent'];
  /**
   * The same for an event with its stamp, whose data is readable already.
   * @throws Fault `unwritable_event`.
   */
  stamped(event: S['newEvent'] & Stamp): Envelope<S>;
}

const cure =
  'Where its schema has changed since it was written: raise `version` of the definition and add an upcaster from the version before.';

function objectIn(text: string): Json {
  const value: unknown = JSON.parse(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  throw new Error('what it holds is no object of JSON');
}

const afterJson = 'as JSON it is no longer what its schema takes';

const unwritable = (type: string, why: string, cause?: unknown): Fault =>
  new Fault('unwritable_event', `${type} cannot be written: ${why}`, { retryable: false, cause });

/** Data as its schema gives it. `where`: what came before, in words. @throws Fault `unwritable_event`. */
function fitting(type: string, schema: z.ZodType, given: unknown, where?: string): unknown {
  const said = (why: string) => (where === undefined ? why : `${where}: ${why}`);
  try {
    const { success, error, data } = schema.safeParse(given);
    if (success) return data;
    throw unwritable(type, said(z.prettifyError(error)), error);
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    // A check or a transform of the schema threw, or it is async.
    throw unwritable(type, said(String(cause)), cause);
  }
}

/** @throws Fault `unwritable_event` for what JSON does not carry: a bigint, or what holds itself. */
function textOf(type: string, data: unknown): string | undefined {
  try {
    return JSON.stringify(data);
  } catch (cause) {
    throw unwritable(type, `it is no JSON (${String(cause)})`, cause);
  }
}

export function createCodec<S extends StreamTypes>(definition: StreamDefinition<S>): Codec<S> {
  const { schemas, scope, version, upcasters } = definition;
  const fitted = createFitting(scope);
  const plain = new Set(Object.keys(schemas).filter((type) => isPlain(schemas[type])));
  const schemaOf = (type: string): z.ZodType => {
    const schema = Object.hasOwn(schemas, type) ? schemas[type] : undefined;
    if (schema === undefined) throw new Error(`no event of ${definition.name} is called ${type}`);
    return schema;
  };

  /** Lifts an envelope of an older version to the present one; a version from the future is refused. */
  function upcast(raw: Json, type: string): Json {
    const { v } = raw;
    if (v === version) return raw;
    const lift = typeof v === 'number' ? upcasters.get(v) : undefined;
    if (lift !== undefined) return upcast(lift(raw, type), type);
    throw new Error(`event version ${String(v)} is not known here (newest known: ${version})`);
  }

  return {
    decode({ rev, at, type, e }) {
      try {
        const raw = upcast(objectIn(e), type);
        const data = schemaOf(type).parse(raw['data']);
        const event = fitted(raw, { type, data });
        event['rev'] = rev;
        event['at'] = at;
        return event as unknown as S['event'];
      } catch (cause) {
        const reason = cause instanceof z.ZodError ? `${z.prettifyError(cause)}\n${cure}` : String(cause);
        throw new UnreadableEvent(`entry ${rev}-0 cannot be read: ${reason}`, { cause });
      }
    },
    encode: ({ type: _type, ...rest }) => JSON.stringify(rest),
    readable(event) {
      // A cast, or a program without types, may put anything into the list.
      const type: unknown = event?.type;
      if (typeof type !== 'string') throw unwritable('an event', 'it has no type');
      if (!Object.hasOwn(schemas, type)) throw unwritable(type, `${definition.name} declares no such event`);
      const schema = schemaOf(type);
      const given = fitting(type, schema, event.data);
      const text = textOf(type, given);
      // Absent data is read as absent: JSON has no word for it.
      const read: unknown = text === undefined ? undefined : JSON.parse(text);
      if (plain.has(type)) return { ...event, data: read } as S['newEvent'];
      const data = fitting(type, schema, read, afterJson);
      if (textOf(type, data) === text) return { ...event, data } as S['newEvent'];
      throw unwritable(type, 'its schema makes something else of it at every reading');
    },
    stamped(event) {
      const { type, data } = event;
      try {
        return fitted(event as unknown as Json, { type, data }) as Envelope<S>;
      } catch (error) {
        if (error instanceof z.ZodError) throw unwritable(type, z.prettifyError(error), error);
        throw error;
      }
    },
  };
}
