// A reply made into a checked value, or the reason why it is of no use, in words that the model is shown and
// the event keeps. Strict about the value, lenient about what stands around it.

import { z } from 'zod';
import { limits } from '../core/limits.ts';
import { type Found, isUnfinished, jsonIn, withoutThoughts } from './json-in.ts';
import { ModelFault, type Question, type Reply } from './model.ts';
import { safeLine } from './model-fault.ts';

export type Tried<T> =
  | { readonly value: T; readonly notes: readonly string[] }
  | { readonly fault: ModelFault; readonly text: string };

export function readReply<T>(reply: Reply, { schema, notes: mended }: Question<T>): Tried<T> {
  const { cut, refusal, thought = '' } = reply;
  const { text, unended } = withoutThoughts(reply.text);
  const aloud = text === reply.text.trim() ? [] : ['what it thought aloud was left out'];
  const fits = (value: T, note: string | null): Tried<T> => {
    const how = note === null ? [] : [note];
    return { value, notes: [...(reply.notes ?? []), ...aloud, ...how, ...(mended?.() ?? [])] };
  };
  const wrong = (reason: string): Tried<T> => ({
    fault: new ModelFault('model_reply', safeLine(reason), { retryable: true }),
    text: reply.text,
  });
  if (text.length > limits.replyCharsMax) return wrong(`the reply has ${text.length} characters`);
  const said = firstThatFits(jsonIn(text), schema);
  if ('value' in said) return fits(said.value, said.note);
  if (refusal !== null) return wrong(`the model refused: ${refusal}`);
  // Some servers put the answer among the thoughts. What was cut off was not thought to its end.
  if (text === '' && !cut) {
    const aside = firstThatFits(jsonIn(`${thought}\n${unended}`.slice(-limits.replyCharsMax)), schema);
    if ('value' in aside) return fits(aside.value, 'the answer stood among its thoughts');
  }
  if (text === '') {
    const why = thought === '' && unended === '' ? '' : ': it only thought';
    return wrong(`the reply is empty${why}${cut ? ', until it was cut off' : ''}`);
  }
  if (said.problem !== null && !cut && !isUnfinished(text)) return wrong(said.problem);
  return wrong(`the reply is not JSON${cut ? ', it was cut off: be shorter' : ''}: ${text.slice(0, 80)}`);
}

type Fitting<T> = { value: T; note: string | null } | { problem: string | null };

/** Where none fits: what is wrong with the longest object, which is the likeliest to be meant. */
function firstThatFits<T>(found: readonly Found[], schema: z.ZodType<T>): Fitting<T> {
  const problems: { problem: string; length: number }[] = [];
  for (const { value, note } of found) {
    const parsed = schema.safeParse(value);
    if (parsed.success) return { value: parsed.data, note };
    problems.push({ problem: z.prettifyError(parsed.error), length: lengthOf(value) });
  }
  const [longest] = problems.toSorted((a, b) => b.length - a.length);
  return { problem: longest?.problem ?? null };
}

const lengthOf = (value: unknown): number =>
  typeof value === 'object' && !Array.isArray(value) ? JSON.stringify(value).length : 0;
