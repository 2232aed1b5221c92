// One step of thinking, from the first model to the embedded provider, under one deadline. It always comes to
// an answer; what failed on the way stands in the answer's origin.

import type { Origin, Spent } from '../core/claim.ts';
import { orAborted, withDeadline } from '../streams/parts.ts';
import { sinceMs } from './ask.ts';
import { type Budget, type Ledger, whySpent } from './budget.ts';
import { embeddedOrigin } from './embedded.ts';
import { type Answer, type Model, ModelFault, type Question } from './model.ts';
import { isOfTheStore, lostFault } from './model-fault.ts';

export interface Step<T> {
  readonly question: Question<T>;
  /** The answer without a model; quick, and not under the deadline. */
  readonly embedded: () => Promise<T>;
  /** What is left of the stage in ms. */
  readonly withinMs: number;
  /** What models have cost in this game so far. */
  readonly spent: Spent;
  /** Aborts the whole step; the one thing that it throws for, beside a failure of `embedded` itself. */
  readonly signal: AbortSignal;
}

export type Think = <T>(step: Step<T>) => Promise<Answer<T>>;

export interface Thinking {
  /** In the order in which they are asked; none means that the embedded provider answers. */
  readonly models: readonly Model[];
  /** For all models together, repair tries included. */
  readonly timeoutMs: number;
  readonly budget: Budget;
  readonly ledger: Ledger;
  /** In ms, only for differences. */
  readonly clock: () => number;
}

export function createThink({ models, timeoutMs, budget, ledger, clock }: Thinking): Think {
  return async <T>({ question, embedded, withinMs, spent, signal }: Step<T>) => {
    const since = clock();
    const allMs = Math.min(timeoutMs, withinMs);
    const fellBackFrom: NonNullable<Origin['fellBackFrom']> = [];
    const told = () => (fellBackFrom.length === 0 ? {} : { fellBackFrom });
    signal.throwIfAborted();
    const refused = models.length === 0 ? null : await whySpent(budget, spent, ledger);
    for (const [index, model] of models.entries()) {
      if (refused !== null) {
        fellBackFrom.push({ provider: model.provider, error: refused });
        continue;
      }
      // A model that hangs leaves their share to those that come after it.
      const shareMs = Math.floor((allMs - sinceMs(clock, since)) / (models.length - index));
      try {
        const { value, origin } = await askWithin(shareMs, model, question, signal);
        return { value, origin: { ...origin, ...told() } };
      } catch (error) {
        signal.throwIfAborted();
        if (isOfTheStore(error)) throw error;
        const { message, cost } = lostFault(error, []);
        fellBackFrom.push({ provider: model.provider, error: message, ...cost });
      }
    }
    const from = clock();
    const value = await orAborted(embedded(), signal);
    return {
      value,
      origin: { ...embeddedOrigin, ms: sinceMs(clock, from), ...told() },
    };
  };
}

async function askWithin<T>(
  ms: number,
  model: Model,
  question: Question<T>,
  signal: AbortSignal,
): Promise<Answer<T>> {
  const late = (said: string) => new ModelFault('model_timeout', said, { retryable: false });
  if (ms <= 0) throw late('no time was left');
  return withDeadline(
    ms,
    signal,
    () => late(`no answer within ${ms} ms`),
    (within) => model.ask(question, within),
  );
}
