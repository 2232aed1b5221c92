// The breaker: when it opens, how it rests, what closes it, and what does not count.

import { describe, expect, it, vi } from 'vitest';
import { withBreaker } from '../../agents/breaker.ts';
import { type Answer, type Model, ModelFault } from '../../agents/model.ts';
import { editorQuestion } from '../../agents/prompts/editor.ts';
import { limits } from '../../core/limits.ts';

const question = editorQuestion('Water is wet.');
const answer = { value: null, origin: { provider: 'ollama', model: 'fake', ms: 1 } };
const fault = new ModelFault('model_http', 'HTTP 500: overloaded', { retryable: true });

/** A model that fails while `broken`, behind a breaker on a clock that the test moves. */
function breaker() {
  const given = { broken: true, now: 0 };
  const inner = vi.fn(async (): Promise<Answer<never>> => {
    if (given.broken) throw fault;
    return answer as Answer<never>;
  });
  const model: Model = { provider: 'ollama', model: 'fake', ask: inner };
  const guarded = withBreaker(model, () => given.now);
  const ask = (signal = new AbortController().signal) => guarded.ask(question, signal);
  const open = async () => {
    for (let i = 0; i < limits.breakerFailures; i++) await expect(ask()).rejects.toBe(fault);
    inner.mockClear();
  };
  return { given, inner, ask, open };
}

describe('the breaker', () => {
  it('opens after so many failures in a row, and tells the last of them without asking', async () => {
    const { ask, open, inner } = breaker();
    await open();
    await expect(ask()).rejects.toThrow(
      `resting after ${limits.breakerFailures} failures, the last: HTTP 500: overloaded`,
    );
    expect(inner).not.toHaveBeenCalled();
  });

  it('stays closed when successes come between', async () => {
    const { given, ask, inner } = breaker();
    for (let i = 0; i < limits.breakerFailures * 3; i++) {
      given.broken = i % limits.breakerFailures !== 0;
      await ask().catch(() => undefined);
    }
    expect(inner).toHaveBeenCalledTimes(limits.breakerFailures * 3);
  });

  it('lets exactly one call try after the rest, and closes when it succeeds', async () => {
    const { given, ask, open, inner } = breaker();
    await open();
    given.now = limits.breakerRestMs - 1;
    await expect(ask()).rejects.toThrow('resting');
    given.now = limits.breakerRestMs;
    given.broken = false;
    const together = await Promise.allSettled([ask(), ask()]);
    expect(together.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(inner).toHaveBeenCalledTimes(1);
    await expect(ask()).resolves.toBe(answer);
  });

  it('rests again when the one that tried fails', async () => {
    const { given, ask, open, inner } = breaker();
    await open();
    given.now = limits.breakerRestMs;
    await expect(ask()).rejects.toBe(fault);
    given.now += limits.breakerRestMs - 1;
    await expect(ask()).rejects.toThrow('resting');
    expect(inner).toHaveBeenCalledTimes(1);
  });

  it('does not count an abort by whoever asked, but counts a missed deadline', async () => {
    const { ask, given, inner } = breaker();
    const aborting = async (reason: Error) => {
      const abort = new AbortController();
      inner.mockImplementationOnce(async () => {
        abort.abort(reason);
        throw reason;
      });
      await expect(ask(abort.signal)).rejects.toBe(reason);
    };
    const mine = Array.from({ length: limits.breakerFailures }, () => new Error('lease lost'));
    for (const reason of mine) await aborting(reason);
    given.broken = false;
    await expect(ask()).resolves.toBe(answer);
    const late = new ModelFault('model_timeout', 'no answer within 5 ms', { retryable: false });
    for (let i = 0; i < limits.breakerFailures; i++) await aborting(late);
    await expect(ask()).rejects.toThrow('resting');
  });

  it('an abort of the one that tries leaves the way free for the next', async () => {
    const { given, ask, open, inner } = breaker();
    await open();
    given.now = limits.breakerRestMs;
    const abort = new AbortController();
    inner.mockImplementationOnce(async () => {
      abort.abort(new Error('draining'));
      throw abort.signal.reason;
    });
    await expect(ask(abort.signal)).rejects.toThrow('draining');
    given.broken = false;
    await expect(ask()).resolves.toBe(answer);
  });
});
