import fc from 'fast-check';
import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerGuards } from '../../core/effects.ts';
import type { Game } from '../../core/game.ts';
import { PlayerId, RoundId } from '../../core/ids.ts';
import { gameStream } from '../../server/wiring/game-stream.ts';
import type { CommitOutcome, CommitRequest } from '../../streams/contract/event-log.ts';
import { hashOf, rawEntries } from '../../streams/log/hash-chain.ts';
import { createMemoryLog, logContract } from '../../streams/testing.ts';
import { bundleUrl } from '../support/bundle.ts';
import { type Engine, startEngine } from '../support/engine.ts';
import { logOnValkey } from '../support/log-on-valkey.ts';
import { answered, changed, createIn, request, testAnswerGuards } from '../support/room-log.ts';
import { startTestValkey, type TestValkey } from '../support/valkey.ts';

let valkey: TestValkey;
let engine: Engine;

beforeAll(async () => {
  valkey = await startTestValkey();
  engine = await startEngine(valkey.url);
});
afterAll(async () => {
  await engine.close();
  await valkey.stop();
});

describe('the log on Valkey', () => {
  for (const { name, run } of logContract) test(name, () => run(logOnValkey(engine.commands)));
});
testAnswerGuards('the log on Valkey', () => engine.log);

test('a room whose server was replaced by one with a slower clock goes on from its last event', async () => {
  const room = await createIn(engine.log);
  const ahead = (await engine.log.now(null)) + 60_000;
  await engine.commands.hset(engine.keys.of(room).meta, 'at', ahead);
  expect(await engine.log.now(room)).toBe(ahead);
  expect(await engine.log.commit(request(room, [changed(3)]))).toMatchObject({ status: 'ok', at: ahead });
});

test('an answer counts from the first moment of a question to its last, both included', async () => {
  const room = await createIn(engine.log);
  const roundId = RoundId.parse(ulid());
  // Ahead of the server's clock, so that the moment of the next commit is known.
  const at = (await engine.log.now(null)) + 60_000;
  const { meta } = engine.keys.of(room);
  const submit = async (opensAt: number, closesAt: number) => {
    const playerId = PlayerId.parse(ulid());
    const player = { [`player:${playerId}`]: 1 };
    await engine.commands.hset(meta, { at, round: roundId, openedRev: 2, opensAt, closesAt, ...player });
    const expectGuards = { guards: answerGuards({ playerId, roundId, answer: 'FACT' }) };
    return engine.log.commit(request(room, [answered(playerId)], { expect: expectGuards }));
  };
  expect(await submit(at, at)).toMatchObject({ status: 'ok', at });
  expect(await submit(at + 1, at + 1)).toEqual({ status: 'refused', code: 'round_not_active' });
  expect(await submit(at - 1, at - 1)).toEqual({ status: 'refused', code: 'too_late' });
});

test('an answer of somebody who came with the question, or after it, does not count', async () => {
  const room = await createIn(engine.log);
  const roundId = RoundId.parse(ulid());
  const playerId = PlayerId.parse(ulid());
  const { meta } = engine.keys.of(room);
  const times = { opensAt: 0, closesAt: (await engine.log.now(null)) + 60_000 };
  await engine.commands.hset(meta, { round: roundId, openedRev: 5, ...times });
  const submit = async (joinedRev: number) => {
    await engine.commands.hset(meta, { [`player:${playerId}`]: joinedRev });
    const expectGuards = { guards: answerGuards({ playerId, roundId, answer: 'FACT' }) };
    return engine.log.commit(request(room, [answered(playerId)], { expect: expectGuards }));
  };
  for (const late of [5, 6])
    expect(await submit(late)).toEqual({ status: 'refused', code: 'round_not_active' });
  expect(await submit(4)).toMatchObject({ status: 'ok' });
});

