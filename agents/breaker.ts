// A model that keeps failing is left alone for a while, so that a game does not wait for it at every claim.
// Its state is a habit of this process, not knowledge: losing it costs a few slow claims.

import { limits } from '../core/limits.ts';
import { noTelemetry } from '../streams/parts.ts';
import type { ModelTelemetry } from './instruments.ts';
import { type Model, ModelFault } from './model.ts';
import { isOfTheStore, lostFault, safeLine } from './model-fault.ts';

/**
 * The same model behind a breaker. After `limits.breakerFailures` failures in a row it opens: `ask` throws at
 * once. After `limits.breakerRestMs` one call may try; its success closes the breaker, its failure starts the
 * rest anew. An abort by the caller counts as neither; a deadline missed is a failure. `clock` in ms.
 */
export function withBreaker(
  model: Model,
  clock: () => number,
  { meter }: Pick<ModelTelemetry, 'meter'> = noTelemetry,
): Model {
  const { provider, model: name } = model;
  const tell = () => {
    const open = failures >= limits.breakerFailures ? 1 : 0;
    meter.set('arena_breaker_open', open, { provider, model: name });
  };
  let failures = 0;
  let restsUntil = 0;
  let probing = false;
  let lastFailure = '';

  const resting = () => failures >= limits.breakerFailures && (probing || clock() < restsUntil);

  return {
    ...model,
    async ask(question, signal) {
      signal.throwIfAborted();
      if (resting()) {
        const message = safeLine(`resting after ${failures} failures, the last: ${lastFailure}`);
        throw new ModelFault('model_resting', message, { retryable: false });
      }
      const probe = failures >= limits.breakerFailures;
      if (probe) probing = true;
      try {
        const answer = await model.ask(question, signal);
        failures = 0;
        tell();
        return answer;
      } catch (error) {
        if (!isOfTheStore(error) && (!signal.aborted || signal.reason instanceof ModelFault)) {
          failures += 1;
          tell();
          restsUntil = clock() + limits.breakerRestMs;
          lastFailure = lostFault(error, []).message;
        }
        throw error;
      } finally {
        if (probe) probing = false;
      }
    },
  };
}
