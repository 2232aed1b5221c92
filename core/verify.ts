// Was every event allowed where it stands, and is everything that was computed what the rules compute? Reads
// a log from its first event on and calls nothing but the rules: for operators who want to know whether a log
// is sound.

import type { GivenAnswer } from './answers.ts';
import { keys } from './effect-names.ts';
import { assertNever } from './errors.ts';
import type { RecordedEvent } from './events.ts';
import { evolve } from './evolve.ts';
import type { GameId, PlayerId, RoundId } from './ids.ts';
import { waitingFor } from './preparing.ts';
import { boardOf, onBoard, podiumOf, scoreRound, topOf, withoutPoints } from './scoring.ts';
import { hasQuestion, isEligible, type Room, roundsLeft, type State } from './state.ts';

export interface Verifier {
  /** The log folded so far. */
  readonly folded: () => Seen;
  /** Takes the next event; gives what is wrong with it, each in a sentence. */
  next(event: RecordedEvent): string[];
}

interface Known {
  /** Answers to the question that is open or closed now. */
  answers: Map<PlayerId, GivenAnswer>;
  /** What the next LEADERBOARD_UPDATE has to say. */
  board: ReturnType<typeof topOf> | null;
  /** What a retraction of each round that was asked has to say. */
  readonly asked: Map<RoundId, AskedRound>;
  /** Names of what happens once, and has. */
  readonly done: Set<string>;
}

interface AskedRound {
  readonly game: GameId | null;
  readonly factKey: string;
  /** Of those who got some; empty before the result. */
  readonly points: RecordedEvent<'ROUND_VOIDED'>['data']['points'];
}

/** A room as far as it was looked at. */
interface Seen {
  readonly state: State;
  readonly rev: number;
  readonly at: number;
}

export function createVerifier(): Verifier {
  let folded: Seen = { state: { phase: 'none' }, rev: 0, at: 0 };
  const known: Known = { answers: new Map(), board: null, asked: new Map(), done: new Set() };
  return {
    folded: () => folded,
    next(event) {
      const problems = [...checkPlace(folded, event)];
      if (folded.state.phase !== 'none') problems.push(...checkEvent(folded.state, event, known));
      remember(folded, event, known);
      folded = { state: evolve(folded.state, event), rev: event.rev, at: event.at };
      return problems.map((problem) => `${event.rev}-0 ${event.type}: ${problem}`);
    },
  };
}

function checkPlace({ rev, at, state }: Seen, event: RecordedEvent): string[] {
  const problems: string[] = [];
  if (event.rev !== rev + 1) problems.push(`follows ${rev}-0`);
  if (event.at < at) problems.push('is older than the one before it');
  if ((event.type === 'ROOM_CREATED') !== (state.phase === 'none')) problems.push('is not the beginning');
  return problems;
}

function remember({ state }: Seen, event: RecordedEvent, known: Known): void {
  if (event.type === 'NEW_QUESTION') known.answers = new Map();
  if (event.type === 'ANSWER_SUBMITTED')
    known.answers.set(event.data.playerId, { ...event.data, at: event.at });
  if (event.type === 'ROUND_VOIDED' && state.phase !== 'none') {
    const players = withoutPoints(state, event.data.points);
    known.board = topOf(boardOf(onBoard({ ...state, players })));
  }
  if (event.roundId !== null) rememberRound(state, event, event.roundId, known);
}

function rememberRound(state: State, event: RecordedEvent, roundId: RoundId, { asked, done }: Known): void {
  if (event.type === 'NEW_QUESTION') {
    const factKey = claimOf(state, event)?.factKey ?? '';
    asked.set(roundId, { game: event.game, factKey, points: [] });
  }
  const round = asked.get(roundId);
  if (event.type === 'ROUND_RESULT' && round !== undefined) {
    const won = event.data.results.filter((row) => row.points > 0);
    asked.set(roundId, { ...round, points: won.map(({ playerId, points }) => ({ playerId, points })) });
  }
  if (event.type === 'ROUND_VOIDED') done.add(keys.retract(roundId));
  if (event.type === 'CLAIM_REPORTED') done.add(keys.report(roundId, event.data.playerId));
}

