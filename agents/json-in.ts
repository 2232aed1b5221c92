// The JSON in what a model wrote: beside thoughts, in a fence, between sentences that have braces of their
// own. It gives every value that could be meant, the likeliest first; the schema decides.

import { limits } from '../core/limits.ts';

export interface Found {
  readonly value: unknown;
  /** What was done to get it, a line, or null. */
  readonly note: string | null;
}

/** As models and their servers mark what is thought aloud. */
const thinking = [
  ['<think>', '</think>'],
  ['<thinking>', '</thinking>'],
  ['<thought>', '</thought>'],
  ['<reasoning>', '</reasoning>'],
  ['<reflection>', '</reflection>'],
  ['[THINK]', '[/THINK]'],
  ['◁think▷', '◁/think▷'],
  ['<|channel|>analysis', '<|channel|>final<|message|>'],
] as const;

/** What was meant for others, and what was thought and never ended. */
export function withoutThoughts(text: string): { text: string; unended: string } {
  // An answer may speak of such a mark.
  if (parsed(text.trim()) !== null) return { text: text.trim(), unended: '' };
  const left = thinking.reduce((rest, [begin, end]) => withoutEnded(rest, begin, end), text);
  const begins = thinking.map(([begin]) => left.indexOf(begin)).filter((at) => at >= 0);
  if (begins.length === 0) return { text: left.trim(), unended: '' };
  const begun = Math.min(...begins);
  return { text: left.slice(0, begun).trim(), unended: left.slice(begun) };
}

/** Without each thought that ends, and without all before an end that has no beginning. */
function withoutEnded(text: string, begin: string, end: string): string {
  let left = text;
  for (;;) {
    const begun = left.indexOf(begin);
    const ended = left.indexOf(end, Math.max(0, begun));
    if (begun < 0 || ended < 0) break;
    left = left.slice(0, begun) + left.slice(ended + end.length);
  }
  const last = left.lastIndexOf(end);
  return last < 0 ? left : left.slice(last + end.length);
}

/** Values in the text: all of it, else balanced objects and lists, the last first, and what they wrap. */
export function jsonIn(text: string): Found[] {
  const whole = parsed(text.trim());
  const note = 'other text stood around the answer';
  const found = whole === null ? valuesIn(text, { left: triesMax }) : [whole];
  return found
    .slice(0, foundMax)
    .map((one) => ({ ...one, note: one.note ?? (whole === null ? note : null) }))
    .flatMap((one) => [one, ...wrappedIn(one.value)]);
}

/** Whether it begins something that it does not end: what is whole in it is a part at most. */
export function isUnfinished(text: string): boolean {
  const begun = text.search(/[{[]/);
  return begun >= 0 && endOf(text, begun) === null;
}

// An answer has one; a list of examples a few. A text of nothing but braces is not tried to its end.
const foundMax = 20;
const triesMax = 40;

/** What a list, a single field or a text holds: one level, no deeper. */
function wrappedIn(value: unknown): Found[] {
  const note = 'the answer was wrapped in something else';
  if (typeof value === 'string') return jsonIn(value).map((found) => ({ ...found, note }));
  if (typeof value !== 'object' || value === null) return [];
  const inner = Array.isArray(value) ? value.toReversed() : Object.values(value);
  return inner.filter((one) => typeof one === 'object' && one !== null).map((one) => ({ value: one, note }));
}

/** From the last balanced part to the first; within one that is no JSON it is looked further. */
function valuesIn(text: string, tries: { left: number }): Found[] {
  const values: Found[] = [];
  for (const span of spansIn(text).toReversed()) {
    if (tries.left <= 0) break;
    tries.left -= 1;
    const value = parsed(span);
    values.push(...(value === null ? valuesIn(span.slice(1, -1), tries) : [value]));
  }
  return values;
}

// A reply of twenty thousand braces would be looked through twenty thousand times.
const stepsMax = 20 * limits.replyCharsMax;

/** Balanced parts from left to right, none within another. */
function spansIn(text: string): string[] {
  const spans: string[] = [];
  let steps = 0;
  for (let at = 0; at < text.length && steps < stepsMax; at += 1) {
    if (text[at] !== '{' && text[at] !== '[') continue;
    const end = endOf(text, at);
    steps += (end ?? text.length) - at;
    if (end === null) continue;
    spans.push(text.slice(at, end));
    at = end - 1;
  }
  return spans;
}

const closing: Readonly<Record<string, string>> = { '{': '}', '[': ']' };

/** Behind the bracket that closes the one at `from`, or null. Brackets in strings do not count. */
function endOf(text: string, from: number): number | null {
  const open: string[] = [];
  for (let at = from; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if (char === '"') at = stringEnd(text, at) - 1;
    else if (closing[char] !== undefined) open.push(closing[char]);
    else if (char === '}' || char === ']') {
      if (open.pop() !== char) return null;
      if (open.length === 0) return at + 1;
    }
  }
  return null;
}

/** Behind the string that begins at `from`, or the end of the text. */
function stringEnd(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return Math.min(at + 1, text.length);
}

function parsed(text: string): Found | null {
  if (!/^["{[]/.test(text)) return null;
  const ways: [string, string | null][] = [[text, null]];
  if (text[0] !== '"') ways.push([mended(text), 'slips in its JSON were mended']);
  for (const [part, note] of ways) {
    try {
      return { value: JSON.parse(part), note };
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return null;
}

const escapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A comma too many, line breaks within strings, and Python's names; nothing else is guessed. */
function mended(text: string): string {
  const between = (part: string) =>
    part
      .replace(/,(\s*[}\]])/g, '$1')
      .replace(/(?<!\w)(?:-?Infinity|NaN|None|undefined)(?!\w)/g, 'null')
      .replace(/(?<!\w)(?:True|False)(?!\w)/g, (name) => name.toLowerCase());
  let out = '';
  let last = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', last)) {
    out += between(text.slice(last, at));
    last = stringEnd(text, at);
    out += text.slice(at, last).replace(/\p{Cc}/gu, (char) => escapes[char] ?? ' ');
  }
  return out + between(text.slice(last));
}
