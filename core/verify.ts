// Was every event allowed where it stands, and is everything that was computed what the rules compute? Reads
// a log from its first event on and calls nothing but the rules: for operators who want to know whether a log
// is sound.

import type { RecordedEvent } from './events.ts';
import { type Folded, fold, unfolded } from './evolve.ts';
import { waitingFor } from './preparing.ts';
import { boardOf, type GivenAnswer, onBoard, podiumOf, scoreRound, topOf, withoutPoints } from './scoring.ts';
import { eligiblePlayers, hasQuestion, type Room, roundsLeft } from './state.ts';

export interface Verifier {
  /** The log folded so far. */
  readonly folded: () => Folded;
  /** Takes the next event; gives what is wrong with it, each in a sentence. */
  next(event: RecordedEvent): string[];
}

interface Known {
  /** Answers to the question that is open or closed now. */
  answers: GivenAnswer[];
  /** What the next LEADERBOARD_UPDATE has to say. */
  board: ReturnType<typeof topOf> | null;
}

export function createVerifier(): Verifier {
  let folded = unfolded;
  const known: Known = { answers: [], board: null };
  return {
    folded: () => folded,
    next(event) {
      const problems = [...checkPlace(folded, event)];
      if (folded.state.phase !== 'none') problems.push(...checkEvent(folded.state, event, known));
      remember(folded, event, known);
      folded = fold(folded, [event]);
      return problems.map((problem) => `${event.rev}-0 ${event.type}: ${problem}`);
    },
  };
}

function checkPlace({ rev, at, state }: Folded, event: RecordedEvent): string[] {
  const problems: string[] = [];
  if (event.rev !== rev + 1) problems.push(`follows ${rev}-0`);
  if (event.at < at) problems.push('is older than the one before it');
  if ((event.type === 'ROOM_CREATED') !== (state.phase === 'none')) problems.push('is not the beginning');
  return problems;
}

function remember({ state }: Folded, event: RecordedEvent, known: Known): void {
  if (event.type === 'NEW_QUESTION') known.answers = [];
  if (event.type === 'ANSWER_SUBMITTED') known.answers.push({ ...event.data, at: event.at });
  if (event.type === 'ROUND_VOIDED' && state.phase !== 'none') {
    const players = withoutPoints(state, event.data.points);
    known.board = topOf(boardOf(onBoard({ ...state, players })));
  }
}

function checkEvent(room: Room, event: RecordedEvent, known: Known): string[] {
  switch (event.type) {
    case 'PLAYER_JOINED':
      return when(room.players.has(event.data.playerId), 'this player is there already');
    case 'PLAYER_LEFT':
    case 'PLAYER_KICKED':
      return when(!room.players.has(event.data.playerId), 'nobody has this id');
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
    case 'GAME_OVER':
      return checkEnd(room, event);
    default:
      return [];
  }
}

const when = (wrong: boolean, problem: string): string[] => (wrong ? [problem] : []);

function checkStage(
  room: Room,
  { cycleId }: RecordedEvent,
  stage: 'research' | 'draft' | 'review',
): string[] {
  const waits = cycleId !== null && waitingFor(room, cycleId, stage) !== null;
  return when(!waits, `no cycle ${cycleId} waits for its ${stage}`);
}

function checkQuestion(
  room: Room,
  { cycleId, round, roundId, data }: RecordedEvent<'NEW_QUESTION'>,
): string[] {
  if (room.phase !== 'waiting') return [`the room is not waiting for one (${room.phase})`];
  const work = room.preparing.find((preparation) => preparation.cycleId === cycleId)?.work;
  if (work?.stage !== 'ready') return [`no claim of cycle ${cycleId} is ready`];
  return [
    ...when(work.claim.question !== data.question, 'this is not the question that was approved'),
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
  const may = eligiblePlayers(room, room.question).some(({ id }) => id === data.playerId);
  return [
    ...when(at < opensAt || at > closesAt, `it was given outside of ${opensAt} to ${closesAt}`),
    ...when(!may, 'this player may not answer this round'),
    ...when(
      known.answers.some(({ playerId }) => playerId === data.playerId),
      'this player has answered before',
    ),
  ];
}

function checkResult(room: Room, { data }: RecordedEvent<'ROUND_RESULT'>, known: Known): string[] {
  if (room.phase !== 'closed') return [`no round is closed (${room.phase})`];
  const { verdict, factKey } = room.question.claim;
  const { results, board, split } = scoreRound(room, room.question, known.answers);
  known.board = topOf(board);
  const { truth, explanation, source, confidence } = verdict;
  const judged = { truth, explanation, source, confidence, factKey };
  return [
    ...when(!same(judged, pick(data, Object.keys(judged))), 'this is not the verdict that was given'),
    ...when(!same(split, data.split), 'the split is not what the answers come to'),
    ...when(!same(results, data.results), 'the points are not what the rules give'),
  ];
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
