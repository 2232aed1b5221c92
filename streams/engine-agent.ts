// What a program hands in, made into what consumers take: commands as values, agents with what may be left
// out.

import { createHash } from 'node:crypto';
import type { StreamTypes } from './contract/definition.ts';
import type { EngineAgent, EngineTask, TypeOf } from './contract/engine.ts';
import type { Agent, CommandOf, MakeCommand } from './contract/task.ts';

/** Makes commands of a command, or of what makes one. */
const makerOf = <S extends StreamTypes>(command: CommandOf<S>): MakeCommand<S> =>
  typeof command === 'function' ? (command as MakeCommand<S>) : () => command;

/** @throws Error for a group that has no name for one, or is taken. */
export function refuseGroup(stream: string, group: string, taken: ReadonlyMap<string, unknown>): void {
  if (!/^[A-Za-z][\w.-]{0,63}$/.test(group)) {
    throw new Error(
      `${stream}: ${JSON.stringify(group)} is no name for a group: letters, digits, "_", "." and "-"`,
    );
  }
  if (taken.has(group))
    throw new Error(`${stream}: the group ${group} is taken: give each agent and projection its own`);
}

/** @throws Error for an agent that nothing wakes, or an event that is none of the stream's. */
export function agentOf<S extends StreamTypes, T extends TypeOf<S>>(
  stream: string,
  types: readonly string[],
  agent: EngineAgent<S, T>,
): Agent<S> {
  const { group, wakes = [], timers = [] } = agent;
  const unknown = wakes.find((type) => !types.includes(type));
  if (unknown !== undefined)
    throw new Error(`${stream}: the agent ${group} is woken by ${unknown}, which is none of its events`);
  if (wakes.length === 0 && timers !== true && timers.length === 0) {
    throw new Error(
      `${stream}: nothing wakes the agent ${group}: name events in \`wakes\` or timers in \`timers\``,
    );
  }
  const waking = new Set<TypeOf<S>>(wakes);
  return {
    group,
    wakes: waking,
    timers: timers === true ? true : new Set(timers),
    async handle(task) {
      const events = task.events.filter(isOf<S, T>(waking));
      const submit: EngineTask<S, T>['submit'] = (command, options) =>
        task.submit(makerOf<S>(command), options);
      await agent.handle({ ...task, events, submit });
    },
  };
}

const isOf =
  <S extends StreamTypes, T extends TypeOf<S>>(types: ReadonlySet<TypeOf<S>>) =>
  (event: S['event']): event is Extract<S['event'], { readonly type: T }> =>
    types.has(event.type);

/** A command as it was sent; where it is made of the stream, its key alone says what is wanted. */
export const digestOf = (asked: unknown): string =>
  createHash('sha256')
    .update(typeof asked === 'function' ? '' : JSON.stringify(asked))
    .digest('hex');
