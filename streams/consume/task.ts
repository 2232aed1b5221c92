// One feed entry made into a task for an agent: the means to look at the stream and to act on it, and the
// acknowledgement that goes into the last commit.

import type { StreamTypes } from '../contract/definition.ts';
import type { EventLog } from '../contract/event-log.ts';
import { isReservedTimer, retentionGroup } from '../contract/reserved.ts';
import type { Agent, CommandHandler, Context, MakeCommand, Opened, Task } from '../contract/task.ts';
import type { Folded } from '../handle/fold.ts';
import { readAfter } from '../handle/follow.ts';
import type { Pointer } from '../log/feed-entry.ts';
import { createOnce, type OnceDeps } from './once.ts';
import { orAborted } from './or-aborted.ts';

export interface TaskDeps<S extends StreamTypes> extends OnceDeps<S> {
  readonly handler: CommandHandler<S>;
  readonly by: S['by'];
}

/** `settled` becomes true when a commit has acknowledged the entry. */
export interface OpenTask<S extends StreamTypes> {
  readonly task: Task<S>;
  readonly settled: () => boolean;
  /** The events that it points to, or the stream of its timer, are not there: it has left the store. */
  readonly gone: boolean;
  /** Acknowledges by a commit that writes nothing and expects the turn seen last; false on a conflict. */
  settle(): Promise<boolean>;
}

interface Opening<S extends StreamTypes> {
  readonly attempt: number;
  readonly signal: AbortSignal;
  readonly traceparent: string;
  /** The stream, where it is looked at already. */
  readonly opening?: Promise<Opened<S>>;
}

/** `traceparent`: of the attempt, for what it writes outside of any trace of the stream's own. */
export async function openTask<S extends StreamTypes>(
  pointer: Pointer<S>,
  deps: TaskDeps<S>,
  { attempt, signal, traceparent, opening = openStreamOf(deps.handler, pointer) }: Opening<S>,
): Promise<OpenTask<S>> {
  const { handler, log, group, by } = deps;
  const { stream, what } = pointer;
  const context: Context<S> = { by, traceparent, causationId: pointer.id };
  const settles = { group, entryId: pointer.id };
  const opened = await opening;
  const events = what.kind === 'events' ? await pointedAt(log, stream, what, opened) : [];
  const gone = what.kind === 'events' ? events.length === 0 : opened.head === null;
  let { fresh } = opened;
  let settled = false;
  let seen: Folded<S> | null = null;

  const load = async (): Promise<Folded<S>> => {
    seen = await handler.load(stream);
    return seen;
  };

  const task: Task<S> = {
    stream,
    entry: pointer.id,
    events,
    timer: what.kind === 'timer' ? { name: what.name, dueAt: what.dueAt } : null,
    attempt,
    signal,
    load,
    now: async () => Math.max(await log.now(stream), what.kind === 'timer' ? what.dueAt : 0),
    since: (fromRev) => readAfter(log, stream, fromRev - 1),
    once: createOnce(deps, { stream, signal }),
    async submit(makeCommand, options) {
      signal.throwIfAborted();
      const last = options?.last === true;
      const make = until(signal, makeCommand);
      const known = fresh;
      fresh = false;
      const handled = await handler.handle(stream, make, last ? { ...context, settles } : context, known);
      if ('folded' in handled) seen = handled.folded;
      settled = last && handled.status !== 'rejected';
      return handled;
    },
  };

  return {
    task,
    settled: () => settled,
    gone,
    async settle() {
      const { turn, rev, epoch } = seen ?? (await load());
      // Without a log there is nothing to expect; the consumer acknowledges by itself.
      if (rev === 0) return false;
      const effects = { meta: [], timers: [] };
      const outcome = await log.commit({
        stream,
        key: null,
        expect: { turn, epoch },
        events: [],
        effects,
        settles,
      });
      return outcome.status === 'ok';
    },
  };
}

/**
 * The commands of a stream queue up behind one that is being made: none may take for ever, and what is made
 * after the abort is not committed.
 */
const until =
  <S extends StreamTypes>(signal: AbortSignal, makeCommand: MakeCommand<S>): MakeCommand<S> =>
  (folded) => {
    const command = makeCommand(folded);
    if (command instanceof Promise) return orAborted(command, signal);
    signal.throwIfAborted();
    return command;
  };

/** Looks at the stream of an entry, from the first event on that it points to. */
export const openStreamOf = <S extends StreamTypes>(
  handler: CommandHandler<S>,
  { stream, what }: Pointer<S>,
): Promise<Opened<S>> => handler.open(stream, what.kind === 'events' ? what.first : null);

/** The events that an entry points to, out of a look where that reaches so far. */
async function pointedAt<S extends StreamTypes>(
  log: EventLog<S>,
  stream: S['id'],
  range: { readonly first: number; readonly last: number },
  { head, events }: Opened<S>,
): Promise<readonly S['event'][]> {
  const { first, last } = range;
  const seen = events.at(-1)?.rev ?? 0;
  if (head !== null && seen < Math.min(last, head.rev)) return eventsOf(log, stream, range);
  return events.filter(({ rev }) => rev >= first && rev <= last);
}

/** The events that a feed entry points to. */
export async function eventsOf<S extends StreamTypes>(
  log: EventLog<S>,
  stream: S['id'],
  { first, last }: { first: number; last: number },
): Promise<readonly S['event'][]> {
  const events = await log.read(stream, first - 1, last - first + 1);
  return events.filter((event) => event.rev <= last);
}

/** True when an entry concerns an agent that is woken by these. The engine's timers are for its own group. */
export function concerns(
  { what }: Pick<Pointer, 'what'>,
  { group, wakes, timers }: Pick<Agent, 'group' | 'wakes' | 'timers'>,
): boolean {
  if (what.kind === 'events') return what.types.some((type) => wakes.has(type));
  if (isReservedTimer(what.name)) return group === retentionGroup;
  return typeof timers === 'boolean' ? timers : timers.has(what.name);
}
