// The port through which the thinking agents reach a model, and what an adapter has to do for it. Above it
// stands the policy (`ask`, `breaker`, `think`), below it one adapter per provider (`ollama`, `openai`).

import type { z } from 'zod';
import type { Cost, Origin } from '../core/claim.ts';
import { Fault } from '../streams/engine.ts';

/**
 * Something to think about. `schema` checks and shapes the answer; its input side is what the model is asked
 * to fill.
 */
export interface Question<T> {
  /** Letters, digits and underscores: names the schema to the provider. */
  readonly name: string;
  readonly instructions: string;
  /** What the instructions are to be applied to; text of other people only as quoted data. */
  readonly input: string;
  readonly schema: z.ZodType<T>;
  /** 0 sober .. 1 inventive; providers that know no such thing leave it out. */
  readonly temperature: number;
  /** What of the value that `schema` gave last was mended or left out, a line each. */
  readonly notes?: () => readonly string[];
}

export interface Answer<T> {
  readonly value: T;
  readonly origin: Origin;
}

/**
 * One model of one provider. `ask` gives a value that fits the schema, or throws: the signal's reason at once
 * when it is aborted, otherwise a `ModelFault`. It may be asked again at any time.
 */
export interface Model {
  readonly provider: string;
  readonly model: string;
  ask<T>(question: Question<T>, signal: AbortSignal): Promise<Answer<T>>;
}

export interface Turn {
  readonly role: 'user' | 'assistant';
  readonly text: string;
}

/** One request as an adapter sends it. `schema` is JSON Schema, draft 7. */
export interface TalkRequest {
  readonly name: string;
  readonly instructions: string;
  readonly turns: readonly Turn[];
  readonly schema: Readonly<Record<string, unknown>>;
  readonly temperature: number;
}

/**
 * What came back. `cut`: the model ran out of tokens. `refusal`: its own words for not answering. Counts
 * that the server does not give are null. `thought` is what it thought apart from the text, `notes` what was
 * mended or learned on the way, a line each.
 */
export interface Reply {
  readonly text: string;
  readonly cut: boolean;
  readonly refusal: string | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly thought?: string;
  readonly notes?: readonly string[];
}

/**
 * An adapter: one reply, no second try; it asks again only where a server refuses the way of asking. Throws
 * `ModelFault`, or the signal's reason when aborted.
 */
export type Talk = (request: TalkRequest, signal: AbortSignal) => Promise<Reply>;

/** What can be wrong with a model, by the code that a ModelFault carries. */
export const modelFaultKinds = {
  model_http: 'a model’s server answered with an error',
  model_lost: 'the line to a model broke',
  model_reply: 'a model gave no usable answer',
  model_resting: 'a model has failed so often that it is left alone for a while',
  model_timeout: 'a model did not answer in time',
  model_unset: 'a model is not configured',
} as const satisfies Record<string, string>;

export type ModelFaultCode = keyof typeof modelFaultKinds;

/**
 * A model did not give a usable answer. `retryable`: one more try is worth its time, after `retryAfterMs`
 * where the provider names it. `cost` is of the replies that were of no use. The message is safe to keep in
 * an event: short, one line, without secrets. `said` is what the server said, whole, where it said anything;
 * it is read, never kept.
 */
export class ModelFault extends Fault {
  readonly retryAfterMs: number | null;
  readonly cost: Cost;
  readonly said: { readonly status: number; readonly text: string } | null;
  declare readonly code: ModelFaultCode;
  constructor(
    code: ModelFaultCode,
    message: string,
    options: {
      retryable: boolean;
      retryAfterMs?: number | null;
      cost?: Cost;
      said?: { status: number; text: string } | null;
      cause?: unknown;
    },
  ) {
    super(code, message, options);
    this.retryAfterMs = options.retryAfterMs ?? null;
    this.cost = options.cost ?? {};
    this.said = options.said ?? null;
  }
}
