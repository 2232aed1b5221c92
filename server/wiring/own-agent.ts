// An agent of one's own: a module beside the project, run like those that come along. It has a consumer group
// of its own, so it hears of everything once, however often it dies; what it submits is acknowledged in the
// same commit.

import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { type EventType, eventTypes, ownAgentName } from '../../core/events.ts';
import type { Game } from '../../core/game.ts';
import { groups } from '../../core/game.ts';
import type { Task } from '../../streams/engine.ts';
import { CannotStart } from '../config/cannot-start.ts';

const OwnAgent = z.object({
  /** Also of its consumer group: it goes on where it stood under this name. */
  name: z
    .string()
    .regex(ownAgentName)
    .refine(
      (name) => !(groups as readonly string[]).includes(name),
      'an agent that comes along has this name',
    ),
  /** Types of events that wake it; the rest is acknowledged unread. */
  wakes: z.array(z.enum(eventTypes as [EventType, ...EventType[]])).min(1),
  /**
   * Called for each entry that wakes it, again after a crash or an exception. Whatever it does outside the
   * game must bear that.
   */
  handle: z.custom<(task: Task<Game>) => Promise<void>>((value) => typeof value === 'function', 'a function'),
});
export type OwnAgent = z.infer<typeof OwnAgent>;

/** True for what names a file rather than an agent. */
export const isModule = (name: string): boolean => /[./\\]/.test(name);

/**
 * The default export of a module.
 * @throws CannotStart when there is none, or when it is no agent.
 */
export async function loadOwnAgent(file: string): Promise<OwnAgent> {
  const module = (await import(pathToFileURL(resolve(file)).href).catch((cause: unknown) => {
    throw new CannotStart(`${file} cannot be loaded: ${String(cause)}`, { cause });
  })) as { default?: unknown };
  const agent = OwnAgent.safeParse(module.default);
  // The module's own object, not a copy: its handler may look at what else it has.
  if (agent.success) return module.default as OwnAgent;
  const [wrong] = agent.error.issues;
  const where = wrong?.path.join('.') || 'the whole';
  throw new CannotStart(`The default export of ${file} is no agent: ${where}: ${wrong?.message}`);
}
