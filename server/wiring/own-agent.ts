// Loads an agent that a user wrote: a module outside this project, run like the built-in agents. It has its
// own consumer group. So each event is delivered to it until it is handled, also after a crash, and what it
// submits takes effect once.

import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { type EventType, eventTypes, ownAgentName } from '../../core/events.ts';
import type { Game } from '../../core/game.ts';
import { groups } from '../../core/game.ts';
import type { Task } from '../../streams/engine.ts';
import { CannotStart } from '../config/cannot-start.ts';

const OwnAgent = z.object({
  /** Also the name of its consumer group: under the same name it goes on where it stopped. */
  name: z
    .string()
    .regex(ownAgentName)
    .refine((name) => !(groups as readonly string[]).includes(name), 'a built-in agent has this name'),
  /** Types of events that it is called for. The others are acknowledged unread. */
  wakes: z.array(z.enum(eventTypes as [EventType, ...EventType[]])).min(1),
  /**
   * Called for each entry that wakes it, and again after a crash or an exception. So what it does outside the
   * game may happen twice.
   */
  handle: z.custom<(task: Task<Game>) => Promise<void>>((value) => typeof value === 'function', 'a function'),
});
export type OwnAgent = z.infer<typeof OwnAgent>;

/** True for the path of a file, false for the name of an agent. */
export const isModule = (name: string): boolean => /[./\\]/.test(name);

/**
 * The agent that a module exports as its default.
 * @throws CannotStart when the module cannot be loaded or its default export is no agent.
 */
export async function loadOwnAgent(file: string): Promise<OwnAgent> {
  const module = (await import(pathToFileURL(resolve(file)).href).catch((cause: unknown) => {
    throw new CannotStart(`${file} cannot be loaded: ${String(cause)}`, { cause });
  })) as { default?: unknown };
  const agent = OwnAgent.safeParse(module.default);
  // The module's own object, not the parsed copy: `handle` may use other fields of it.
  if (agent.success) return module.default as OwnAgent;
  const [wrong] = agent.error.issues;
  const where = wrong?.path.join('.') || 'the whole';
  throw new CannotStart(`The default export of ${file} is no agent: ${where}: ${wrong?.message}`);
}
