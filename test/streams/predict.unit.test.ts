// A stream as a commit on its way will leave it: the moment alone is not known, and whatever is decided by it
// does not count, however it is looked at.

import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineStream, type TypesOf } from '../../streams/engine.ts';
import { createCommandHandler } from '../../streams/handle/command-handler.ts';
import { newTraceparent } from '../../streams/parts.ts';
import { createMemoryLog } from '../../streams/testing/memory-log.ts';

type Noted = { readonly type: string; readonly at: number };
type Keep = (event: Noted) => unknown;
type Say = (kept: unknown) => unknown;

/** A stream that keeps of its last event what `keep` makes of it, and notes what `say` makes of that. */
const keeping = (keep: Keep, say: Say) =>
  defineStream({
    name: 'keeping',
    events: { Noted: z.object({ said: z.unknown() }) },
    initial: null as unknown,
    decide: (_note: 'note', kept: unknown) => ({
      events: [{ type: 'Noted', data: { said: say(kept) ?? null } } as const],
    }),
    evolve: (_kept: unknown, event) => keep(event),
  });

const atOf: Say = (kept) => (kept as Noted | null)?.at;
const ways: Record<string, readonly [Keep, Say]> = {
  'keeps the event itself': [(event) => event, atOf],
  'keeps a copy of the event': [(event) => ({ ...event }), atOf],
  'keeps the moment': [({ at }) => at, (at) => at],
  'keeps the event as JSON': [
    (event) => JSON.stringify(event),
    (text) => atOf(typeof text === 'string' ? JSON.parse(text) : null),
  ],
  'keeps a clone of the event': [(event) => structuredClone(event), atOf],
  'looks at the moment later': [(event) => () => event.at, (later) => (later as (() => number) | null)?.()],
};

for (const [how, [keep, say]] of Object.entries(ways)) {
  test(`a stream that ${how} decides by no moment that is not there yet`, async () => {
    const definition = keeping(keep, say);
    const log = createMemoryLog(definition);
    const handler = createCommandHandler<TypesOf<typeof definition>>(log, definition);
    const note = () => handler.handle('mine', 'note', { by: 'test', traceparent: newTraceparent() });
    await note();
    log.clock.now += 100;
    await Promise.all([note(), note(), note()]);
    const events = await log.read('mine', 0);
    const before = events.map((_event, index) => events[index - 1]?.at ?? null);
    expect(events.map(({ data }) => data.said)).toEqual(before);
    expect(new Set(before).size).toBe(3);
  });
}
