// Claims on their way from a candidate to a judged question. Written by the researcher, the writer and
// the editor, kept in events, never sent whole to a player. Everything here is data from outside (a data
// set or a model), so every shape is a zod schema with its limits.

import { z } from 'zod';
import { limits } from './limits.ts';

/** The two answers, and the two truths. */
export const Truth = z.enum(['FACT', 'FAKE']);
export type Truth = z.infer<typeof Truth>;

export const Difficulty = z.enum(['easy', 'normal', 'hard']);
export type Difficulty = z.infer<typeof Difficulty>;

/** Where a statement can be looked up: a name, and an address by http or https. */
export const Source = z.object({
  name: z.string().min(1).max(limits.sourceNameCharsMax),
  url: z.url({ protocol: /^https?$/ }).max(limits.urlCharsMax),
});
export type Source = z.infer<typeof Source>;

/**
 * One statement that people could take for true, with its label. `factKey` (`predicate:subject`) names the
 * fact, true or bent: two candidates about the same fact share it. `assertion` (`predicate|subject|object`)
 * is what the text asserts, in symbols and without the label, so that an editor can check it against a source
 * of its own; null where a model wrote the candidate.
 */
export const Candidate = z.object({
  claim: z.string().min(limits.questionCharsMin).max(limits.questionCharsMax),
  truth: Truth,
  factKey: z.string().min(3).max(limits.factKeyCharsMax),
  assertion: z.string().max(limits.factKeyCharsMax).nullable(),
  topic: z.string().min(1).max(limits.topicCharsMax),
  difficulty: Difficulty,
  explanation: z.string().min(1).max(limits.explanationCharsMax),
  source: Source,
});
export type Candidate = z.infer<typeof Candidate>;

/** What a player will read. `candidate` is the index of the candidate it was made from. */
export const Draft = z.object({
  question: z.string().min(limits.questionCharsMin).max(limits.questionCharsMax),
  candidate: z.int().nonnegative(),
});
export type Draft = z.infer<typeof Draft>;

/** What an editor says of a draft, having seen neither label nor reasoning. `confidence` is 0..1. */
export const Verdict = z.object({
  truth: Truth,
  confidence: z.number().min(0).max(1),
  explanation: z.string().min(1).max(limits.explanationCharsMax),
  source: Source,
});
export type Verdict = z.infer<typeof Verdict>;

const tokens = z.int().nonnegative();

/**
 * What asking a model cost, as far as it is known: tokens as the provider counts them, US dollars.
 * `estimatedTokens` stands for those that it did not count: budgets count them, too.
 */
const Cost = z.object({
  inputTokens: tokens.optional(),
  outputTokens: tokens.optional(),
  estimatedTokens: tokens.optional(),
  usd: z.number().nonnegative().optional(),
});
export type Cost = z.infer<typeof Cost>;

/**
 * Who produced a piece of work, how long it took (ms), and what it cost. `fellBackFrom` names the providers
 * that were asked first and why each was of no use; a useless reply is paid for, too. `notes` says what had
 * to be mended in the answer, or learned of the server, before it could be used.
 */
export const Origin = Cost.extend({
  provider: z.string().min(1).max(40),
  model: z.string().min(1).max(limits.modelNameCharsMax),
  ms: z.number().nonnegative(),
  fellBackFrom: z
    .array(Cost.extend({ provider: z.string(), error: z.string().max(limits.originErrorCharsMax) }))
    .optional(),
  notes: z.array(z.string().max(limits.originNoteCharsMax)).max(limits.originNotesMax).optional(),
});
export type Origin = z.infer<typeof Origin>;

/** What a game, or a day, has cost so far. */
export interface Spent {
  readonly tokens: number;
  readonly usd: number;
}

export const nothingSpent: Spent = { tokens: 0, usd: 0 };

export function plusCost({ tokens: sum, usd }: Spent, cost: Cost): Spent {
  const { inputTokens = 0, outputTokens = 0, estimatedTokens = 0 } = cost;
  return { tokens: sum + inputTokens + outputTokens + estimatedTokens, usd: usd + (cost.usd ?? 0) };
}

/** With everything that a piece of work cost, the tries that led to nothing included. */
export function plusOrigin(spent: Spent, { fellBackFrom = [], ...cost }: Origin): Spent {
  return [cost, ...fellBackFrom].reduce(plusCost, spent);
}
