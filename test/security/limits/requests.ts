// Every field of every request, as its schema bounds it: found by walking the schemas, so that a new field is
// tried, too, and one without a bound is found.

import { z } from 'zod';
import { limits } from '../../../core/limits.ts';
import { type RequestType, requestData } from '../../../core/protocol.ts';
import { text } from './judged.ts';

const key = text(limits.intentKeyCharsMin);
const aRound = { roundId: 'r', key };
const aPlayer = { playerId: 'p', key };

/** Each request with all that it may have. */
export const whole: Readonly<Record<RequestType, Readonly<Record<string, unknown>>>> = {
  join: {
    ...{ room: 'r', role: 'host', name: 'Ada', nonce: text(limits.nonceCharsMin) },
    ...{ token: 't', epoch: 'e', s: 0 },
  },
  answer: { roundId: 'r', answer: 'FACT' },
  start: { after: 'g', key },
  end: { game: 'g', key },
  pause: { key },
  resume: { key },
  settings: {
    ...{ topic: 'Rivers', difficulty: 'easy', rounds: 10, seconds: 10, streaks: true },
    ...{ speedPoints: true, autoAdvance: true, locked: false, key },
  },
  kick: aPlayer,
  ban: aPlayer,
  skip: aRound,
  close: aRound,
  next: aRound,
  extend: { ...aRound, ms: 1_000 },
  leave: {},
  report: { roundId: 'r', reason: 'wrong' },
  ping: {},
};

type Shape = Readonly<{
  type?: string;
  enum?: readonly unknown[];
  anyOf?: readonly Shape[];
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
}>;

export interface Bounded {
  readonly field: string;
  readonly fits: readonly unknown[];
  readonly unfit: readonly unknown[];
}

const free = new Set(['boolean', 'null']);

/** The edges of one value, on both of their sides; null for one that has no bound. */
function edgesOf(shape: Shape): Omit<Bounded, 'field'> | null {
  const { type = '', minLength = 0, maxLength, maximum } = shape;
  const least = [shape.minimum ?? [], (shape.exclusiveMinimum ?? Number.NaN) + 1].flat();
  const minimum = least.filter((one) => !Number.isNaN(one)).sort((a, b) => b - a)[0];
  if (shape.enum !== undefined || free.has(type)) return { fits: [], unfit: [] };
  if (type === 'string' && maxLength !== undefined) {
    const short = minLength > 0 ? [text(minLength - 1)] : [];
    return { fits: [text(Math.max(1, minLength)), text(maxLength)], unfit: [...short, text(maxLength + 1)] };
  }
  if ((type === 'integer' || type === 'number') && minimum !== undefined && maximum !== undefined) {
    return { fits: [minimum, maximum], unfit: [minimum - 1, maximum + 1] };
  }
  return null;
}

/** Fields of a request with their edges, and the names of those that have none. */
export function fieldsOf(schema: z.ZodType): { readonly bounded: Bounded[]; readonly unbounded: string[] } {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const all = Object.entries(properties as Readonly<Record<string, Shape>>).map(([field, shape]) => ({
    field,
    edges: (shape.anyOf ?? [shape]).map(edgesOf),
  }));
  return {
    unbounded: all.filter(({ edges }) => edges.includes(null)).map(({ field }) => field),
    bounded: all.map(({ field, edges }) => ({
      field,
      fits: edges.flatMap((edge) => edge?.fits ?? []),
      unfit: edges.flatMap((edge) => edge?.unfit ?? []),
    })),
  };
}

export const requestTypes = Object.keys(requestData) as RequestType[];
