import { expect, onTestFinished, test, vi } from 'vitest';
import type { Game } from '../../../core/game.ts';
import { game } from '../../../core/game.ts';
import { type PlayerId, RoomCode } from '../../../core/ids.ts';
import { limits } from '../../../core/limits.ts';
import type { PresenceBook } from '../../../core/ports.ts';
import type { Member } from '../../../server/fan-out/audience.ts';
import { createFollower, type Follower } from '../../../server/fan-out/follower.ts';
import { createHistory } from '../../../server/fan-out/history.ts';
import { createHub } from '../../../server/fan-out/hub.ts';
import type { FaultCode } from '../../../server/operate/faults.ts';
import { gameStream } from '../../../server/wiring/game-stream.ts';
import { Fault } from '../../../streams/contract/fault.ts';
import type { CommandHandler } from '../../../streams/contract/task.ts';
import { unfolded } from '../../../streams/handle/fold.ts';
import { readAfter } from '../../../streams/handle/follow.ts';
import { createMemoryLog } from '../../../streams/testing/memory-log.ts';
import { noTracer } from '../../../streams/trace/telemetry.ts';
import {
  advance,
  anIntermission,
  anOpenQuestion,
  aPlayerId,
  playerOf,
  roomOf,
} from '../../support/histories.ts';
import { changed, createIn, request } from '../../support/room-log.ts';

const aRoom = RoomCode.parse('AAAAAA');
const nobody = async () => ({ connected: new Set<never>(), silentMs: 0 });
const presence: PresenceBook = { look: nobody, touch: nobody };

/** A hub, with what is written to its sockets and why they are closed. */
function hubOf(
  follower: Follower,
  rooms = {} as CommandHandler<Game>,
  { book = presence, clock = (): number => 0 } = {},
) {
  const closes: string[] = [];
  const written: string[] = [];
  const hub = createHub({
    room: aRoom,
    follower,
    presence: book,
    tracer: noTracer,
    crowd: { size: 0 },
    rooms,
    serverTime: () => 0,
    clock,
    report: () => undefined,
  });
  const socket: Member['socket'] = {
    write: (frames) => written.push(frames.toString()),
    writeVolatile: (frames) => written.push(frames.toString()),
    send: () => undefined,
    ping: () => undefined,
    close: (reason) => closes.push(reason),
  };
  const admit = (s: number) => hub.admit({ socket, role: 'screen', playerId: null, s });
  const admitHost = () => hub.admit({ socket, role: 'host', playerId: null, s: 0 });
  const admitPlayer = (playerId: PlayerId) => hub.admit({ socket, role: 'player', playerId, s: 0 });
  return { hub, closes, written, admit, admitHost, admitPlayer };
}

/** A hub with one socket; each pull of its room ends as the next of these says. */
function hubThat(...pulls: Follower['pull'][]) {
  const history = createHistory(0);
  const pulled = Promise.withResolvers<void>();
  const { admit, ...rest } = hubOf({
    folded: () => unfolded(game),
    history: () => history,
    result: () => null,
    answers: () => new Map(),
    pull() {
      const next = pulls.shift();
      if (pulls.length === 0) pulled.resolve();
      return next === undefined ? Promise.resolve('there') : next();
    },
    fresh: () => [],
  });
  admit(0);
  return { ...rest, allPulled: pulled.promise };
}

const fails = (code: FaultCode, retryable: boolean) => () =>
  Promise.reject(new Fault(code, 'no', { retryable }));

test('people stay while the store is away, and the room is read again without another wake', async () => {
  const { hub, closes, allPulled } = hubThat(fails('unavailable', true), async () => 'there');
  await hub.wake();
  await allPulled;
  expect(closes).toEqual([]);
  expect(hub.members.size).toBe(1);
  hub.close();
});

test('people are asked to come back when the log lost what they were told', async () => {
  const { hub, closes } = hubThat(async () => 'cutBack');
  await hub.wake();
  expect(closes).toEqual(['comeBack']);
  hub.close();
});

