// One feed entry made into a task for an agent: the means to look at the room and to act on it, and the
// acknowledgement that goes into the last commit.

import type { Author, EventType, RecordedEvent } from '../core/events.ts';
import type { Folded } from '../core/evolve.ts';
import type { RoomCode } from '../core/ids.ts';
import { orAborted } from '../core/or-aborted.ts';
import type { Context, EventLog, Rooms, Task } from '../core/ports.ts';
import type { Pointer } from './feed.ts';

export interface TaskDeps {
  readonly rooms: Rooms;
  readonly log: EventLog;
  readonly group: string;
  readonly by: Author;
}

/** `settled` becomes true when a commit has acknowledged the entry. */
export interface OpenTask {
  readonly task: Task;
  readonly settled: () => boolean;
  /** Acknowledges by a commit that writes nothing and expects the turn seen last; false on a conflict. */
  settle(): Promise<boolean>;
}

/** `traceparent`: of the attempt, for what it writes outside of any round. */
export async function openTask(
  pointer: Pointer,
  { rooms, log, group, by }: TaskDeps,
  { attempt, signal, traceparent }: { attempt: number; signal: AbortSignal; traceparent: string },
): Promise<OpenTask> {
  const { room, what } = pointer;
  const context: Context = { by, traceparent, causationId: pointer.id };
  const settles = { group, entryId: pointer.id };
  let settled = false;
  let seen: Folded | null = null;

  const load = async (): Promise<Folded> => {
    seen = await rooms.load(room);
    return seen;
  };

  const task: Task = {
    room,
    events: what.kind === 'events' ? await eventsOf(log, pointer.room, what) : [],
    alarm: what.kind === 'alarm' ? { name: what.name, dueAt: what.dueAt } : null,
    attempt,
    signal,
    load,
    now: async () => Math.max(await log.now(room), what.kind === 'alarm' ? what.dueAt : 0),
    since: (fromRev) => readAfter(log, room, fromRev - 1),
    async submit(makeCommand, options) {
      signal.throwIfAborted();
      const last = options?.last === true;
      // The commands of a room queue up behind one that is being made: nobody's may take for ever, and what
      // is made after the abort is not committed.
      const make = async (folded: Folded) => orAborted(Promise.resolve(makeCommand(folded)), signal);
      const handled = await rooms.handle(room, make, last ? { ...context, settles } : context);
      if ('folded' in handled) seen = handled.folded;
      settled = last && handled.status !== 'rejected';
      return handled;
    },
  };

  return {
    task,
    settled: () => settled,
    async settle() {
      const { turn, state } = seen ?? (await load());
      // Without a room there is nothing to expect; the consumer acknowledges by itself.
      if (state.phase === 'none') return false;
      const effects = { meta: [], timers: [] };
      const outcome = await log.commit({ room, key: null, expect: { turn }, events: [], effects, settles });
      return outcome.status === 'ok';
    },
  };
}

/** The events that a feed entry points to. */
export async function eventsOf(
  log: EventLog,
  room: RoomCode,
  { first, last }: { first: number; last: number },
): Promise<readonly RecordedEvent[]> {
  const events = await log.read(room, first - 1, last - first + 1);
  return events.filter((event) => event.rev <= last);
}

/** Every event of a room after a revision, page by page. */
export async function readAfter(log: EventLog, room: RoomCode, afterRev: number): Promise<RecordedEvent[]> {
  const all: RecordedEvent[] = [];
  for (;;) {
    const page = await log.read(room, all.at(-1)?.rev ?? afterRev);
    if (page.length === 0) return all;
    all.push(...page);
  }
}

/** True when an entry concerns somebody who is woken by these. */
export function concerns(pointer: Pointer, wakes: ReadonlySet<EventType>, alarms: boolean): boolean {
  const { what } = pointer;
  if (what.kind === 'alarm') return alarms;
  return what.types.some((type) => (wakes as ReadonlySet<string>).has(type));
}
