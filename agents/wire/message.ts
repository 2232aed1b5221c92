// What a message of a model says, in whichever shape its server gives it: text, parts, a call of a tool, or
// thoughts apart from the text. The messages of OpenAI's kind and Ollama's are alike enough to be read here.

import { z } from 'zod';
import { anything } from './anything.ts';

export interface Said {
  readonly text: string;
  /** What it thought, where the server keeps that apart from the text. */
  readonly thought: string;
  readonly refusal: string | null;
  readonly notes: readonly string[];
}

const Call = z.looseObject({ arguments: anything });
const Message = z.looseObject({
  content: anything,
  refusal: anything,
  parsed: anything,
  reasoning_content: anything,
  reasoning: anything,
  thinking: anything,
  tool_calls: z
    .array(z.looseObject({ function: Call.nullish() }))
    .nullish()
    .catch(null),
  function_call: Call.nullish().catch(null),
});

/** Null where it is no message at all. */
export function saidBy(message: unknown): Said | null {
  const parsed = Message.safeParse(message);
  if (!parsed.success) return null;
  const { content, refusal, parsed: object, tool_calls, function_call } = parsed.data;
  const parts = partsOf(content);
  const { reasoning_content, reasoning, thinking } = parsed.data;
  const thought = [parts.thought, ...[reasoning_content, reasoning, thinking].map(textIn)];
  const calls = [...(tool_calls ?? []).map((call) => call.function), function_call];
  const called = calls.map((call) => asText(call?.arguments)).find((text) => text.trim() !== '') ?? '';
  const rest = {
    thought: thought.filter((text) => text.trim() !== '').join('\n'),
    // Some servers always have the field, and leave it empty.
    refusal: [textIn(refusal), parts.refusal].find((text) => text.trim() !== '') ?? null,
  };
  if (called !== '' && !parts.text.includes('{')) {
    return { ...rest, text: called, notes: ['the answer came as a call of a tool'] };
  }
  const text = parts.text.trim() === '' ? asText(object) : parts.text;
  return { ...rest, text, notes: Array.isArray(content) ? ['the answer came in parts'] : [] };
}

const Part = z.looseObject({
  type: z.string().nullish().catch(null),
  text: anything,
  content: anything,
  thinking: anything,
  refusal: anything,
});

/** Content as text, as a list of parts, or as the object that the text would be the JSON of. */
function partsOf(content: unknown): { text: string; thought: string; refusal: string } {
  if (!Array.isArray(content)) return { text: asText(content), thought: '', refusal: '' };
  const said = { text: '', thought: '', refusal: '' };
  for (const one of content) {
    const part = Part.safeParse(one).data;
    if (typeof one === 'string') said.text += one;
    else if (part === undefined) continue;
    else if (/think|reason/.test(part.type ?? '')) said.thought += textIn(part.thinking ?? part.text);
    else if (part.type === 'refusal') said.refusal += textIn(part.refusal);
    else said.text += textIn(part.text ?? part.content);
  }
  return said;
}

/** The text within text, parts of it, or an object that holds it; empty where there is none. */
function textIn(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(textIn).join('');
  const held = z.looseObject({ text: anything, value: anything }).safeParse(value).data;
  return held === undefined ? '' : textIn(held.text ?? held.value ?? '');
}

function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : '';
}
