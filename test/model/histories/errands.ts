// The program whose histories are tried: errands that are asked for and done by an agent, votes that count
// while a door is open, and reminders. Where a repeat must do nothing, its command does not look for it: the
// engine has to.

import { z } from 'zod';
import { defineStream, type EngineStream, Fault, type TypesOf } from '../../../streams/engine.ts';

export type ErrandCommand =
  | { readonly type: 'ask' | 'plan' | 'ring'; readonly n: number; readonly inMs: number }
  | { readonly type: 'finish'; readonly n: number; readonly receipt: string }
  | { readonly type: 'open' | 'close' };

/** What a client sends; a vote is an append under a guard, all else is decided. */
export interface Sent {
  readonly stream: string;
  readonly key: string;
  readonly command: ErrandCommand | { readonly type: 'vote'; readonly n: number };
}

/** What the handlers of errands meet outside of the engine: the test decides what becomes of each try. */
export interface Outside {
  met(met: Met): Promise<'go' | 'throw'>;
  /** Gives a receipt. */
  paid(n: number, key: string): Promise<string>;
}

export interface Met {
  readonly n: number;
  readonly entry: string;
  readonly attempt: number;
}

export const groups = ['errands', 'reminders'] as const;

const numbered = z.object({ n: z.number() });

/** `name`: a fresh one for each history. */
export const defineErrands = (name: string) =>
  defineStream({
    name,
    events: {
      Asked: numbered,
      Done: z.object({ n: z.number(), number: z.number(), receipt: z.string() }),
      Voted: numbered,
      Opened: z.object({}),
      Closed: z.object({}),
      Planned: numbered,
      Rang: numbered,
    },
    quiet: ['Voted'],
    initial: { done: 0 },
    decide(command: ErrandCommand, { done }) {
      switch (command.type) {
        case 'ask':
          return { events: [{ type: 'Asked', data: { n: command.n } }] };
        case 'finish': {
          const { n, receipt } = command;
          return { key: `done:${n}`, events: [{ type: 'Done', data: { n, receipt, number: done + 1 } }] };
        }
        case 'plan': {
          const { n, inMs } = command;
          return {
            events: [{ type: 'Planned', data: { n } }],
            timers: [{ set: `remind-${n}`, inMs }],
          };
        }
        case 'ring':
          return { events: [{ type: 'Rang', data: { n: command.n } }] };
        case 'open':
          return { events: [{ type: 'Opened', data: {} }] };
        case 'close':
          return { events: [{ type: 'Closed', data: {} }] };
      }
    },
    evolve: ({ done }, { type }) => ({ done: type === 'Done' ? done + 1 : done }),
    effects: ({ type }) => ({
      meta: type === 'Opened' ? [{ set: 'open', value: '1' }] : type === 'Closed' ? [{ drop: 'open' }] : [],
    }),
  });

export type Errands = TypesOf<ReturnType<typeof defineErrands>>;

/** Adds the agents. */
export function work(errands: EngineStream<Errands>, outside: Outside): void {
  errands.consume({
    group: 'errands',
    wakes: ['Asked'],
    // More than any history holds up: what waits is never behind what is held.
    concurrency: 64,
    handlerMsMax: 600_000,
    async handle({ entry, events, attempt, once, submit }) {
      for (const { data } of events) {
        const { n } = data;
        if ((await outside.met({ n, entry, attempt })) === 'throw') throw new Error(`errand ${n} fails`);
        const receipt = await once(`pay-${n}`, ({ key }) => outside.paid(n, key));
        await submit({ type: 'finish', n, receipt }, { last: true });
      }
    },
  });
  errands.consume({
    group: 'reminders',
    timers: true,
    async handle({ timer, submit }) {
      const n = Number(timer?.name.replace('remind-', ''));
      await submit({ type: 'ring', n, inMs: 0 }, { last: true });
    },
  });
}

/** What came of it; `unknown` where the store was away, and it may have been done or not. */
export async function carry(errands: EngineStream<Errands>, { stream, key, command }: Sent): Promise<string> {
  try {
    if (command.type === 'vote') {
      const guards = [{ field: 'open', present: true, else: 'closed' }] as const;
      const events = [{ type: 'Voted', data: { n: command.n } }] as const;
      return (await errands.append(stream, { key, guards, events })).status;
    }
    const handled = await errands.handle(stream, command, { idempotencyKey: key });
    return handled.status === 'rejected' ? handled.code : handled.status;
  } catch (error) {
    if (error instanceof Fault && error.retryable) return 'unknown';
    throw error;
  }
}