test.each([
  ['a store that refuses', fails('store_failed', false)],
  ['a bug', () => Promise.reject(new TypeError('a bug'))],
])('people are asked to come back when a room cannot be read for %s', async (_why, pull) => {
  const { hub, closes } = hubThat(pull);
  await hub.wake();
  expect(closes).toEqual(['comeBack']);
  expect(hub.members.size).toBe(0);
  hub.close();
});

test('what the join of another reads first is told to those who are here', async () => {
  const log = createMemoryLog(gameStream);
  const room = await createIn(log);
  const follower = createFollower(log, room);
  const { hub, written, admit } = hubOf(follower);
  await hub.catchUp();
  admit(1);
  await log.commit(request(room, [changed(3)]));
  await hub.catchUp();
  await hub.wake();
  await vi.waitFor(() => expect(written.join()).toContain('SETTINGS_CHANGED'));
  hub.close();
});

test('a room that paused itself goes on though nobody came: somebody was here when it did, who is no screen', async () => {
  const commands: unknown[] = [];
  const somebody: boolean[] = [];
  const touch: PresenceBook['touch'] = async (_room, _players, someone) => {
    somebody.push(someone);
    return nobody();
  };
  const table = anIntermission()();
  table.act(advance({ silentMs: limits.idlePauseMs })(table));
  const follower = { ...createFollower(createMemoryLog(gameStream), aRoom), folded: table.folded };
  const rooms = { handle: async (_: unknown, command: unknown) => void commands.push(command) };
  const there = { ...follower, pull: async () => 'there' as const };
  const from = { book: { look: nobody, touch } };
  const { hub, admit, admitHost } = hubOf(there, rooms as unknown as CommandHandler<Game>, from);
  await hub.heartbeat();
  admit(0);
  await hub.heartbeat();
  expect(commands).toEqual([]);
  admitHost();
  await vi.waitFor(() => expect(commands).toEqual([{ type: 'resumeGame' }]));
  commands.length = 0;
  await hub.heartbeat();
  expect(commands).toEqual([{ type: 'resumeGame' }]);
  expect(somebody).toEqual([false, false, true, true]);
  hub.close();
});

/** A question is open to Ada, who is here, and to Bo, at another server. Timers stand until moved. */
function hubAtQuestion(answered: readonly string[]) {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const table = anOpenQuestion()();
  const commands: unknown[] = [];
  const touched: (readonly PlayerId[])[] = [];
  const store = { away: true, connected: ['Ada'] };
  const idsOf = (names: readonly string[]) => names.map((name) => playerOf(table, name));
  const touch: PresenceBook['touch'] = async (_room, players) => {
    if (store.away) throw new Fault('unavailable', 'no', { retryable: true });
    touched.push(players);
    return { connected: new Set(idsOf(store.connected)), silentMs: 0 };
  };
  const follower: Follower = {
    ...createFollower(createMemoryLog(gameStream), aRoom),
    folded: table.folded,
    answers: () => new Map(idsOf(answered).map((player) => [player, 'FACT'])),
    pull: async () => 'there',
  };
  const rooms = { handle: async (_: unknown, command: unknown) => void commands.push(command) };
  const from = { book: { look: nobody, touch }, clock: Date.now };
  const { hub, written, admitPlayer } = hubOf(follower, rooms as unknown as CommandHandler<Game>, from);
  for (const player of idsOf(['Ada'])) admitPlayer(player);
  onTestFinished(hub.close);
  return { hub, store, written, commands, touched, here: idsOf(['Ada']) };
}

// So long that players elsewhere were not heard of for `lastContactMs`, had they been just before.
const longLossMs = limits.lastContactMs - limits.presenceEveryMs;

test('after a loss nobody is taken for absent before every server could say who is there', async () => {
  const { hub, store, written, commands, touched, here } = hubAtQuestion(['Ada']);
  await hub.heartbeat();
  await vi.advanceTimersByTimeAsync(longLossMs);
  store.away = false;
  await vi.advanceTimersByTimeAsync(250);
  expect(touched).toEqual([here]);
  await hub.wake();
  expect(commands).toEqual([]);
  store.connected = ['Ada', 'Bo'];
  await vi.advanceTimersByTimeAsync(limits.presenceEveryMs);
  expect(commands).toEqual([]);
  expect(written.join()).not.toContain('"t":"presence"');
  store.connected = ['Ada'];
  await hub.wake();
  expect(commands).toMatchObject([{ type: 'closeRound', reason: 'all_answered' }]);
});

