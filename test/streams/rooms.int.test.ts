import { ulid } from 'ulid';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Command } from '../../core/commands.ts';
import type { RoomCode } from '../../core/ids.ts';
import { Epoch, GameId, PlayerId, RoundId } from '../../core/ids.ts';
import { limits } from '../../core/limits.ts';
import { defaultSettings } from '../../core/settings.ts';
import { submitAnswer } from '../../server/live/submit-answer.ts';
import { gameCodec, gameStream } from '../../server/wiring/game-stream.ts';
import { createCommandHandler } from '../../streams/handle/command-handler.ts';
import { engineLimits } from '../../streams/parts.ts';
import { type Engine, pace, startEngine } from '../support/engine.ts';
import { startTestValkey } from '../support/valkey.ts';
import { openWorld } from '../support/world.ts';

let valkey: Awaited<ReturnType<typeof startTestValkey>>;
let engine: Engine;

beforeAll(async () => {
  valkey = await startTestValkey();
});
afterAll(() => valkey.stop());
beforeEach(async () => {
  engine = await startEngine(valkey.url);
});
afterEach(() => engine.close());

const newPlayer = () => PlayerId.parse(ulid());
const join = (name: string, nonceHash = name) => {
  const playerId = newPlayer();
  return () => ({ type: 'joinPlayer', playerId, name, nonceHash }) as const;
};

async function revisions(room: RoomCode): Promise<string[]> {
  const entries = await engine.commands.xrange(engine.keys.of(room).log, '-', '+');
  return entries.map(([id]) => id);
}

interface Asked {
  readonly room: RoomCode;
  readonly playerId: PlayerId;
  /** Another player who may answer. */
  readonly other: PlayerId;
  readonly roundId: RoundId;
}

/** A room with two players whose question is open. */
async function openQuestion(): Promise<Asked> {
  const room = await engine.createRoom();
  const [ada, bo] = [join('Ada'), join('Bo')];
  for (const joins of [ada, bo]) await engine.rooms.handle(room, joins, engine.context);
  const game = GameId.parse(ulid());
  await engine.rooms.handle(room, () => ({ type: 'startGame', after: null, game }), engine.context);
  const world = openWorld(await engine.log.now(null));
  await engine.rooms.handle(room, () => ({ type: 'advance', world }), engine.context);
  return { room, playerId: ada().playerId, other: bo().playerId, roundId: world.roundId };
}

/** How often a command was called there so far. */
async function calls(command: 'fcall' | 'xrange'): Promise<number> {
  const info = await engine.commands.info('commandstats');
  return Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(info)?.[1] ?? 0);
}

// By conflict it would be some twenty thousand.
test('a thousand joins at once all succeed, in one process, in a few calls, within seconds', async () => {
  const room = await engine.createRoom();
  const before = [await calls('fcall'), await calls('xrange')] as const;
  const startedAt = performance.now();
  const joins = Array.from({ length: 1_000 }, (_, i) =>
    engine.rooms.handle(room, join(`P${i}`)(), engine.context),
  );
  const handled = await Promise.all(joins);
  const ms = performance.now() - startedAt;
  // One look at the room, and lists of commits.
  const lists = Math.ceil(1_000 / engineLimits.commitsPerCallMax);
  expect(await calls('fcall')).toBe(before[0] + 1 + lists);
  // Each knows what the one before it left.
  expect(await calls('xrange')).toBe(before[1] + 1);
  expect(handled.filter(({ status }) => status === 'done')).toHaveLength(1_000);
  expect(await revisions(room)).toEqual(Array.from({ length: 1_001 }, (_, i) => `${i + 1}-0`));
  // However many came after: the first one may be sent again as well as the last.
  expect(await engine.commands.hlen(engine.keys.of(room).done)).toBe(1_001);
  // What each is told is the room as its own join left it.
  const players = handled.map((one) =>
    'folded' in one && 'players' in one.folded.state ? one.folded.state.players.size : 0,
  );
  expect(players).toEqual(Array.from({ length: 1_000 }, (_, i) => i + 1));
  expect(ms).toBeLessThan(5_000);
});

test('two processes that write to one room never lose, double or skip a revision', async () => {
  const room = await engine.createRoom();
  const other = createCommandHandler(engine.log, gameStream);
  const joins = Array.from({ length: 60 }, (_, i) =>
    (i % 2 === 0 ? engine.rooms : other).handle(room, join(`P${i}`), engine.context),
  );
  const handled = await Promise.all(joins);
  expect(handled.every(({ status }) => status === 'done')).toBe(true);
  expect(await revisions(room)).toEqual(Array.from({ length: 61 }, (_, i) => `${i + 1}-0`));
});

