// Agents whose process dies at each of their steps in turn: what stands in the logs, and what was done
// outside, has to be what it is without a crash.

import { differenceOf, shown } from '../check/difference.ts';
import type { NewEvent, StreamDefinition } from '../contract/definition.ts';
import { Fault } from '../contract/fault.ts';
import type { Asked, Life } from './life.ts';
import { createMemoryEngine, type MemoryEngine } from './memory-engine.ts';
import { createOutside, type Outside } from './outside.ts';

export interface CrashTest {
  readonly streams: readonly StreamDefinition[];
  /**
   * Adds the agents to an engine and plays one story to its end: commands, `engine.settle()`,
   * `engine.clock.advance()`. It is played anew for each crash, so it makes everything anew, too.
   */
  play(on: { readonly engine: MemoryEngine; readonly outside: Outside }): Promise<void>;
  /** What of an event must be the same in each run; its type and data unless given. */
  readonly view?: (event: NewEvent) => unknown;
}

export interface CrashReport {
  /** Steps at which it crashed, in words. */
  readonly steps: readonly string[];
  /** How often the story was played. */
  readonly runs: number;
}

const troubles = {
  dies: 'its process dies',
  away: 'the store does not reply',
} as const;

interface Plan {
  /** Of the step, from 0. */
  readonly at: number;
  readonly trouble: keyof typeof troubles;
}

interface Step {
  readonly said: string;
  readonly asked: Asked;
}

/**
 * Plays a story once as it is, and then once for each side of each step of its agents: every call of the log
 * that `load`, `submit`, `once`, `now`, `since` and the acknowledgement make, and every call of `outside`.
 * There the process dies, and another one is given the entry, with what the first one left in the logs; or
 * the store does not reply, and the call throws Fault `unavailable`, once. A process that dies is never heard
 * of again: no `catch` and no `finally` of it runs.
 *
 * It finds what is done outside without `once` or without its key, what is written without a key, errors of
 * the store that a handler swallows, and what a process remembers that the next one does not know. It cannot
 * find: a death between two calls to the outside that are made without `outside`; what two processes do at
 * the same time; what a second death in a row does; work that begins outside a handler.
 * @throws Error that names the steps whose crash changes the outcome, and the first difference of each.
 */
export async function crashAtEachStep(test: CrashTest): Promise<CrashReport> {
  const { outcome, steps } = await playOnce(test, null);
  if (steps.length === 0) {
    throw new Error('no agent took a step: `play` has to add agents and to call `engine.settle()`');
  }
  const again = await playOnce(test, null);
  const unsteady = saidDifference(outcome, again.outcome);
  if (unsteady !== null) {
    throw new Error(`two runs differ without a crash, so \`view\` has to leave this out: ${unsteady}`);
  }
  const plans = steps.flatMap(({ asked }, at): Plan[] => [
    { at, trouble: 'dies' },
    ...(asked === 'log' ? [{ at, trouble: 'away' } as const] : []),
  ]);
  const wrong: string[] = [];
  for (const plan of plans) {
    const difference = await differenceAfter(test, plan, outcome);
    const where = steps[plan.at]?.said;
    if (difference !== null) wrong.push(`when ${troubles[plan.trouble]} ${where}: ${difference}`);
  }
  if (wrong.length > 0) {
    const first = wrong.slice(0, 5).map((one) => `\n  ${one}`);
    throw new Error(`${wrong.length} of ${plans.length} crashes change the outcome${first.join('')}`);
  }
  return { steps: steps.map(({ said }) => said), runs: plans.length + 2 };
}

async function differenceAfter(test: CrashTest, plan: Plan, expected: unknown): Promise<string | null> {
  try {
    const { outcome, steps } = await playOnce(test, plan);
    if (steps.length <= plan.at) return 'it never came to this step again';
    return saidDifference(expected, outcome);
  } catch (error) {
    return `the story ends with ${String(error)}`;
  }
}

function saidDifference(expected: unknown, outcome: unknown): string | null {
  const found = differenceOf(expected, outcome, '');
  return found === null
    ? null
    : `${found.path.slice(1)} is ${shown(found.two)}, and without a crash ${shown(found.one)}`;
}

async function playOnce({ streams, play, view = plain }: CrashTest, plan: Plan | null) {
  const steps: Step[] = [];
  const outside = createOutside();
  const engine = createMemoryEngine({ streams }, () => newLife(steps, plan));
  try {
    await play({ engine, outside });
    const logs = streams.map(async (definition) => {
      const { log, deadLetters } = engine.stream(definition);
      const ids = log.streams();
      const events = await Promise.all(ids.map(async (id) => [id, (await log.read(id, 0)).map(view)]));
      const letters = deadLetters.map(({ group, reason, message }) => ({ group, reason, message }));
      const timers = Object.fromEntries([...log.timers].sort());
      return [definition.name, { events: Object.fromEntries(events), timers, deadLetters: letters }] as const;
    });
    return { steps, outcome: { ...Object.fromEntries(await Promise.all(logs)), outside: [...outside.done] } };
  } finally {
    engine.close();
  }
}

const plain = ({ type, data }: NewEvent) => ({ type, data });

function newLife(steps: Step[], plan: Plan | null): Life {
  const { promise: over, resolve: die } = Promise.withResolvers<'died'>();
  let isDead = false;
  return {
    over,
    async at(said, asked) {
      if (isDead) return never();
      const isHere = steps.length === plan?.at;
      steps.push({ said, asked });
      if (!isHere) return;
      if (plan?.trouble === 'away') {
        throw new Fault('unavailable', 'the store did not reply', { retryable: true });
      }
      isDead = true;
      die('died');
      return never();
    },
  };
}

const never = (): Promise<void> => new Promise(() => undefined);
