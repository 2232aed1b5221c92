// An adapter made into a model: text becomes JSON, JSON a checked value, and an unusable reply gets one more
// try with the reason it could not be used. Used by `thinkers`; the breaker wraps what comes out of here.

import { z } from 'zod';
import type { Cost } from '../core/claim.ts';
import { limits } from '../core/limits.ts';
import { orAborted } from '../core/or-aborted.ts';
import { pause } from './abort.ts';
import { type Model, ModelFault, type Question, type Reply, type Talk, type Turn } from './model.ts';
import { lostFault, safeLine } from './model-fault.ts';
import { costOf, type Prices } from './prices.ts';

export interface Adapter {
  readonly provider: string;
  readonly model: string;
  readonly talk: Talk;
}

/** What the policy needs of the world. */
export interface Asking {
  /** In ms, only for differences. */
  readonly clock: () => number;
  readonly prices: Prices;
  /** Told of every reply, useful or not, before anything is made of it. */
  readonly onCost: (cost: Cost) => Promise<void>;
}

type Tried<T> = { readonly value: T } | { readonly fault: ModelFault; readonly text: string };

export function createModel({ provider, model, talk }: Adapter, { clock, prices, onCost }: Asking): Model {
  return {
    provider,
    model,
    async ask<T>(question: Question<T>, signal: AbortSignal) {
      const since = clock();
      const replies: Reply[] = [];
      const attempt = async (turns: readonly Turn[]): Promise<Tried<T>> => {
        let reply: Reply;
        try {
          reply = await orAborted(talk({ ...request, turns }, signal), signal);
        } catch (error) {
          signal.throwIfAborted();
          return { fault: lostFault(error, []), text: '' };
        }
        replies.push(reply);
        await onCost(costOf(model, prices, tokensOf([reply])));
        return readReply(reply, question.schema);
      };
      const { name, instructions, temperature } = question;
      const request = { name, instructions, temperature, schema: wireSchema(question.schema) };
      const turns: Turn[] = [{ role: 'user', text: question.input }];
      const first = await attempt(turns);
      const last = 'value' in first ? first : await again(first, turns, attempt, signal);
      const cost = costOf(model, prices, tokensOf(replies));
      if ('fault' in last) throw paidFor(last.fault, cost);
      return { value: last.value, origin: { provider, model, ms: sinceMs(clock, since), ...cost } };
    },
  };
}

/** The one other try: with the reason where there was a reply, the same request where there was none. */
async function again<T>(
  { fault, text }: { fault: ModelFault; text: string },
  turns: readonly Turn[],
  attempt: (turns: readonly Turn[]) => Promise<Tried<T>>,
  signal: AbortSignal,
): Promise<Tried<T>> {
  const waitMs = fault.retryAfterMs ?? limits.retryBaseMs;
  if (!fault.retryable || waitMs > limits.retryAfterMsMax) return { fault, text };
  const unusable = fault.code === 'model_reply';
  if (!unusable) await pause(waitMs, signal);
  const second = await attempt(unusable ? repaired(turns, fault, text) : turns);
  if ('value' in second) return second;
  const both = `${fault.message}; then ${second.fault.message}`;
  const message = second.fault.message === fault.message ? `twice: ${fault.message}` : both;
  const cause = second.fault;
  return { fault: new ModelFault('model_reply', safeLine(message), { retryable: false, cause }), text };
}

function paidFor({ code, message, retryable, retryAfterMs, cause }: ModelFault, cost: Cost): ModelFault {
  return new ModelFault(code, message, { retryable, retryAfterMs, cost, cause });
}

function repaired(turns: readonly Turn[], { message }: ModelFault, text: string): Turn[] {
  const asked =
    `Your last answer could not be used: ${message}\n` +
    'Answer again with one JSON object that fits the schema, in English, and nothing else.';
  // Some servers refuse an empty turn.
  const said = text.trim() === '' ? '(nothing)' : text.slice(0, limits.repairCharsMax);
  return [...turns, { role: 'assistant', text: said }, { role: 'user', text: asked }];
}

function readReply<T>({ text, cut, refusal }: Reply, schema: z.ZodType<T>): Tried<T> {
  const wrong = (reason: string): Tried<T> => ({
    fault: new ModelFault('model_reply', safeLine(reason), { retryable: true }),
    text,
  });
  if (refusal !== null) return wrong(`the model refused: ${refusal}`);
  if (text.trim() === '') return wrong('the reply is empty');
  if (text.length > limits.replyCharsMax) return wrong(`the reply has ${text.length} characters`);
  const json = jsonIn(text);
  if (json === undefined) {
    return wrong(`the reply is not JSON${cut ? ', it was cut off: be shorter' : ''}: ${text.slice(0, 80)}`);
  }
  const parsed = schema.safeParse(json);
  return parsed.success ? { value: parsed.data } : wrong(z.prettifyError(parsed.error));
}

/** The JSON of a reply, also where a fence or a sentence stands around it; undefined if there is none. */
function jsonIn(text: string): unknown {
  for (const part of [text, text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1)]) {
    try {
      return JSON.parse(part);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return undefined;
}

/**
 * What the model is asked to fill: the input side of the schema, closed objects, as both providers want it.
 */
function wireSchema(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _dialect, ...json } = z.toJSONSchema(schema, {
    target: 'draft-7',
    io: 'input',
    override: ({ jsonSchema }) => {
      if (jsonSchema.type === 'object') jsonSchema.additionalProperties = false;
    },
  });
  return json;
}

function tokensOf(replies: readonly Reply[]): Omit<Cost, 'usd'> {
  const sum = (counts: (number | null)[]): number | null =>
    counts.every((count) => count === null) ? null : counts.reduce<number>((all, one) => all + (one ?? 0), 0);
  const inputTokens = sum(replies.map((reply) => reply.inputTokens));
  const outputTokens = sum(replies.map((reply) => reply.outputTokens));
  return {
    ...(inputTokens === null ? {} : { inputTokens }),
    ...(outputTokens === null ? {} : { outputTokens }),
  };
}

export function sinceMs(clock: () => number, since: number): number {
  return Math.max(0, Math.round(clock() - since));
}