test('each entry of a log holds the hash of the one before it in its own', async () => {
  const room = await createIn(engine.log);
  await engine.log.commit(request(room, [changed(3), changed(4)]));
  const stored: (string | null)[] = [];
  const computed: string[] = [];
  for await (const entry of rawEntries(engine.commands, engine.keys.of(room).log)) {
    stored.push(entry.seal);
    computed.push(hashOf(computed.at(-1) ?? '', entry));
  }
  expect(computed).toHaveLength(3);
  expect(stored).toEqual(computed);
});

const bundle = bundleUrl(1);
describe.skipIf(bundle === null)('on a Valkey with modules', () => {
  let withModules: Engine;
  beforeAll(async () => {
    withModules = await startEngine(bundle ?? '');
    await withModules.commands.flushdb();
  });
  afterAll(() => withModules.close());
  for (const { name, run } of logContract)
    test(`the log ${name}`, () => run(logOnValkey(withModules.commands)));
  testAnswerGuards('the log', () => withModules.log);
});

/** What both logs must agree on: everything but the moment. */
function comparable(outcome: CommitOutcome<Game>): object {
  return { ...outcome, at: null };
}

const playerId = PlayerId.parse(ulid());
const commits = fc.array(
  fc.record({
    events: fc.array(fc.constantFrom('loud', 'quiet'), { maxLength: 3 }),
    key: fc.option(fc.constantFrom('a', 'b', 'c'), { nil: null }),
    note: fc.constantFrom('', 'x', 'a-b'),
    turnOff: fc.constantFrom(0, 0, 0, 1, -1),
    guard: fc.constantFrom('none', 'present', 'equals', 'less', 'reached', 'passed'),
    meta: fc.constantFrom('none', 'value', 'soon', 'rev', 'drop'),
    count: fc.boolean(),
  }),
  { maxLength: 12 },
);
type Step = typeof commits extends fc.Arbitrary<(infer S)[]> ? S : never;

function stepRequest(room: CommitRequest<Game>['stream'], step: Step, turn: number): CommitRequest<Game> {
  const guards = {
    none: null,
    present: { field: 'f', present: true, else: 'forbidden' },
    equals: { field: 'f', equals: 'v', else: 'room_full' },
    less: { field: 'f', lessThanField: 'answered', else: 'room_locked' },
    reached: { field: 'f', reached: true, else: 'too_late' },
    passed: { field: 'f', passed: false, else: 'name_taken' },
  } as const;
  const metas = {
    none: [],
    value: [{ set: 'f', value: 'v' }],
    soon: [{ set: 'f', inMs: 3_600_000 }],
    rev: [{ set: 'f', rev: true }],
    drop: [{ drop: 'f' }],
  } as const;
  const guard = guards[step.guard];
  const bodies = step.events.map((kind) => (kind === 'loud' ? changed(3) : answered(playerId)));
  return request(room, bodies, {
    key: step.key,
    note: step.note,
    expect: guard === null ? { turn: turn + step.turnOff } : { guards: [guard] },
    effects: { meta: metas[step.meta], timers: [] },
    ...(step.count ? { count: 'answered' } : {}),
  });
}

test('the log in memory and the log on Valkey never differ, whatever is asked of them', async () => {
  await fc.assert(
    fc.asyncProperty(commits, async (steps) => {
      const memory = createMemoryLog(gameStream);
      memory.clock.now = Date.now();
      const [mine, theirs] = [await createIn(memory), await createIn(engine.log)];
      for (const step of steps) {
        const events = await memory.read(mine, 0);
        const turn = events.findLast(({ type }) => type !== 'ANSWER_SUBMITTED')?.rev ?? 0;
        const [one, two] = [
          await memory.commit(stepRequest(mine, step, turn)),
          await engine.log.commit(stepRequest(theirs, step, turn)),
        ];
        expect(comparable(two)).toEqual(comparable(one));
      }
      const types = async (log: typeof memory | Engine['log'], room: typeof mine) =>
        (await log.read(room, 0)).map(({ type, rev }) => [rev, type]);
      expect(await types(engine.log, theirs)).toEqual(await types(memory, mine));
    }),
    { numRuns: 150 },
  );
}, 60_000);
