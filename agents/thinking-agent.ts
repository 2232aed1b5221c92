// The frame of an agent that thinks: from the event that wakes it to the command that records what it found.
// It decides whether the cycle still waits for this stage, so that no model thinks about work that was
// given up.

import type { Command } from '../core/commands.ts';
import type { RecordedEvent } from '../core/events.ts';
import type { Game } from '../core/game.ts';
import { limits } from '../core/limits.ts';
import { waitingFor } from '../core/preparing.ts';
import type { Room, Work } from '../core/state.ts';
import type { Task } from '../streams/engine.ts';
import type { Agent } from '../streams/parts.ts';
import type { Step } from './think.ts';

type Stage = 'research' | 'draft' | 'review';

/** A preparation that waits for the stage. */
export type Waiting<S extends Stage> = NonNullable<ReturnType<typeof waitingFor<S>>>;

export interface Errand<S extends Stage> {
  readonly room: Room;
  readonly preparation: Waiting<S>;
  readonly signal: AbortSignal;
  /** What a step may take, as of this call. */
  within(): Promise<Pick<Step<unknown>, 'withinMs' | 'spent' | 'signal'>>;
}

export interface ThinkingAgent<S extends Stage> {
  readonly group: Agent<Game>['group'];
  readonly wakesOn: 'START_ROUND' | 'RESEARCH_DONE' | 'DRAFT_READY';
  readonly stage: S;
  /** Null: there is nothing to record; the stage's alarm starts another cycle. */
  work(errand: Errand<S>): Promise<Command | null>;
}

export function thinkingAgent<S extends Stage>({
  group,
  wakesOn,
  stage,
  work,
}: ThinkingAgent<S>): Agent<Game> {
  return {
    group,
    wakes: new Set([wakesOn]),
    timers: false,
    async handle(task) {
      const { state } = await task.load();
      if (state.phase === 'none') return;
      const waiting = task.events
        .filter((event) => event.type === wakesOn)
        .flatMap((event) => currentWork(state, event, stage));
      for (const [index, preparation] of waiting.entries()) {
        const { signal } = task;
        const within = async () => {
          return { withinMs: await leftMs(task, preparation.work), spent: state.spent, signal };
        };
        const command = await work({ room: state, preparation, signal, within });
        if (command === null) continue;
        await task.submit(() => command, { last: index === waiting.length - 1 });
      }
    },
  };
}

/** What the event asks for, if it is still wanted; a stale cycle gives nothing. */
function currentWork<S extends Stage>(room: Room, { cycleId }: RecordedEvent, stage: S): Waiting<S>[] {
  const preparation = cycleId === null ? null : waitingFor(room, cycleId, stage);
  return preparation === null ? [] : [preparation];
}

async function leftMs(task: Task<Game>, work: Work): Promise<number> {
  if (!('dueAt' in work)) return 0;
  return work.dueAt - limits.stageMarginMs - (await task.now());
}
