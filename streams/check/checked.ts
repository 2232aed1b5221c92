// A definition that watches over itself, for development and tests: every function of it runs twice on input
// that cannot be changed, the second time as though at another hour. A stream whose results differ would
// fold to other states in other processes.

import type { StreamDefinition, StreamTypes } from '../contract/definition.ts';
import { Fault } from '../contract/fault.ts';
import { called } from '../contract/guarded.ts';
import { differenceOf, saidDifference } from './difference.ts';
import { runTwice } from './elsewhen.ts';
import { copyOf, frozen } from './frozen.ts';

const checkedOnes = new WeakSet<object>();

/**
 * The same definition, whose `decide`, `evolve` and `effects` throw a Fault that names the command or event
 * and the place: `not_deterministic` where two runs differ, `input_changed` where one changes what it is
 * given. States, and copies of commands and events, are frozen deeply; readers of a state cannot change it
 * either. It costs a second run of each, and time that grows with what an event changes.
 *
 * What it cannot find: instances of classes and buffers that are changed in place; what depends on the
 * machine, the environment, or a variable that stays the same between two runs.
 */
export function checked<S extends StreamTypes>(definition: StreamDefinition<S>): StreamDefinition<S> {
  if (checkedOnes.has(definition)) return definition;
  const { name } = definition;
  const twice: StreamDefinition<S> = {
    ...definition,
    initial: frozen(definition.initial),
    decide: (command, state) =>
      runChecked(
        `decide of ${name}, given ${called(command)},`,
        { command: frozen(copyOf(command)), state: frozen(state) },
        (of) => definition.decide(of.command, of.state),
      ),
    evolve: (state, event) =>
      frozen(
        runChecked(
          `evolve of ${name}, given ${called(event)},`,
          { state: frozen(state), event: frozen(copyOf(event)) },
          (of) => definition.evolve(of.state, of.event),
        ),
      ),
    effects: (event, before) =>
      runChecked(
        `effects of ${name}, given ${called(event)},`,
        { event: frozen(copyOf(event)), before: frozen(before) },
        (of) => definition.effects(of.event, of.before),
      ),
  };
  checkedOnes.add(twice);
  return twice;
}

/** `who` begins the sentence that is said of what it does wrong. */
function runChecked<I extends object, R>(who: string, input: I, run: (input: I) => R): R {
  try {
    const { first, second } = runTwice(() => run(input));
    const difference = differenceOf(first, secondOf(who, second), 'its result');
    if (difference !== null) throw notDeterministic(who, saidDifference(difference));
    return first;
  } catch (error) {
    throw changeOf(who, input, run) ?? error;
  }
}

function secondOf<R>(who: string, second: () => R): R {
  try {
    return second();
  } catch (cause) {
    throw notDeterministic(who, `it gave a result, then it threw ${String(cause)}`, cause);
  }
}

function notDeterministic(who: string, what: string, cause?: unknown): Fault {
  const said = `${who} gives other results for the same input: ${what}`;
  return new Fault('not_deterministic', said, { retryable: false, cause });
}

/** What a run does to input that can be changed; null where it leaves it alone. */
function changeOf<I extends object, R>(who: string, input: I, run: (input: I) => R): Fault | null {
  const copy = copyOf(input);
  try {
    run(copy);
  } catch {
    // What it threw is known; what it did before that is asked here.
  }
  for (const [name, value] of Object.entries(input)) {
    const difference = differenceOf(value, (copy as Record<string, unknown>)[name], name);
    if (difference === null) continue;
    const said = `${who} changes what it is given: ${saidDifference(difference)}`;
    return new Fault('input_changed', said, { retryable: false });
  }
  return null;
}