test('what others did to a room meanwhile counts, also for a command that knows what the one before it left', async () => {
  const room = await engine.createRoom();
  const other = createCommandHandler(engine.log, gameStream);
  const { rooms, context } = engine;
  const [ada, bo] = [join('Ada'), join('Bo')];
  await rooms.handle(room, ada, context);
  /** Once, when a command is made: after what it is decided by was read. */
  const meanwhile = (done: () => Promise<unknown>, command: () => Command) => {
    let first = true;
    return async () => {
      if (first) await done();
      first = false;
      return command();
    };
  };
  const kick = { type: 'kickPlayer', playerId: ada().playerId, ban: false } as const;
  const handled = await Promise.all([
    rooms.handle(room, bo, context),
    // By what is known her name is taken: that must be looked at again before it is said.
    rooms.handle(
      room,
      meanwhile(() => other.handle(room, () => kick, context), join('Ada', 'another Ada')),
      context,
    ),
    // By what is known his is free.
    rooms.handle(
      room,
      meanwhile(() => other.handle(room, join('Cy'), context), join('Cy', 'another Cy')),
      context,
    ),
  ]);
  expect(handled).toMatchObject([
    { status: 'done' },
    { status: 'done' },
    { status: 'rejected', code: 'name_taken' },
  ]);
});

test('the same nonce twice is the same player, whoever asks and whenever', async () => {
  const room = await engine.createRoom();
  const first = await engine.rooms.handle(room, join('Ada', 'nonce'), engine.context);
  const again = await createCommandHandler(engine.log, gameStream).handle(
    room,
    join('Ada', 'nonce'),
    engine.context,
  );
  // The rule about names would refuse the second one: what counts is that it is a repeat.
  const player = first.status === 'done' ? first.events[0]?.data : null;
  expect(again).toMatchObject({ status: 'dup', note: (player as { playerId: string }).playerId });
});

test('an answer that is sent again is answered with the first one and counted once', async () => {
  const { room, playerId, roundId } = await openQuestion();
  const first = await submitAnswer(engine.rooms, room, { playerId, roundId, answer: 'FACT' }, engine.context);
  expect(first).toMatchObject({ status: 'ok', count: 1 });
  const again = await submitAnswer(engine.rooms, room, { playerId, roundId, answer: 'FAKE' }, engine.context);
  expect(again).toMatchObject({ status: 'dup', note: 'FACT', rev: first.status === 'ok' ? first.rev : 0 });
  expect(await engine.commands.hget(engine.keys.of(room).meta, 'answered')).toBe('1');
});

test('no answer slips in once the round is closed, and a repeat of an earlier one is still answered', async () => {
  const { room, playerId, other, roundId } = await openQuestion();
  await submitAnswer(engine.rooms, room, { playerId, roundId, answer: 'FACT' }, engine.context);
  const close = { type: 'closeRound', roundId, reason: 'host' } as const;
  await engine.rooms.handle(room, () => close, engine.context);
  const late = { playerId: other, roundId, answer: 'FACT' } as const;
  expect(await submitAnswer(engine.rooms, room, late, engine.context)).toMatchObject({
    status: 'refused',
    code: 'round_not_active',
  });
  const again = await submitAnswer(engine.rooms, room, { playerId, roundId, answer: 'FACT' }, engine.context);
  expect(again).toMatchObject({ status: 'dup', note: 'FACT' });
});

test('answers do not make a deciding commit start again', async () => {
  const { room, playerId, roundId } = await openQuestion();
  let decisions = 0;
  const handled = await engine.rooms.handle(
    room,
    async () => {
      decisions += 1;
      await submitAnswer(engine.rooms, room, { playerId, roundId, answer: 'FACT' }, engine.context);
      return { type: 'closeRound', roundId, reason: 'host' } as const;
    },
    engine.context,
  );
  expect(handled.status).toBe('done');
  expect(decisions).toBe(1);
  expect(handled).toMatchObject({ folded: await createCommandHandler(engine.log, gameStream).load(room) });
});

