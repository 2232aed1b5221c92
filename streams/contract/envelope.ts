// The one codec of events: what stands in a log entry, as typed data and back. Old versions are lifted as
// they are read; what is written once is read for ever, so it is read here before it is written.

import { z } from 'zod';
import type { Envelope, Stamp, StreamDefinition, StreamTypes } from './definition.ts';
import { Fault } from './fault.ts';
import { isPlain } from './plain-schema.ts';

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

const traceparentShape = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

const stampFields = {
  id: z.string().min(1),
  v: z.int().positive(),
  by: z.string().min(1),
  causationId: z.string().nullable(),
  key: z.string().nullable(),
  /** W3C trace context of the span that caused an event: `00-<trace>-<span>-<flags>`. */
  traceparent: z.string().regex(traceparentShape),
  intent: z.object({ key: z.string(), content: z.string() }).optional(),
} satisfies Record<keyof Stamp, z.ZodType>;

const cure =
  'Where its schema has changed since it was written: raise `version` of the definition and add an upcaster from the version before.';

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';

/** What `stampFields` looks for, without its cost; where it says no, they say why. */
const isStamped = ({ id, by, causationId, key, traceparent, intent }: Stamp): boolean =>
  isText(id) &&
  isText(by) &&
  (causationId === null || typeof causationId === 'string') &&
  (key === null || typeof key === 'string') &&
  traceparentShape.test(traceparent) &&
  (intent === undefined || (typeof intent.key === 'string' && typeof intent.content === 'string'));

const Raw = z.record(z.string(), z.unknown());

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
  const envelope = z.object(stampFields).extend(scope.shape);
  const plain = new Set(Object.keys(schemas).filter((type) => isPlain(schemas[type])));
  const scopeNames = Object.keys(scope.shape);
  /** Values of the scope that fit last, and are taken as they are. */
  let lastScope: readonly unknown[] = [];
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
      const { id, v, by, causationId, key, traceparent, intent, type, data } = event;
      const all = event as unknown as Readonly<Record<string, unknown>>;
      const stamp = { id, v, causationId, key, traceparent, ...(intent === undefined ? {} : { intent }) };
      // What many events of one stream have in common is looked at once.
      if (isStamped(event) && scopeNames.every((name, index) => all[name] === lastScope[index])) {
        const own: Record<string, unknown> = { type, data, ...stamp, by };
        for (const name of scopeNames) own[name] = all[name];
        return own as Envelope<S>;
      }
      const { success, error, data: fit } = envelope.safeParse(event);
      if (!success) throw unwritable(type, z.prettifyError(error), error);
      const same = scopeNames.every((name) => (fit as Readonly<Record<string, unknown>>)[name] === all[name]);
      lastScope = same ? scopeNames.map((name) => all[name]) : [];
      return { type, data, ...fit } as Envelope<S>;
    },
  };
}
