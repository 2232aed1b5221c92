// What every event carries beside its data, the stamp and the scope: looked at when it is written, and again
// whenever it is read.

import { z } from 'zod';
import type { Stamp } from './definition.ts';
import { limits } from './limits.ts';

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

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';

/** What `stampFields` looks for, without its cost; where it says no, they say why. */
const isStamped = ({ id, v, by, causationId, key, traceparent, intent }: Stamp): boolean =>
  Number.isSafeInteger(v) &&
  v > 0 &&
  isText(id) &&
  isText(by) &&
  (causationId === null || typeof causationId === 'string') &&
  (key === null || typeof key === 'string') &&
  isText(traceparent) &&
  traceparentShape.test(traceparent) &&
  (intent === undefined || (typeof intent?.key === 'string' && typeof intent.content === 'string'));

const stampNames = ['id', 'v', 'by', 'causationId', 'key', 'traceparent'] as const;

export type Json = Readonly<Record<string, unknown>>;

/** Fits what an event carries beside its data, after what the result begins with. @throws ZodError */
export type Fitting = (given: Json, begin: Record<string, unknown>) => Record<string, unknown>;

/** Values of a field that fit, so that each is looked at once; one that is no primitive never counts. */
function createKnown(schema: z.ZodType): (value: unknown) => boolean {
  const known = new Set<unknown>();
  return (value) => {
    if (known.has(value)) return true;
    if (value === undefined || (typeof value === 'object' && value !== null)) return false;
    const { success, data } = schema.safeParse(value);
    if (!success || data !== value) return false;
    if (known.size >= limits.fitValuesKept) known.clear();
    known.add(value);
    return true;
  };
}

/** `scope`: what the events of a stream have in common, such as its id. */
export function createFitting(scope: z.ZodObject): Fitting {
  const envelope = z.object(stampFields).extend(scope.shape);
  const fields = Object.entries(scope.shape).map(([name, schema]) => ({
    name,
    fits: createKnown(schema as z.ZodType),
  }));

  return (given, begin) => {
    if (!isStamped(given as unknown as Stamp) || !fields.every(({ name, fits }) => fits(given[name]))) {
      return { ...begin, ...envelope.parse(given) };
    }
    for (const name of stampNames) begin[name] = given[name];
    if (given['intent'] !== undefined) begin['intent'] = given['intent'];
    for (const { name } of fields) begin[name] = given[name];
    return begin;
  };
}