/** The claim that a question asks, if it is ready. */
function claimOf(state: State, { cycleId }: RecordedEvent<'NEW_QUESTION'>) {
  if (state.phase === 'none') return null;
  const work = state.preparing.find((preparation) => preparation.cycleId === cycleId)?.work;
  return work?.stage === 'ready' ? work.claim : null;
}

function checkEvent(room: Room, event: RecordedEvent, known: Known): string[] {
  switch (event.type) {
    case 'ROOM_CREATED':
      // Where it is not the first, its place says so.
      return [];
    case 'SETTINGS_CHANGED':
      return when(same(room.settings, event.data.settings), 'it changes nothing');
    case 'PLAYER_JOINED':
      return when(room.players.has(event.data.playerId), 'this player is there already');
    case 'PLAYER_LEFT':
    case 'PLAYER_KICKED':
      return when(!room.players.has(event.data.playerId), 'no player has this id');
    case 'START_ROUND':
      return checkStart(room, event);
    case 'RESEARCH_DONE':
      return checkStage(room, event, 'research');
    case 'DRAFT_READY':
      return checkStage(room, event, 'draft');
    case 'VALIDATION_COMPLETE':
      return checkStage(room, event, 'review');
    case 'GAME_START':
      return when(room.phase !== 'lobby' && room.phase !== 'over', `a game is running (${room.phase})`);
    case 'NEW_QUESTION':
      return checkQuestion(room, event);
    case 'ANSWER_SUBMITTED':
      return checkAnswer(room, event, known);
    case 'ROUND_CLOSED':
    case 'ROUND_EXTENDED':
      return when(room.phase !== 'question', `no question is open (${room.phase})`);
    case 'ROUND_RESULT':
      return checkResult(room, event, known);
    case 'LEADERBOARD_UPDATE':
      return when(!same(event.data, known.board), 'the board is not what the scores come to');
    case 'ROUND_COMPLETE':
      return when(room.phase !== 'closed', `no round is closed (${room.phase})`);
    case 'ROUND_SKIPPED':
      return when(!hasQuestion(room), `there is no question (${room.phase})`);
    case 'GAME_PAUSED':
      return when(room.phase !== 'waiting' && room.phase !== 'question', `nothing to pause (${room.phase})`);
    case 'GAME_RESUMED':
      return when(room.phase !== 'paused', `nothing is paused (${room.phase})`);
    case 'ROUND_VOIDED':
      return checkVoid(event, known);
    case 'CLAIM_REPORTED':
      return checkReport(room, event, known);
    case 'GAME_OVER':
      return checkEnd(room, event);
    default:
      return assertNever(event);
  }
}

const when = (wrong: boolean, problem: string): string[] => (wrong ? [problem] : []);

/** A new slot, or the next attempt of one that is being prepared. */
function checkStart(room: Room, { cycleId, data }: RecordedEvent<'START_ROUND'>): string[] {
  const { slot, attempt } = data;
  const before = room.preparing.find((preparation) => preparation.slot === slot)?.attempt;
  const follows = before === undefined ? slot === room.slots + 1 && attempt === 1 : attempt === before + 1;
  const known = room.preparing.some((preparation) => preparation.cycleId === cycleId);
  return [
    ...when(!follows, `attempt ${attempt} of slot ${slot} does not follow`),
    ...when(cycleId === null || known, `cycle ${cycleId} is no new one`),
  ];
}

function checkStage(
  room: Room,
  { cycleId }: RecordedEvent,
  stage: 'research' | 'draft' | 'review',
): string[] {
  const waits = cycleId !== null && waitingFor(room, cycleId, stage) !== null;
  return when(!waits, `no cycle ${cycleId} waits for its ${stage}`);
}