test('what a commit gives back is the room as every other process reads it', async () => {
  const { room, roundId } = await openQuestion();
  const now = await engine.log.now(room);
  const steps: Command[] = [
    join('Cy')(),
    { type: 'extendRound', roundId, ms: 5_000, requestId: 'more' },
    { type: 'pauseGame', reason: 'host', now },
    { type: 'resumeGame' },
    { type: 'closeRound', roundId, reason: 'host' },
    { type: 'advance', world: { ...openWorld(now), answers: [] } },
  ];
  for (const step of steps) {
    const handled = await engine.rooms.handle(room, () => step, engine.context);
    const folded = await createCommandHandler(engine.log, gameStream).load(room);
    expect(handled).toMatchObject({ status: 'done' });
    // Strictly: a field that is missing and one that is undefined are two things to some readers.
    expect('folded' in handled && handled.folded).toStrictEqual(folded);
  }
});

test('another event in between makes it decide again on what is true now', async () => {
  const room = await engine.createRoom();
  const other = createCommandHandler(engine.log, gameStream);
  const seen: number[] = [];
  const handled = await engine.rooms.handle(
    room,
    async ({ rev }) => {
      seen.push(rev);
      if (seen.length === 1) await other.handle(room, join('Bo'), engine.context);
      return join('Ada')();
    },
    engine.context,
  );
  expect(handled.status).toBe('done');
  expect(seen).toEqual([1, 2]);
});

test('a room that is gone refuses, and a new one under its code starts afresh', async () => {
  const room = await engine.createRoom();
  await engine.rooms.handle(room, join('Ada'), engine.context);
  await engine.commands.flushall();
  const gone = await engine.rooms.handle(room, join('Bo'), engine.context);
  expect(gone).toMatchObject({ status: 'rejected', code: 'room_not_found' });
  const epoch = Epoch.parse(ulid());
  const create = { type: 'createRoom', epoch, settings: defaultSettings, pace } as const;
  await createCommandHandler(engine.log, gameStream).handle(room, () => create, engine.context);
  const { state, rev } = await engine.rooms.load(room);
  expect(rev).toBe(1);
  expect(state.phase === 'lobby' && state.players.size).toBe(0);
});

test('a command that comes to what nobody could read is refused, and its room goes on', async () => {
  const room = await engine.createRoom();
  const points = [{ playerId: newPlayer(), points: 900 }];
  const played = { game: GameId.parse(ulid()), round: 1, factKey: 'test:1', points };
  const roundId = RoundId.parse(ulid());
  const retract = (reason: string) => ({ type: 'retractRound', roundId, reason, played }) as const;
  const tooLong = retract('x'.repeat(limits.reportReasonCharsMax + 1));
  await expect(engine.rooms.handle(room, () => tooLong, engine.context)).rejects.toMatchObject({
    code: 'unwritable_event',
    retryable: false,
  });
  expect((await createCommandHandler(engine.log, gameStream).load(room)).rev).toBe(1);
  const handled = await engine.rooms.handle(room, () => retract('it was wrong'), engine.context);
  expect(handled.status).toBe('done');
});

test('a log longer than a page folds to its end', async () => {
  const room = await engine.createRoom();
  const { log, meta } = engine.keys.of(room);
  const [first] = await engine.log.read(room, 0);
  if (first === undefined) throw new Error('no event');
  const { type: _type, rev: _rev, at: _at, ...envelope } = first;
  const pipeline = engine.commands.pipeline();
  const last = engineLimits.readPageEntries * 2 + 5;
  for (let rev = 2; rev <= last; rev++) {
    const e = JSON.stringify({
      ...envelope,
      data: { settings: { ...defaultSettings, rounds: (rev % 50) + 1 } },
    });
    gameCodec.decode({ rev, at: 1, type: 'SETTINGS_CHANGED', e });
    pipeline.xadd(log, `${rev}-0`, 'type', 'SETTINGS_CHANGED', 'at', '1', 'e', e);
  }
  pipeline.hset(meta, 'rev', last, 'turn', last);
  await pipeline.exec();
  const { state, rev } = await engine.rooms.load(room);
  expect(rev).toBe(last);
  expect(state.phase === 'lobby' && state.settings.rounds).toBe((last % 50) + 1);
});

test('every event has a traceparent, and all of a cycle belong to one trace', async () => {
  const { room } = await openQuestion();
  const events = await engine.log.read(room, 0);
  expect(events.every(({ traceparent }) => /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/.test(traceparent))).toBe(true);
  const cycle = events
    .filter(({ cycleId }) => cycleId !== null)
    .map(({ traceparent }) => traceparent.slice(3, 35));
  expect(cycle.length).toBeGreaterThan(4);
  expect(new Set(cycle).size).toBe(1);
});
