// What a server says of an error, in whichever shape it says it: OpenAI's, a list of one (Gemini), FastAPI's
// `detail`, text within text (Mistral, proxies). Used by both adapters, for failures and for errors that come
// with a success.

import { z } from 'zod';
import { anything } from './anything.ts';

// Enough for what is read out of it; a page of a proxy has no end.
const charsMax = 4_000;
const depthMax = 9;

const Shape = z.looseObject({
  message: anything,
  msg: anything,
  error: anything,
  detail: anything,
  loc: z
    .array(z.union([z.string(), z.number()]))
    .optional()
    .catch(undefined),
  code: z.union([z.string(), z.number()]).nullish().catch(null),
  param: z.string().nullish().catch(null),
  metadata: z.looseObject({ raw: anything }).nullish().catch(null),
});

/** A line or two, with the code, the parameter and what a server behind the server said. */
export function saidIn(body: string, status: number): string {
  const said = describe(body, depthMax).replace(` (code ${status})`, '');
  return (said === '' ? body : said).slice(0, charsMax);
}

export interface ErrorInSuccess {
  readonly said: string;
  /** The code, where it is a status of HTTP. */
  readonly status: number | null;
}

/** The error within a success, or null. A part that is merely named `error` and empty is none. */
export function errorIn(reply: unknown): ErrorInSuccess | null {
  const one = Array.isArray(reply) && reply.length === 1 ? reply[0] : reply;
  const Failed = z.looseObject({
    error: anything,
    detail: anything,
    object: anything,
    choices: z
      .array(z.looseObject({ error: anything }))
      .nullish()
      .catch(null),
  });
  const parsed = Failed.safeParse(one);
  if (!parsed.success) return null;
  const { error, detail, object, choices } = parsed.data;
  const wrong = [error, choices?.[0]?.error, object === 'error' ? one : null].find(isSomething);
  const found = wrong ?? (choices == null && isSomething(detail) ? detail : null);
  if (found === null) return null;
  const said = describe(found, depthMax).slice(0, charsMax);
  const code = Number(Shape.safeParse(found).data?.code ?? Number.NaN);
  return {
    said: said === '' ? 'an error without words' : said,
    status: code >= 400 && code < 600 ? code : null,
  };
}

function isSomething(value: unknown): boolean {
  if (typeof value === 'string') return value.trim() !== '';
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

function describe(value: unknown, depth: number): string {
  if (depth === 0 || value === null || value === undefined) return '';
  if (typeof value === 'string') return describeText(value, depth);
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) {
    const parts = value.slice(0, 10).map((part) => describe(part, depth - 1));
    return parts.filter((part) => part !== '').join('; ');
  }
  const parsed = Shape.safeParse(value);
  return parsed.success ? describeShape(parsed.data, depth) : '';
}

/** Some put the JSON of another server into their message. */
function describeText(text: string, depth: number): string {
  if (!/^\s*[{[]/.test(text)) return text.trim();
  try {
    return describe(JSON.parse(text), depth - 1) || text.trim();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return text.trim();
  }
}

function describeShape(shape: z.infer<typeof Shape>, depth: number): string {
  const { message, msg, error, detail, loc, code, param, metadata } = shape;
  const first = [message, msg, error, detail]
    .map((part) => describe(part, depth - 1))
    .find((said) => said !== '');
  const at = loc === undefined ? '' : `${loc.join('.')}: `;
  let said = `${at}${first ?? ''}`;
  const add = (extra: string) => {
    if (extra !== '' && !said.includes(extra)) said = `${said} (${extra})`.trim();
  };
  add(describe(metadata?.raw, depth - 1));
  add(param ?? '');
  if (code !== null && code !== undefined && code !== '') add(`code ${code}`);
  return said;
}