function checkQuestion(room: Room, event: RecordedEvent<'NEW_QUESTION'>): string[] {
  const { cycleId, round, roundId, data } = event;
  if (room.phase !== 'waiting') return [`the room is not waiting for one (${room.phase})`];
  const claim = claimOf(room, event);
  if (claim === null) return [`no claim of cycle ${cycleId} is ready`];
  return [
    ...when(claim.question !== data.question, 'this is not the question that was approved'),
    ...when(round !== room.round + 1 || roundsLeft(room) === 0, `round ${round} follows round ${room.round}`),
    ...when(roundId === null || room.shown.has(roundId), 'this round was shown before'),
  ];
}

function checkAnswer(
  room: Room,
  { at, roundId, data }: RecordedEvent<'ANSWER_SUBMITTED'>,
  known: Known,
): string[] {
  if (room.phase !== 'question' || room.question.roundId !== roundId) return ['its round is not open'];
  const { opensAt, closesAt } = room.question;
  const player = room.players.get(data.playerId);
  const may = player !== undefined && isEligible(player, room.question);
  return [
    ...when(at < opensAt || at > closesAt, `it was given outside of ${opensAt} to ${closesAt}`),
    ...when(!may, 'this player may not answer this round'),
    ...when(known.answers.has(data.playerId), 'this player has answered before'),
  ];
}

function checkResult(room: Room, { data }: RecordedEvent<'ROUND_RESULT'>, known: Known): string[] {
  if (room.phase !== 'closed') return [`no round is closed (${room.phase})`];
  const { verdict, factKey } = room.question.claim;
  const { results, board, split } = scoreRound(room, room.question, [...known.answers.values()]);
  known.board = topOf(board);
  const { truth, explanation, source, confidence } = verdict;
  const judged = { truth, explanation, source, confidence, factKey };
  return [
    ...when(!same(judged, pick(data, Object.keys(judged))), 'this is not the verdict that was given'),
    ...when(!same(split, data.split), 'the split is not what the answers come to'),
    ...when(!same(results, data.results), 'the points are not what the rules give'),
  ];
}

/** Points are taken back from those who got them, and once. */
function checkVoid({ game, roundId, data }: RecordedEvent<'ROUND_VOIDED'>, known: Known): string[] {
  const round = roundId === null ? undefined : known.asked.get(roundId);
  if (roundId === null || round === undefined) return ['this round was never asked'];
  return [
    ...when(known.done.has(keys.retract(roundId)), 'this round was taken back before'),
    ...when(game !== round.game, 'this round was of another game'),
    ...when(data.factKey !== round.factKey, 'this is not the fact that was asked'),
    ...when(!same(data.points, round.points), 'the points are not those that the round gave'),
  ];
}

function checkReport(room: Room, { roundId, data }: RecordedEvent<'CLAIM_REPORTED'>, known: Known): string[] {
  if (roundId === null || !room.shown.has(roundId)) return ['this round was never shown'];
  const before = known.done.has(keys.report(roundId, data.playerId));
  return when(before, 'this player has reported it before');
}

function checkEnd(room: Room, { data }: RecordedEvent<'GAME_OVER'>): string[] {
  const board = boardOf(onBoard(room));
  const expected = { podium: podiumOf(board), ...topOf(board) };
  return [
    ...when(room.phase === 'lobby' || room.phase === 'over', `no game is running (${room.phase})`),
    ...when(!same(expected, pick(data, Object.keys(expected))), 'the places are not what the scores come to'),
  ];
}

const pick = (from: Readonly<Record<string, unknown>>, keys: readonly string[]) =>
  Object.fromEntries(keys.map((key) => [key, from[key]]));

/** Equal as canonical JSON: the order of keys does not matter, that of lists does. */
export function same(one: unknown, other: unknown): boolean {
  return canonical(one) === canonical(other);
}

/** JSON text with sorted keys: equal values have equal texts. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (part === null || typeof part !== 'object' || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