test('a round that all have answered closes by itself once it is known after a loss who is there', async () => {
  const { hub, store, touched, commands } = hubAtQuestion(['Ada', 'Bo']);
  await hub.heartbeat();
  await vi.advanceTimersByTimeAsync(longLossMs);
  store.away = false;
  await vi.advanceTimersByTimeAsync(250);
  expect(touched).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(limits.presenceEveryMs - 250);
  expect(commands).toEqual([]);
  await vi.advanceTimersByTimeAsync(250);
  expect(commands).toMatchObject([{ type: 'closeRound', reason: 'all_answered' }]);
});

test('a loss in which nobody can have become absent holds up no round', async () => {
  const { hub, store, commands } = hubAtQuestion(['Ada']);
  await hub.heartbeat();
  await vi.advanceTimersByTimeAsync(longLossMs / 2);
  store.away = false;
  await vi.advanceTimersByTimeAsync(250);
  expect(commands).toMatchObject([{ type: 'closeRound', reason: 'all_answered' }]);
});

test('what is joined for those who come back is kept for a few places: they name the place themselves', async () => {
  const log = createMemoryLog(gameStream);
  const room = await createIn(log);
  const rounds = Array.from({ length: 100 }, (_, index) => changed(index + 1));
  await log.commit(request(room, rounds));
  const history = createHistory(0);
  const state = roomOf(anIntermission()());
  for (const event of await log.read(room, 1)) history.add(event, state, null);
  const first = history.after(1, null);
  expect(history.after(1, null)).toBe(first);
  for (let s = 2; s <= 101; s++) history.after(s, null);
  expect(history.after(1, null)).toEqual(first);
  expect(history.after(1, null)).not.toBe(first);
});

/** A history of settings that change, which says of what room it is by the rounds. */
async function historyOf(rounds: readonly number[]) {
  const log = createMemoryLog(gameStream);
  const room = await createIn(log);
  for (let from = 0; from < rounds.length; from += 1_000) {
    const some = rounds.slice(from, from + 1_000).map((round) => changed(round));
    const { rev } = (await log.head(room)) ?? { rev: 0 };
    await log.commit(request(room, some, { expect: { turn: rev } }));
  }
  const history = createHistory(0);
  const state = roomOf(anIntermission()());
  for (const event of await readAfter(log, room, 0)) history.add(event, state, null);
  return history;
}

/** Places of the frames in a run of them. */
const placesIn = (frames: Buffer): number[] =>
  [...frames.toString().matchAll(/"s":(\d+)/g)].map((match) => Number(match[1]));

test('two rooms at one place are each told their own', async () => {
  const [one, other] = [await historyOf([31, 32]), await historyOf([41, 42])];
  expect(one.after(1, null).toString()).toMatch(/"rounds":31.*"rounds":32/s);
  expect(other.after(1, null).toString()).toMatch(/"rounds":41.*"rounds":42/s);
  expect(one.after(1, null).toString()).not.toContain('"rounds":4');
});

test('a history tells every frame after a place, none twice, and what comes later follows', async () => {
  const history = await historyOf([3, 4, 5]);
  expect([1, 2, 3, 4].map((s) => placesIn(history.after(s, null)))).toEqual([[2, 3, 4], [3, 4], [4], []]);
});

test('a history that has forgotten frames does not reach back to them: some would be missing unseen', async () => {
  const rounds = Array.from({ length: limits.framesKeptPerRoom + 3 }, (_, index) => (index % 200) + 1);
  const history = await historyOf(rounds);
  // The first of all is of no frame.
  const first = 2;
  expect(history.head()).toBe(rounds.length + 1);
  expect([0, first, first + 1, first + 2].map((s) => history.reaches(s))).toEqual([
    false,
    false,
    false,
    true,
  ]);
  expect(placesIn(history.after(first + 2, null))).toHaveLength(limits.framesKeptPerRoom);
  expect([history.head(), history.head() + 1].map((s) => history.reaches(s))).toEqual([true, false]);
});

