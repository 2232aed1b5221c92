// The one codec of events: what stands in a log entry, as typed data and back. Old versions are lifted as
// they are read; what is written once is read for ever, so it is read here before it is written.

import { z } from 'zod';
import type { Envelope, Stamp, StreamDefinition, StreamTypes } from './definition.ts';
import { Fault } from './fault.ts';

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
   * The event with its data as every reader will have it.
   * @throws Fault `unwritable_event` for one that no reader of the log would take: its stream would end.
   */
  readable(event: S['newEvent']): S['newEvent'];
}

const stampFields = {
  id: z.string().min(1),
  v: z.int().positive(),
  by: z.string().min(1),
  causationId: z.string().nullable(),
  key: z.string().nullable(),
  /** W3C trace context of the span that caused an event: `00-<trace>-<span>-<flags>`. */
  traceparent: z.string().regex(/^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/),
  intent: z.object({ key: z.string(), content: z.string() }).optional(),
} satisfies Record<keyof Stamp, z.ZodType>;

const cure =
  'Where its schema has changed since it was written: raise `version` of the definition and add an upcaster from the version before.';

const Raw = z.record(z.string(), z.unknown());

export function createCodec<S extends StreamTypes>(definition: StreamDefinition<S>): Codec<S> {
  const { schemas, scope, version, upcasters } = definition;
  const envelope = z.object(stampFields).extend(scope.shape);
  const schemaOf = (type: string): z.ZodType => {
    const schema = Object.hasOwn(schemas, type) ? schemas[type] : undefined;
    if (schema === undefined) throw new Error(`no event of ${definition.name} is called ${type}`);
    return schema;
  };

  /** Lifts an envelope of an older version to the present one; a version from the future is refused. */
  function upcast(raw: Readonly<Record<string, unknown>>, type: string): Readonly<Record<string, unknown>> {
    const { v } = raw;
    if (v === version) return raw;
    const lift = typeof v === 'number' ? upcasters.get(v) : undefined;
    if (lift !== undefined) return upcast(lift(raw, type), type);
    throw new Error(`event version ${String(v)} is not known here (newest known: ${version})`);
  }

  return {
    decode({ rev, at, type, e }) {
      try {
        const raw = upcast(Raw.parse(JSON.parse(e)), type);
        const data = schemaOf(type).parse(raw['data']);
        return { ...envelope.parse(raw), type, data, rev, at } as S['event'];
      } catch (cause) {
        const reason = cause instanceof z.ZodError ? `${z.prettifyError(cause)}\n${cure}` : String(cause);
        throw new UnreadableEvent(`entry ${rev}-0 cannot be read: ${reason}`, { cause });
      }
    },
    encode: ({ type: _type, ...rest }) => JSON.stringify(rest),
    readable(event) {
      const refuse = (why: string, cause?: unknown): never => {
        const said = `${event.type} cannot be written: ${why}`;
        throw new Fault('unwritable_event', said, { retryable: false, cause });
      };
      if (!Object.hasOwn(schemas, event.type)) return refuse(`${definition.name} declares no such event`);
      const { success, error, data } = schemaOf(event.type).safeParse(event.data);
      return success ? ({ ...event, data } as S['newEvent']) : refuse(z.prettifyError(error), error);
    },
  };
}
