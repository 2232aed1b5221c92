// Names that the engine keeps for itself: no timer and no group of a program may have them.

import { expect, test } from 'vitest';
import { z } from 'zod';
import { retentionAgent } from '../../streams/consume/retention.ts';
import { concerns } from '../../streams/consume/task.ts';
import { defineStream } from '../../streams/engine.ts';
import { createCommandHandler } from '../../streams/handle/command-handler.ts';
import { newTraceparent } from '../../streams/parts.ts';
import { runAgent, runProjector, runRetention } from '../../streams/run.ts';
import { createMemoryLog } from '../../streams/testing/memory-log.ts';

type Command = { readonly timer?: string; readonly decided?: string; readonly type?: 'Ended' | 'Went' };

const lives = defineStream({
  name: 'lives',
  events: { Went: z.object({ timer: z.string().optional() }), Ended: z.object({}), Seen: z.object({}) },
  quiet: ['Seen'],
  retention: { ends: ['Ended'], afterMs: 5 },
  initial: {},
  decide({ timer, decided, type = 'Went' }: Command) {
    const timers = decided === undefined ? [] : [{ cancel: decided }];
    if (type === 'Ended') return { events: [{ type, data: {} }], timers };
    return { events: [{ type, data: timer === undefined ? {} : { timer } }], timers };
  },
  evolve: (state: object) => state,
  effects(event) {
    const timer = event.type === 'Went' ? event.data.timer : undefined;
    return { meta: [], timers: timer === undefined ? [] : [{ set: timer, inMs: 1 }] };
  },
});

function handled() {
  const log = createMemoryLog(lives);
  const handler = createCommandHandler(log, lives);
  const context = { by: 'test', traceparent: newTraceparent() };
  return { log, handler, context, send: (command: Command) => handler.handle('one', () => command, context) };
}

test.each([{ timer: 'engine:mine' }, { decided: 'engine:retention' }])(
  'a timer %o is refused',
  async (wish) => {
    const { send, log } = handled();
    await expect(send(wish)).rejects.toMatchObject({ code: 'reserved_timer', retryable: false });
    expect(await log.head('one')).toBeNull();
  },
);

test('an end sets the timer of retention, whatever is quiet leaves it, and whatever follows cancels it', async () => {
  const { send, log, handler, context } = handled();
  const retention = () => log.timers.get('one|engine:retention');
  await send({ timer: 'engines' });
  expect(retention()).toBeUndefined();
  await send({ type: 'Ended' });
  expect(retention()).toBe(log.clock.now + 5);
  const append = (type: 'Seen' | 'Went') => {
    const one = { key: type, guards: [], events: [{ type, data: {} }] };
    return handler.append('one', () => one, context);
  };
  await append('Seen');
  expect(retention()).toBe(log.clock.now + 5);
  await append('Went');
  expect(retention()).toBeUndefined();
});

test('a group of the name is refused where it would begin, and retention where nothing ends', () => {
  const { signal } = new AbortController();
  const running = { consumer: 'one', report: () => undefined };
  const agent = { group: 'retention', wakes: new Set<never>(), timers: false, handle: async () => undefined };
  const options = { ...running, by: 'test', concurrency: 1, handlerMsMax: 1 };
  expect(() => runAgent({} as never, agent, options, signal)).toThrow(
    "the group retention is the engine's own",
  );
  const projector = { group: 'retention', work: async () => undefined };
  expect(() => runProjector({} as never, projector, running, signal)).toThrow("the engine's own");
  const endless = { definition: { ...lives, retention: null }, keys: {}, commands: {} } as never;
  expect(() => runRetention(endless, { ...running, groups: [] }, signal)).toThrow('has no retention');
});

test('the timers of a program do not wake the retention, and its timer wakes no agent', () => {
  const { log } = handled();
  const timer = (name: string) => ({ what: { kind: 'timer', name, dueAt: 1 } as const });
  const parts = {
    definition: lives,
    log,
    archive: null,
    groups: [],
    deleteStream: async () => 'busy' as const,
  };
  const retention = retentionAgent(parts);
  const agent = { group: 'all', wakes: new Set<string>(), timers: true };
  expect([retention, agent].map((one) => concerns(timer('remind'), one))).toEqual([false, true]);
  expect([retention, agent].map((one) => concerns(timer('engine:retention'), one))).toEqual([true, false]);
});
