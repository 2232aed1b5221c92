// The mind of the fake models: it invents arithmetic statements, rewords them and recomputes them, so that
// three fakes that know nothing of each other can play a whole game, agreeing about every truth. And the many
// ways in which a reply goes wrong.

import { z } from 'zod';

export type Role = 'researcher' | 'writer' | 'editor' | 'unknown';

/** What a model may say instead of an answer; everything else that goes wrong does so on the wire. */
export const slips = [
  'prose',
  'half-json',
  'wrong-shape',
  'wrong-language',
  'empty-list',
  'ten-thousand-words',
  'html',
  'nothing',
] as const;
export type Slip = (typeof slips)[number];

export interface Prompt {
  readonly role: Role;
  /** The first text of the user: the one that holds the data. */
  readonly input: string;
}

/** Which of the three is asked, told by the fields it has to fill. */
export function roleOf(schema: unknown): Role {
  const shape = z.object({ properties: z.record(z.string(), z.unknown()) }).safeParse(schema);
  const fields = new Set(Object.keys(shape.data?.properties ?? {}));
  if (fields.has('facts') && fields.has('fakes')) return 'researcher';
  if (fields.has('truth')) return 'editor';
  return fields.has('statement') ? 'writer' : 'unknown';
}

/** A good answer as a JSON text. `serial` makes what a researcher invents unlike that of any other call. */
export function goodAnswer({ role, input }: Prompt, serial: number): string {
  if (role === 'researcher') return JSON.stringify(invented(serial));
  const statement = statementIn(input);
  return JSON.stringify(role === 'editor' ? judged(statement) : { statement: reworded(statement) });
}

/** A reply that cannot be used. */
export function slip(kind: Slip, prompt: Prompt, serial: number): string {
  const good = goodAnswer(prompt, serial);
  switch (kind) {
    case 'prose':
      return 'Sure! Here are some wonderful statements for your game. The first one is about numbers.';
    case 'half-json':
      return good.slice(0, good.length / 2);
    case 'wrong-shape':
      return JSON.stringify({ answer: 42 });
    case 'wrong-language':
      return inGerman(prompt.role);
    case 'empty-list':
      return prompt.role === 'researcher' ? JSON.stringify({ facts: [], fakes: [] }) : '[]';
    case 'ten-thousand-words':
      return good.replace(/"(statement|explanation)":"/g, `"$1":"${'word '.repeat(10_000)}`);
    case 'html':
      return '<!doctype html><html><body><h1>502 Bad Gateway</h1></body></html>';
    case 'nothing':
      return '';
  }
}

const source = {
  sourceName: 'Euclid, Elements',
  sourceUrl: 'https://mathcs.clarku.edu/~djoyce/java/elements/',
};

function invented(serial: number) {
  const facts = [serial * 2, serial * 2 + 1].map((n) => ({ ...sum(n, 0), ...source }));
  const fakes = [
    { ...sum(serial * 2 + 1_000, (serial % 9) + 1), ...source },
    { ...composite(serial), ...source },
  ];
  return { facts, fakes };
}

function sum(n: number, off: number) {
  const [a, b] = [n + 11, ((n * 7) % 80) + 12];
  return {
    statement: `The sum of ${a} and ${b} is ${a + b + off}.`,
    evidence: `Added together, ${a} and ${b} make ${a + b}.`,
  };
}

function composite(n: number) {
  const [a, b] = [2 * n + 5, 2 * n + 9];
  return {
    statement: `The number ${a * b} is a prime number.`,
    evidence: `It is the product of ${a} and ${b}.`,
  };
}

function reworded(statement: string): string {
  return `In plain arithmetic, ${statement.charAt(0).toLowerCase()}${statement.slice(1)}`;
}

function judged(statement: string) {
  const [a, b, c] = (/sum of (\d+) and (\d+) is (\d+)/i.exec(statement) ?? []).slice(1).map(Number);
  if (a !== undefined && b !== undefined) {
    return {
      explanation: `The sum is ${a + b}.`,
      truth: a + b === c ? 'FACT' : 'FAKE',
      confidence: 0.97,
      ...source,
    };
  }
  const n = Number(/number (\d+) is a prime/i.exec(statement)?.[1] ?? Number.NaN);
  if (Number.isNaN(n))
    return { explanation: 'This is not arithmetic.', truth: 'FAKE', confidence: 0.2, ...source };
  const divisor = [2, 3, 5, 7, 11, 13].concat(range(17, Math.sqrt(n))).find((d) => d < n && n % d === 0);
  const explanation = divisor === undefined ? 'It has no divisors.' : `It can be divided by ${divisor}.`;
  return { explanation, truth: divisor === undefined ? 'FACT' : 'FAKE', confidence: 0.95, ...source };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, Math.floor(to) - from + 1) }, (_, index) => from + index);
}

function inGerman(role: Role): string {
  const statement = 'Die Summe von 12 und 30 ist nicht größer als die Zahl 42, und das ist ein Satz.';
  const explanation = 'Die Summe ist 42, und das steht auch in einem Buch der Mathematik.';
  const found = [{ statement, evidence: explanation, ...source }];
  if (role === 'researcher') return JSON.stringify({ facts: found, fakes: found });
  if (role === 'writer') return JSON.stringify({ statement });
  return JSON.stringify({ explanation, truth: 'FACT', confidence: 0.9, ...source });
}

/** The statement that a prompt holds as quoted data. */
function statementIn(input: string): string {
  const json = /<data>\n([\s\S]*)\n<\/data>/.exec(input)?.[1] ?? '{}';
  return z.object({ statement: z.string() }).catch({ statement: '' }).parse(JSON.parse(json)).statement;
}
