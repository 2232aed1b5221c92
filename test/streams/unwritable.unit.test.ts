// Data that could be written and never be read, or would be read as something else than what the process had
// folded: what is written is taken through JSON and its schema first.

import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineStream } from '../../streams/engine.ts';
import { createCommandHandler } from '../../streams/handle/command-handler.ts';
import { newTraceparent } from '../../streams/parts.ts';
import { createMemoryLog, scenario } from '../../streams/testing.ts';

function papersWith(data: z.ZodType) {
  return defineStream({
    name: 'papers',
    events: { Filed: data },
    initial: [] as readonly unknown[],
    decide: (given: unknown) => ({ events: [{ type: 'Filed', data: given }] }),
    evolve: (papers: readonly unknown[], event): readonly unknown[] => [...papers, event.data],
  });
}
const context = { by: 'test', traceparent: newTraceparent() };

/** What becomes of data: as the writer folds it, and as it stands in the log. */
async function file(schema: z.ZodType, data: unknown) {
  const papers = papersWith(schema);
  const log = createMemoryLog(papers);
  const handled = await createCommandHandler(log, papers).handle('one', () => data, context);
  const state = handled.status === 'done' ? handled.folded.state : handled;
  const [stored] = await log.read('one', 0);
  const read = schema.parse(JSON.parse(JSON.stringify({ data: stored?.data })).data);
  return { state, read: [read] };
}

class Point {
  readonly x = 1;
}
const holding: Record<string, unknown> = {};
holding['itself'] = holding;

test.each<[string, z.ZodType, unknown]>([
  ['a date', z.object({ on: z.date() }), { on: new Date(0) }],
  ['a set', z.object({ all: z.set(z.string()) }), { all: new Set(['a']) }],
  ['a map', z.object({ all: z.map(z.string(), z.string()) }), { all: new Map([['a', 'b']]) }],
  ['an instance of a class', z.object({ at: z.instanceof(Point) }), { at: new Point() }],
  ['no number', z.object({ size: z.nan() }), { size: Number.NaN }],
  ['a bigint', z.object({ size: z.bigint() }), { size: 5n }],
  ['an undefined element', z.object({ all: z.array(z.string().optional()) }), { all: ['a', undefined] }],
  ['a text made a number', z.object({ size: z.string().transform(Number) }), { size: '5' }],
  ['a number made another', z.object({ size: z.number().transform((n) => n + 1) }), { size: 1 }],
  ['what holds itself', z.any(), holding],
  ['an async check', z.string().refine(async () => true), 'a'],
  ['a check that throws', z.string().refine(() => JSON.parse('{')), 'a'],
])('%s is refused before it is written, in memory and in a scenario', async (_what, schema, data) => {
  const refused = { name: 'Fault', code: 'unwritable_event', retryable: false };
  await expect(file(schema, data)).rejects.toMatchObject(refused);
  const { given } = scenario(papersWith(schema));
  // Deep copies of what holds itself are another matter.
  if (data !== holding) expect(() => given().when(data)).toThrow(expect.objectContaining(refused));
});

test.each<[string, z.ZodType, unknown, unknown]>([
  ['a date under any', z.any(), new Date(0), '1970-01-01T00:00:00.000Z'],
  ['a date that its schema makes of a text', z.coerce.date(), new Date(0), new Date(0)],
  ['an undefined field', z.object({ a: z.string().optional() }), { a: undefined }, {}],
  ['a negative nothing', z.number(), -0, 0],
  ['no data', z.undefined(), undefined, undefined],
  ['a text that is trimmed', z.string().trim(), ' a ', 'a'],
  ['half a character', z.string(), 'a\ud800', 'a\ud800'],
])('%s is folded as a reader of the log will have it', async (_what, schema, data, had) => {
  const { state, read } = await file(schema, data);
  expect(state).toStrictEqual([had]);
  expect(read).toStrictEqual([had]);
});

test('an event whose stamp no reader would take is refused, and a field that is none of its own is not kept', async () => {
  const papers = papersWith(z.string());
  const log = createMemoryLog(papers);
  const handler = createCommandHandler(log, papers);
  for (const wrong of [{ by: '' }, { by: 5 as never }, { traceparent: 'x' }, { causationId: 7 as never }]) {
    const sent = handler.handle('one', () => 'a', { ...context, ...wrong });
    await expect(sent).rejects.toMatchObject({ code: 'unwritable_event', retryable: false });
  }
  expect(await log.head('one')).toBeNull();
  const event = { type: 'Filed', data: 'a', shouts: true };
  const more = { ...papers, decide: () => ({ events: [event] as never }) };
  await createCommandHandler(log, more).handle('one', () => 'a', context);
  expect((await log.read('one', 0))[0]).not.toHaveProperty('shouts');
});

test.each([5, undefined, true, {}, 'half-a-\ud800'])(
  'an id %s is refused, and a key that is no text',
  async (id) => {
    const papers = papersWith(z.string());
    const log = createMemoryLog(papers);
    const handler = createCommandHandler(log, papers);
    const refused = { name: 'Fault', code: 'bad_stream_id', retryable: false };
    await expect(handler.handle(id as string, () => 'a', context)).rejects.toMatchObject(refused);
    const append = { key: id as string, guards: [], events: [{ type: 'Filed', data: 'a' }] } as const;
    await expect(handler.append(id as string, () => append, context)).rejects.toMatchObject(refused);
    await handler.handle('one', () => 'a', context);
    const keyed = { name: 'Fault', code: 'unfit_commit', message: expect.stringContaining('its key is') };
    await expect(handler.append('one', () => append, context)).rejects.toMatchObject(keyed);
    expect((await log.read('one', 0)).length).toBe(1);
  },
);
