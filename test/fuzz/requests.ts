// Requests made from the schemas of the protocol, and bent: fields of another type, too much of everything,
// names that objects have by birth, texts that look like others or hide, and JSON that is none.

import { z } from 'zod';
import { requestData } from '../../core/protocol.ts';
import type { Chance } from './chance.ts';

interface Schema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
}

export const verbs = Object.keys(requestData) as (keyof typeof requestData)[];
type Verb = (typeof verbs)[number];

const schemas = Object.fromEntries(
  Object.entries(requestData).map(([verb, schema]) => [verb, z.toJSONSchema(schema, { io: 'input' })]),
) as unknown as Readonly<Record<Verb, Schema>>;

/** What a field is filled with that only the server knows: mostly right, now and then another's. */
const known: Readonly<Record<string, readonly string[]>> = {
  room: ['«room»', '«room»', '«room»', '«otherRoom»'],
  name: ['«name»'],
  nonce: ['«nonce»'],
  token: ['«token»', '«hostToken»', '«otherToken»'],
  epoch: ['«epoch»'],
  roundId: ['«roundId»', '«roundId»', '«roundId»', '«oldRoundId»', '«game»'],
  game: ['«game»', '«game»', '«roundId»'],
  after: ['«game»', '«oldRoundId»'],
  playerId: ['«playerId»', '«me»', '«roundId»'],
  key: ['«key»', '«key»', '«usedKey»'],
};

function valueFor(schema: Schema, name: string, chance: Chance): unknown {
  const names = known[name];
  if (names !== undefined && chance.percent(94)) return chance.pick(names);
  if (schema.anyOf !== undefined) return valueFor(chance.pick(schema.anyOf), '', chance);
  if (schema.enum !== undefined) return chance.pick(schema.enum);
  const { type, minLength = 0, maxLength = 40, maximum = 2 ** 31 } = schema;
  const minimum = schema.exclusiveMinimum ?? schema.minimum ?? 0;
  switch (type) {
    case 'string':
      return chance.word(chance.pick([minLength, maxLength, minLength + chance.int(20)]));
    case 'integer':
      return chance.pick([minimum, maximum, minimum + chance.int(Math.min(maximum - minimum, 50) + 1)]);
    case 'boolean':
      return chance.percent(50);
    case 'object':
      return dataOf(schema, chance);
    default:
      return null;
  }
}

function dataOf({ properties = {}, required = [] }: Schema, chance: Chance): Record<string, unknown> {
  const named = Object.entries(properties).filter(([name]) => required.includes(name) || chance.percent(45));
  return Object.fromEntries(named.map(([name, schema]) => [name, valueFor(schema, name, chance)]));
}

/** The data of a request that its schema takes. */
export const fitting = (verb: Verb, chance: Chance): Record<string, unknown> => dataOf(schemas[verb], chance);

const oddTexts: readonly string[] = [
  ...['', ' ', '\u0000', '\u202eevil', 'A\u0301'.repeat(30), '\ud800', '\ufeff', '\u2028', '\u200b\u200b'],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'null', 'undefined', 'NaN', 'true', '0'],
  ...['<img src=x onerror=alert(1)>', '"><script>', "';DROP TABLE", '{{7*7}}', '%s%n', '../../etc'],
  ...[
    '\u001b[2J\u001b]0;x\u0007',
    '\r\nX: y',
    '=cmd()',
    'javascript:alert(1)',
    '𝕒𝕕𝕞𝕚𝕟',
    '👩‍👩‍👧‍👦'.repeat(9),
  ],
  ...['ß'.repeat(80), 'ﷺ'.repeat(40), 'İ'.repeat(80), 'x'.repeat(3_000), '*', '{}', 'game:events:*', '-1-1'],
];
const oddNumbers: readonly number[] = [
  ...[-1, 0, -0, 1.5, 1e308, -1e308, 5e-324, 2 ** 31, 2 ** 32, 2 ** 53, 2 ** 53 + 2, -(2 ** 63), 1e21],
];

function odd(chance: Chance): unknown {
  switch (chance.int(7)) {
    case 0:
      return chance.pick(oddNumbers);
    case 1:
      return chance.pick([null, true, false, [], {}]);
    case 2:
      return nested(chance.pick([5, 50, 600]), chance);
    case 3:
      return Array.from({ length: chance.int(200) }, (_, n) => n);
    case 4:
      return JSON.parse('{"__proto__":{"role":"host"},"constructor":{"prototype":{"role":"host"}}}');
    case 5:
      return `\u00ab${chance.word(5)}`;
    default:
      return chance.pick(oddTexts);
  }
}

function nested(depth: number, chance: Chance): unknown {
  let value: unknown = 1;
  const inList = chance.percent(50);
  for (let n = 0; n < depth; n++) value = inList ? [value] : { a: value };
  return value;
}

const birthNames = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'key',
  'role',
  'id',
  't',
  '',
  'room',
];

/** Data with one to three things wrong. */
export function bent(data: Record<string, unknown>, chance: Chance): unknown {
  if (chance.percent(8)) return odd(chance);
  // With a null prototype, so that `__proto__` is a field like any other.
  const made: Record<string, unknown> = Object.assign(Object.create(null), data);
  for (let times = 1 + chance.int(3); times > 0; times--) {
    const names = Object.keys(made);
    const name = names.length > 0 && chance.percent(70) ? chance.pick(names) : chance.pick(birthNames);
    if (chance.percent(20)) delete made[name];
    else made[name] = odd(chance);
  }
  return made;
}

/** A text that was JSON, with bytes lost, changed or said again. */
export function broken(text: string, chance: Chance): string {
  const at = chance.int(text.length + 1);
  const to = at + chance.int(12);
  switch (chance.int(6)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(0, at) + text.slice(to);
    case 2:
      return text.slice(0, at) + chance.pick(['"', '{', '}', ',', '\\', '\u0000', 'NaN', '\\ud800', '1e999']);
    case 3:
      return text.slice(0, to) + text.slice(at);
    case 4:
      return text + text;
    default:
      return text.slice(0, at) + '['.repeat(1 + chance.int(3_000)) + text.slice(at);
  }
}
