import fc from 'fast-check';
import { ulid } from 'ulid';
import { expect, test } from 'vitest';
import type { Command } from '../../core/commands.ts';
import type { RecordedEvent } from '../../core/events.ts';
import type { Game } from '../../core/game.ts';
import { Epoch, GameId, PlayerId, RoomCode, RoundId } from '../../core/ids.ts';
import { limits } from '../../core/limits.ts';
import { frameOf, stateView } from '../../core/player-view.ts';
import { defaultSettings } from '../../core/settings.ts';
import type { Room } from '../../core/state.ts';
import { createVerifier } from '../../core/verify.ts';
import { submitAnswer } from '../../server/live/submit-answer.ts';
import { roundIn } from '../../server/operate/retract.ts';
import { gameStream } from '../../server/wiring/game-stream.ts';
import type { CommandHandler } from '../../streams/contract/task.ts';
import { checked } from '../../streams/engine.ts';
import { createCommandHandler } from '../../streams/handle/command-handler.ts';
import { createMemoryLog, type MemoryLog } from '../../streams/testing/memory-log.ts';
import { checkHistory } from '../support/check-history.ts';
import { newEmbeddedClaim, openWorld } from '../support/world.ts';

// Games of random moves through the real write path, on the log in memory: what must be true after every
// move.
const code = RoomCode.parse('AAAAAA');
const context = { by: 'server', traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` } as const;
const pace = { leadMs: 500, intermissionMs: 1_000, stageMs: 5_000, claimsAhead: 2 };
const players = Array.from({ length: 3 }, () => PlayerId.parse(ulid()));

type Move =
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'answer'; readonly player: number; readonly fact: boolean }
  | { readonly kind: 'join' | 'leave' | 'kick' | 'report'; readonly player: number }
  | { readonly kind: 'retract'; readonly round: number }
  | {
      readonly kind:
        | 'advance'
        | 'start'
        | 'end'
        | 'pause'
        | 'resume'
        | 'extend'
        | 'skip'
        | 'close'
        | 'next'
        | 'topic';
    };

const moves: fc.Arbitrary<Move[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.constant<Move>({ kind: 'advance' }) },
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 8_000 }) }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant('answer' as const), player: fc.nat(2), fact: fc.boolean() }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constantFrom('join', 'leave', 'kick', 'report'), player: fc.nat(2) }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('retract' as const), round: fc.nat(2) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constantFrom('start', 'end', 'pause', 'resume', 'extend', 'skip', 'close', 'next', 'topic'),
      }),
    },
  ),
  { minLength: 5, maxLength: 60 },
) as fc.Arbitrary<Move[]>;

// Half of the games begin with a question that is open, so that most moves fall into play.
const opening: readonly Move[] = [{ kind: 'start' }, { kind: 'advance' }, { kind: 'wait', ms: 600 }];

function commandOf(move: Move, room: Room, log: MemoryLog<Game>): Command | null {
  const roundId = room.lastRoundId ?? RoundId.parse(ulid());
  const world = worldOf(room, log);
  switch (move.kind) {
    case 'advance':
      return { type: 'advance', world };
    case 'join':
      return joining(move.player);
    case 'leave':
      return { type: 'leavePlayer', playerId: idOf(room, move.player) };
    case 'kick':
      return { type: 'kickPlayer', playerId: idOf(room, move.player), ban: false };
    case 'report':
      return { type: 'reportClaim', playerId: idOf(room, move.player), roundId, reason: 'not so' };
    case 'start':
      return { type: 'startGame', after: room.game, game: GameId.parse(ulid()) };
    case 'end':
      return { type: 'endGame', game: room.game ?? GameId.parse(ulid()) };
    case 'pause':
      return { type: 'pauseGame', reason: 'host', now: log.clock.now };
    case 'resume':
      return { type: 'resumeGame' };
    case 'extend':
      return { type: 'extendRound', roundId, ms: 3_000, requestId: ulid() };
    case 'skip':
      return { type: 'skipRound', roundId, reason: 'host' };
    case 'close':
      return { type: 'closeRound', roundId, reason: 'host' };
    case 'next':
      return { type: 'nextRound', roundId: room.lastRoundId, world };
    case 'topic':
      return { type: 'changeSettings', change: { topic: ulid() }, requestId: ulid() };
    default:
      return null;
  }
}

const joining = (player: number): Command => {
  const nonceHash = ulid();
  return { type: 'joinPlayer', playerId: PlayerId.parse(ulid()), name: `Player ${player}`, nonceHash };
};

const idOf = (room: Room, player: number): PlayerId =>
  [...room.players.values()].find(({ name, gone }) => name === `Player ${player}` && gone === null)?.id ??
  players[player] ??
  PlayerId.parse(ulid());

/** Of any round of any game, whatever became of it. */
function retracting(events: readonly RecordedEvent[], round: number): Command | null {
  const asked = events.flatMap(({ type, roundId }) => (type === 'NEW_QUESTION' && roundId ? [roundId] : []));
  const found = roundIn(events, asked[round] ?? '');
  return found && { type: 'retractRound', roundId: found.roundId, reason: 'not so', played: found.played };
}

let answers: { playerId: PlayerId; answer: 'FACT' | 'FAKE'; at: number }[] = [];

function worldOf(room: Room, log: MemoryLog<Game>) {
  const connected = new Set(room.players.keys());
  return { ...openWorld(log.clock.now, newEmbeddedClaim()), answers, connected, silentMs: 0 };
}

async function make(move: Move, log: MemoryLog<Game>, rooms: CommandHandler<Game>): Promise<void> {
  const { state } = await rooms.load(code);
  if (state.phase === 'none') return;
  if (move.kind === 'wait') log.clock.now += move.ms;
  else if (move.kind === 'answer') {
    const answer = move.fact ? 'FACT' : 'FAKE';
    const playerId = idOf(state, move.player);
    await submitAnswer(
      rooms,
      code,
      { playerId, roundId: state.lastRoundId ?? RoundId.parse(ulid()), answer },
      context,
    );
  } else {
    const events = await log.read(code, 0);
    answers = events.flatMap((event) =>
      event.type === 'ANSWER_SUBMITTED' && event.roundId === state.lastRoundId
        ? [{ ...event.data, at: event.at }]
        : [],
    );
    const command = move.kind === 'retract' ? retracting(events, move.round) : commandOf(move, state, log);
    if (command !== null) await rooms.handle(code, () => command, context);
  }
}

/** Guards look at exactly what the fold says. */
function checkMeta(room: Room, meta: ReadonlyMap<string, string>): void {
  const open = room.phase === 'question' ? room.question : null;
  expect(meta.get('round')).toBe(open?.roundId);
  if (open === null) return;
  expect(Number(meta.get('opensAt'))).toBe(open.opensAt);
  expect(Number(meta.get('closesAt'))).toBe(open.closesAt);
  expect(Number(meta.get('openedRev'))).toBe(open.openedRev);
  for (const player of room.players.values()) {
    expect(meta.get(`player:${player.id}`)).toBe(player.gone === null ? String(player.joinedRev) : undefined);
  }
}

/** Whatever is waited for has an alarm, unless the event that began the waiting wakes somebody itself. */
function checkAlarms(room: Room, { timers }: MemoryLog<Game>, at: number): void {
  const due = (name: string) => timers.get(`${room.room}|${name}`) ?? Number.POSITIVE_INFINITY;
  if (room.phase === 'question') {
    const { roundId, deadline, closesAt } = room.question;
    // What is overdue is looked at at once.
    const by = Math.max(closesAt, at) + 1;
    expect(due(deadline === null ? `look|${roundId}` : `close|${roundId}`)).toBeLessThanOrEqual(by);
  }
  if (room.phase === 'waiting' && room.nextAt !== null && room.nextAt > at) {
    expect(due(`open|${room.game}`)).toBeLessThanOrEqual(room.nextAt);
  }
  for (const { cycleId, work } of room.preparing) {
    if ('dueAt' in work) expect(due(`stage|${cycleId}`)).toBeLessThanOrEqual(work.dueAt);
  }
}

/** Nobody is told a truth before its time. */
function checkSecrets(room: Room, events: readonly RecordedEvent[]): void {
  const result = events.findLast(
    (event): event is RecordedEvent<'ROUND_RESULT'> => event.type === 'ROUND_RESULT',
  );
  const told = [
    JSON.stringify(stateView(room, result ?? null)),
    JSON.stringify(events.map((event) => frameOf(event, room))),
  ];
  const secret = room.phase === 'question' || room.phase === 'closed' ? [room.question.claim] : [];
  const ready = room.preparing.flatMap(({ work }) => (work.stage === 'ready' ? [work.claim] : []));
  for (const { verdict, factKey } of [...secret, ...ready]) {
    if (events.some((event) => event.type === 'ROUND_RESULT' && event.data.factKey === factKey)) continue;
    for (const text of told) expect(text).not.toContain(verdict.explanation);
  }
}

/** The clock is stopped a moment after the last answer counts, and goes on a moment later. */
const pausedLate: [Move[], 5 | null, boolean] = [
  [{ kind: 'wait', ms: 5_901 }, { kind: 'pause' }, { kind: 'wait', ms: 1 }, { kind: 'resume' }],
  5,
  true,
];

test('after every move of every game: guards agree with the fold, alarms are set, secrets kept, the log is sound', async () => {
  const reached = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(moves, fc.constantFrom(5, null), fc.boolean(), async (list, seconds, begun) => {
      // Checked: every decision and every fold of these games is made twice, and has to come to the same.
      const definition = checked(gameStream);
      const log = createMemoryLog(definition);
      const rooms = createCommandHandler(log, definition);
      const settings = { ...defaultSettings, rounds: 3, seconds };
      await rooms.handle(
        code,
        () => ({ type: 'createRoom', epoch: Epoch.parse(ulid()), settings, pace }),
        context,
      );
      for (const player of [0, 1]) await rooms.handle(code, () => joining(player), context);
      for (const move of begun ? [...opening, ...list] : list) {
        await make(move, log, rooms);
        const { state, at, rev } = await rooms.load(code);
        const events = await log.read(code, 0);
        if (state.phase === 'none') throw new Error('the room is gone');
        reached.set(state.phase, (reached.get(state.phase) ?? 0) + 1);
        expect(rev).toBe(events.length);
        checkMeta(state, log.meta(code));
        checkAlarms(state, log, at);
        checkSecrets(state, events);
        expect(state.asked.length).toBeLessThanOrEqual(limits.askedFactsMax);
      }
      const events = await log.read(code, 0);
      const wrong = checkHistory({ log: events, acknowledged: [] });
      expect(wrong.filter((problem) => !problem.includes('did not reach'))).toEqual([]);
      const verifier = createVerifier();
      expect(events.flatMap((event) => verifier.next(event))).toEqual([]);
      for (const { type } of events) reached.set(type, (reached.get(type) ?? 0) + 1);
    }),
    { numRuns: 500, examples: [pausedLate] },
  );
  // Moves that never get anywhere would prove nothing.
  for (const phase of ['lobby', 'waiting', 'question', 'closed', 'paused', 'over'])
    expect(reached.get(phase)).toBeGreaterThan(20);
  for (const type of ['ROUND_VOIDED', 'CLAIM_REPORTED']) expect(reached.get(type)).toBeGreaterThan(5);
}, 60_000);
