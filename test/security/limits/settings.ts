// Every setting of the environment with a bound, as its schema says it: found by walking the schemas, so that
// a new setting is tried, too.

import { z } from 'zod';
import { ConfigError, Environment, readConfig } from '../../../server/config/config.ts';
import { text } from './judged.ts';

/** What has to be set, too, lest a value be refused for what it contradicts. */
const beside = { HANDLER_TIMEOUT_MS: '3600000', MODEL_TIMEOUT_MS: '100' };

/** Settings that are named in the refusal of a value; none where it is taken. */
export function refusedBy(name: string, value: string): string[] {
  try {
    readConfig({ ...beside, [name]: value });
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return [...error.message.matchAll(/^ {2}([A-Z_]+): /gm)].map(([, named = '']) => named);
  }
}

interface Bounds {
  readonly type?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
}

export interface Setting {
  readonly name: string;
  readonly fits: readonly string[];
  readonly unfit: readonly string[];
}

const shapes = Object.entries(Environment.shape).map(([name, schema]) => {
  const shape: unknown = z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' });
  const { minimum, maximum, ...rest } = shape as Bounds;
  // What a whole number can be at all is no bound.
  const bound = (value: number | undefined) =>
    Number.isSafeInteger((value ?? Infinity) * 2) ? value : undefined;
  const isNumber = rest.type === 'integer' || rest.type === 'number';
  return { name, isNumber, ...rest, minimum: bound(minimum), maximum: bound(maximum) };
});

/** Numbers that have no bound on one of their sides. */
export const endless: readonly string[] = shapes.flatMap(({ name, isNumber, minimum, maximum }) =>
  isNumber && (minimum === undefined || maximum === undefined) ? [name] : [],
);

/** The edges of each setting that has any. */
export const settings: readonly Setting[] = shapes.flatMap((shape) => {
  const { name, type, minimum, maximum, minLength = 0, maxLength } = shape;
  const step = type === 'integer' ? 1 : 0.01;
  // An empty text is as one that is not set.
  const fits = [minimum ?? [], maximum ?? [], minLength > 0 ? text(minLength) : [], text(maxLength ?? 0)];
  const unfit = [
    minimum === undefined ? [] : minimum - step,
    maximum === undefined ? [] : maximum + step,
    minLength > 1 ? text(minLength - 1) : [],
    maxLength === undefined ? [] : text(maxLength + 1),
  ];
  const said = (values: readonly unknown[]) =>
    values
      .flat()
      .map(String)
      .filter((value) => value !== '');
  return said(unfit).length === 0 ? [] : [{ name, fits: said(fits), unfit: said(unfit) }];
});