test('the first who comes is noted at once: a game that is started then does not find an empty room', async () => {
  const somebody: boolean[] = [];
  const touch: PresenceBook['touch'] = async (_room, _players, someone) => {
    somebody.push(someone);
    return nobody();
  };
  const follower = {
    ...createFollower(createMemoryLog(gameStream), aRoom),
    pull: async () => 'there' as const,
  };
  const { hub, admit, admitHost } = hubOf(follower, undefined, { book: { look: nobody, touch } });
  admit(0);
  expect(somebody).toEqual([]);
  admitHost();
  expect(somebody).toEqual([true]);
  hub.close();
});

test('who comes is noted alone, and once for all who come at a time: a crowd is not written anew for each', async () => {
  const { hub, store, touched, here } = hubAtQuestion([]);
  store.away = false;
  await vi.advanceTimersByTimeAsync(limits.volatileEveryMs);
  expect(touched).toEqual([here]);
  const [bo, cy] = [aPlayerId(), aPlayerId()];
  const socket = { write: () => 0, writeVolatile: () => 0, send: () => 0, ping: () => 0, close: () => 0 };
  for (const playerId of [bo, cy]) hub.admit({ socket, role: 'player', playerId, s: 0 });
  await vi.advanceTimersByTimeAsync(limits.volatileEveryMs);
  expect(touched).toEqual([here, [bo, cy]]);
  await hub.heartbeat();
  expect(touched.at(-1)).toEqual([...here, bo, cy]);
});

/** A question is open to Ada and Bo, who are both here; `reads` counts the looks at the log. */
function hubOfTwo() {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const table = anOpenQuestion()();
  const [ada, bo] = [playerOf(table, 'Ada'), playerOf(table, 'Bo')];
  const stored = new Map<PlayerId, 'FACT'>();
  const commands: unknown[] = [];
  const count = { reads: 0 };
  let read = new Map(stored);
  const follower: Follower = {
    ...createFollower(createMemoryLog(gameStream), aRoom),
    folded: table.folded,
    answers: () => read,
    async pull() {
      count.reads += 1;
      read = new Map(stored);
      return 'there';
    },
  };
  const both = async () => ({ connected: new Set([ada, bo]), silentMs: 0 });
  const rooms = { handle: async (_: unknown, command: unknown) => void commands.push(command) };
  const from = { book: { look: both, touch: both }, clock: Date.now };
  const { hub, admitPlayer } = hubOf(follower, rooms as unknown as CommandHandler<Game>, from);
  for (const player of [ada, bo]) admitPlayer(player);
  onTestFinished(hub.close);
  const state = roomOf(table);
  if (state.phase !== 'question') throw new Error('no question is open');
  const { roundId } = state.question;
  const answer = (player: PlayerId) => {
    stored.set(player, 'FACT');
    hub.answered(roundId, player);
  };
  return { hub, count, commands, answer, ada, bo };
}

test('answers are read as often as they are told of, not once for each', async () => {
  const { hub, count } = hubOfTwo();
  await vi.advanceTimersByTimeAsync(1_000);
  count.reads = 0;
  for (let ms = 0; ms < 1_000; ms += 5) {
    hub.hint();
    await vi.advanceTimersByTimeAsync(5);
  }
  expect(count.reads).toBeGreaterThan(2);
  expect(count.reads).toBeLessThanOrEqual(1_000 / limits.volatileEveryMs);
});

test('the answer after which none here is waited for is read at once, and the round closes by it', async () => {
  const { count, commands, answer, ada, bo } = hubOfTwo();
  await vi.advanceTimersByTimeAsync(1_000);
  count.reads = 0;
  answer(ada);
  await vi.advanceTimersByTimeAsync(0);
  expect([count.reads, commands]).toEqual([0, []]);
  answer(bo);
  await vi.advanceTimersByTimeAsync(0);
  expect(count.reads).toBe(1);
  expect(commands).toMatchObject([{ type: 'closeRound', reason: 'all_answered' }]);
});
