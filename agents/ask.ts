// An adapter made into a model: text becomes JSON, JSON a checked value, and an unusable reply gets one more
// try with the reason it could not be used. Used by `thinkers`; the breaker wraps what comes out of here.

import { z } from 'zod';
import type { Cost } from '../core/claim.ts';
import { limits } from '../core/limits.ts';
import { engineLimits, orAborted, pause } from '../streams/parts.ts';
import {
  type Model,
  ModelFault,
  type Question,
  type Reply,
  type Talk,
  type TalkRequest,
  type Turn,
} from './model.ts';
import { lostFault, safeLine } from './model-fault.ts';
import { costOf, lostCounts, type Prices, repliedCounts, type TokenCounts } from './prices.ts';
import { readReply, type Tried } from './read-reply.ts';

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

export function createModel({ provider, model, talk }: Adapter, { clock, prices, onCost }: Asking): Model {
  return {
    provider,
    model,
    async ask<T>(question: Question<T>, signal: AbortSignal) {
      const since = clock();
      const counted: TokenCounts[] = [];
      const count = async (counts: TokenCounts) => {
        counted.push(counts);
        await onCost(costOf(model, prices, [counts]));
      };
      const attempt = async (turns: readonly Turn[]): Promise<Tried<T>> => {
        const asked = { ...request, turns };
        let reply: Reply;
        try {
          reply = await orAborted(talk(asked, signal), signal);
        } catch (error) {
          if (wasPaid(error)) await count(lostCounts(asked));
          signal.throwIfAborted();
          return { fault: lostFault(error, []), text: '' };
        }
        await count(repliedCounts(asked, reply));
        return readReply(reply, question);
      };
      const { name, instructions, temperature } = question;
      const request = { name, instructions, temperature, schema: wireSchema(question.schema) };
      const turns: Turn[] = [{ role: 'user', text: question.input }];
      const first = await attempt(turns);
      const last = 'value' in first ? first : await again(first, { ...request, turns }, attempt, signal);
      const cost = costOf(model, prices, counted);
      if ('fault' in last) throw paidFor(last.fault, cost);
      const origin = { provider, model, ms: sinceMs(clock, since), ...cost, ...told(last.notes) };
      return { value: last.value, origin };
    },
  };
}

/** Where the line was lost or the time was up, the server may have worked all the same, for money. */
function wasPaid(error: unknown): boolean {
  if (!(error instanceof ModelFault)) return false;
  return error.code === 'model_timeout' || (error.code === 'model_lost' && error.retryable);
}

function told(notes: readonly string[]): { notes?: string[] } {
  const lines = [...new Set(notes.map((note) => safeLine(note).slice(0, limits.originNoteCharsMax)))];
  return lines.length === 0 ? {} : { notes: lines.slice(0, limits.originNotesMax) };
}

/** The one other try: with the reason where there was a reply, the same request where there was none. */
async function again<T>(
  { fault, text }: { fault: ModelFault; text: string },
  request: TalkRequest,
  attempt: (turns: readonly Turn[]) => Promise<Tried<T>>,
  signal: AbortSignal,
): Promise<Tried<T>> {
  const waitMs = fault.retryAfterMs ?? engineLimits.retryBaseMs;
  if (!fault.retryable || waitMs > limits.retryAfterMsMax) return { fault, text };
  const unusable = fault.code === 'model_reply';
  if (!unusable) await pause(waitMs, signal);
  const second = await attempt(unusable ? repaired(request, fault, text) : request.turns);
  if ('value' in second) return { ...second, notes: [`first: ${fault.message}`, ...second.notes] };
  const both = `${fault.message}; then ${second.fault.message}`;
  const message = second.fault.message === fault.message ? `twice: ${fault.message}` : both;
  const cause = second.fault;
  return { fault: new ModelFault('model_reply', safeLine(message), { retryable: false, cause }), text };
}

function paidFor({ code, message, retryable, retryAfterMs, cause }: ModelFault, cost: Cost): ModelFault {
  return new ModelFault(code, message, { retryable, retryAfterMs, cost, cause });
}

/** With the schema in words, too: a server may have overlooked the one that it was given. */
function repaired({ turns, schema }: TalkRequest, { message }: ModelFault, text: string): Turn[] {
  const asked =
    `Your last answer could not be used: ${message}\n` +
    'Answer again with one JSON object, in English, and nothing else. It has to fit this JSON Schema:\n' +
    JSON.stringify(schema);
  // Some servers refuse an empty turn.
  const said = text.trim() === '' ? '(nothing)' : text.slice(0, limits.repairCharsMax);
  return [...turns, { role: 'assistant', text: said }, { role: 'user', text: asked }];
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

export function sinceMs(clock: () => number, since: number): number {
  return Math.max(0, Math.round(clock() - since));
}
