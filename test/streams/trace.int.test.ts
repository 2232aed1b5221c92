// What becomes of one feed entry, as spans: everything that befalls it stands in the trace of its round, with
// its attempts counted.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RecordedEvent } from '../../core/events.ts';
import type { RoomCode } from '../../core/ids.ts';
import { readLetters, requeue } from '../../server/operate/dead-letters.ts';
import { operatorOn } from '../../server/operate/operator.ts';
import { createTracer } from '../../server/telemetry/tracer.ts';
import { gameStream } from '../../server/wiring/game-stream.ts';
import { Fault } from '../../streams/contract/fault.ts';
import { readAfter } from '../../streams/handle/follow.ts';
import { tellEvents } from '../../streams/trace/event-spans.ts';
import { type FinishedSpan, noTelemetry, type Telemetry } from '../../streams/trace/telemetry.ts';
import { rootOf, traceIdOf } from '../../streams/trace/traceparent.ts';
import { type Engine, startEngine } from '../support/engine.ts';
import { gameOn } from '../support/game-on.ts';
import { aGameId } from '../support/histories.ts';
import { startTestValkey, type TestValkey } from '../support/valkey.ts';
import { openWorld } from '../support/world.ts';

const soon = { timeout: 15_000 };
let valkey: TestValkey;
let engine: Engine;
let spans: FinishedSpan[];
let telemetry: Telemetry;

beforeAll(async () => {
  valkey = await startTestValkey();
  engine = await startEngine(valkey.url);
  spans = [];
  const tracer = createTracer({ take: (span) => void spans.push(span), flush: async () => undefined });
  telemetry = { ...noTelemetry, tracer };
});
afterAll(async () => {
  await engine.close();
  await valkey.stop();
});

/** A room that has asked for a claim. */
async function startRound(): Promise<{ room: RoomCode; started: RecordedEvent }> {
  const room = await engine.createRoom();
  const starts = { type: 'startGame', after: null, game: aGameId() } as const;
  await engine.rooms.handle(room, () => starts, engine.context);
  // By this clock the first question is not due.
  const world = openWorld(0);
  await engine.rooms.handle(room, () => ({ type: 'advance', world }), engine.context);
  const started = (await readAfter(engine.log, room, 0)).find(({ type }) => type === 'START_ROUND');
  if (started === undefined) throw new Error('no round was started');
  return { room, started };
}

test('crash, retries, dead letter and requeue of an entry are in the trace of its round, with attempt numbers', async () => {
  const { started } = await startRound();
  // Entry 1 is the room's creation, entry 2 the game's start, entry 3 the round's.
  await engine.readAndDie('killed', 3);
  const wakes = ['START_ROUND'] as const;
  let tries = 0;
  const handle = async () => {
    tries += 1;
    if (tries === 1) throw new Error('not now');
    if (tries === 2) throw new Fault('model_unset', 'never', { retryable: false });
  };
  const ill = engine.consume({ name: 'killed', wakes, handle, telemetry });
  await ill.reported('dead_lettered');
  const operator = operatorOn(gameOn(engine.commands), 'test');
  for (const letter of await readLetters(operator)) await requeue(operator, letter);
  await expect.poll(() => tries, soon).toBe(3);
  await ill.stop();

  const told = spans.filter(({ traceparent }) => traceIdOf(traceparent) === traceIdOf(started.traceparent));
  const [requeued] = told.filter(({ name }) => name === 'requeue START_ROUND');
  const counted = ['arena.attempt', 'arena.exceptions', 'arena.requeues', 'arena.redelivered'];
  expect(
    told.map(({ name, error, attributes }) => [name, error, ...counted.map((key) => attributes[key])]),
  ).toEqual([
    ['process START_ROUND', 'Error', 1, 0, 0, true],
    ['process START_ROUND', 'model_unset', 2, 1, 0, true],
    ['dead letter START_ROUND', null, 2, 2, 0, undefined],
    ['requeue START_ROUND', null, undefined, undefined, 1, undefined],
    ['process START_ROUND', null, 1, 0, 1, false],
  ]);
  const root = rootOf(started.traceparent);
  expect(told.map(({ parent }) => parent)).toEqual([root, root, root, root, requeued?.traceparent]);
  expect(told.map(({ attributes }) => attributes['arena.deaths'])).toEqual([0, 0, 0, undefined, 0]);
  expect(requeued?.attributes).toMatchObject({
    'arena.by': 'test',
    'messaging.consumer.group.name': 'researcher',
  });
  // The moment is Valkey's, of before it was handled.
  expect(requeued?.startMs).toBeLessThan(told[4]?.endMs ?? 0);
});

test('a requeue is told by the group it was for alone, as one span however many attempts follow', async () => {
  const { room, started } = await startRound();
  const wakes = ['START_ROUND'] as const;
  let tries = 0;
  const handle = async (task: { readonly stream: RoomCode }) => {
    if (task.stream !== room) return;
    tries += 1;
    if (tries !== 3) throw new Fault('model_unset', 'never', { retryable: tries > 1 });
  };
  spans.length = 0;
  const ill = engine.consume({ name: 'ill', wakes, handle, telemetry });
  await ill.reported('dead_lettered');
  const operator = operatorOn(gameOn(engine.commands), 'test');
  for (const letter of await readLetters(operator)) await requeue(operator, letter);
  await expect.poll(() => tries, soon).toBe(3);
  // Another group hears of the entry as it was, and as it was put back.
  let others = 0;
  const hear = async (task: { readonly stream: RoomCode }) => {
    if (task.stream === room) others += 1;
  };
  const another = engine.consume({ name: 'other', group: 'editor', wakes, handle: hear, telemetry });
  await expect.poll(() => others, soon).toBe(2);
  await Promise.all([ill.stop(), another.stop()]);

  const told = spans.filter(({ traceparent }) => traceIdOf(traceparent) === traceIdOf(started.traceparent));
  const requeues = told.filter(({ name }) => name === 'requeue START_ROUND');
  expect(requeues.length).toBe(2);
  expect(new Set(requeues.map(({ traceparent }) => traceparent)).size).toBe(1);
  const on = told.filter(({ parent }) => parent === requeues[0]?.traceparent);
  expect(on.map(({ attributes }) => attributes['arena.attempt'])).toEqual([1, 2]);
}, 30_000);

test.each([
  ['as it happened', null, 1],
  ['put back for another', { group: 'writer', by: 'test' }, 0],
  ['put back for the one that tells', { group: 'projector', by: 'test' }, 1],
] as const)('an event %s is told, or was before', async (_how, requeued, times) => {
  const { room, started } = await startRound();
  const { rev, traceparent } = started;
  const what = { kind: 'events', first: rev, last: rev, types: ['START_ROUND'], traceparent } as const;
  spans.length = 0;
  const pointer = { id: '1-0', stream: room, requeues: requeued === null ? 0 : 1, requeued, what };
  await tellEvents(engine.log, gameStream, { tracer: telemetry.tracer, group: 'projector' })(room, [pointer]);
  expect(spans.map(({ name }) => name)).toEqual(Array(times).fill('START_ROUND'));
});
