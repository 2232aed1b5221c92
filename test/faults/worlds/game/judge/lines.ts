// Holds every connection of every client against the log: each message in its place, none missing, none
// twice, none that the log does not have; and what a join said of the room, for its moment.

import type { RecordedEvent } from '../../../../../core/events.ts';
import type { Data, Entry, Heard, Replied } from '../history.ts';
import { disorder, doubled, lost, type Problem } from './problem.ts';
import { type Standing, standingsOf } from './standing.ts';

/** Events that clients are told of. */
const told: ReadonlySet<string> = new Set([
  ...['SETTINGS_CHANGED', 'PLAYER_JOINED', 'PLAYER_LEFT', 'PLAYER_KICKED', 'GAME_START', 'NEW_QUESTION'],
  ...['ROUND_CLOSED', 'ROUND_RESULT', 'LEADERBOARD_UPDATE', 'ROUND_COMPLETE', 'ROUND_EXTENDED'],
  ...['ROUND_SKIPPED', 'ROUND_VOIDED', 'GAME_PAUSED', 'GAME_RESUMED', 'GAME_OVER'],
]);
const standingChanges: ReadonlySet<string> = new Set(['ROUND_RESULT', 'ROUND_VOIDED']);

/** Where one connection stands while the history is read. */
interface Reading {
  /** Up to where it has been told everything; null before its join. */
  s: number | null;
  playerId: string | null;
  /** A message `you` must come next. */
  owesYou: boolean;
}

export interface Scene {
  readonly log: readonly RecordedEvent[];
  readonly entries: readonly Entry[];
}

export function checkLines({ log, entries }: Scene): Problem[] {
  const standings = standingsOf(log);
  const readings = new Map<number, Reading>();
  const asked = new Map<number, { readonly seen: number; readonly s: number | null }>();
  let seen = 0;
  return entries.flatMap((entry) => {
    if (entry.kind === 'ask' && entry.t === 'join') {
      asked.set(entry.line, { seen, s: entry.d['s'] ?? null });
      return [];
    }
    if (entry.kind === 'reply' && entry.t === 'join' && entry.ok !== undefined) {
      const { ok } = entry;
      readings.set(entry.line, { s: ok['s'], playerId: ok['playerId'], owesYou: false });
      const before = asked.get(entry.line) ?? { seen: 0, s: null };
      return checkJoin({ reply: entry, ok, ...before, standing: standings[ok['s']], log });
    }
    if (entry.kind !== 'frame') return [];
    const reading = readings.get(entry.line);
    if (reading === undefined) return [];
    seen = Math.max(seen, entry.s ?? 0);
    return checkFrame(entry, reading, log, standings);
  });
}

interface Join {
  readonly reply: Replied;
  readonly ok: Data;
  /** The last place that any client had seen when this one asked. */
  readonly seen: number;
  /** The place from which it asked to go on. */
  readonly s: number | null;
  readonly standing: Standing | undefined;
  readonly log: readonly RecordedEvent[];
}

function checkJoin({ reply, ok, seen, s, standing, log }: Join): Problem[] {
  const who = `${reply.who} on line ${reply.line}`;
  if (standing === undefined) return [lost(`${who} was told of ${ok['s']}, the log ends at ${log.length}`)];
  if (ok['recovered'] === true) {
    return ok['s'] === s ? [] : [disorder(`${who} asked to go on at ${s}, and was set to ${ok['s']}`)];
  }
  const problems: Problem[] = [];
  if (ok['s'] < seen) problems.push(disorder(`${who} reads ${ok['s']}, others had seen ${seen} before`));
  const said = saidOf(ok['state'] as Data);
  const is = isOf(standing);
  for (const [name, value] of Object.entries(is)) {
    if (said[name] !== value)
      problems.push(disorder(`${who} at ${ok['s']}: ${name} is ${value}, it was told ${said[name]}`));
  }
  const { question, yourAnswer } = ok['state'];
  const mine = question === null ? null : (standing.answers.get(ok['playerId']) ?? null);
  if (ok['playerId'] !== null && yourAnswer !== mine)
    problems.push(lost(`${who} at ${ok['s']}: the own answer is ${mine}, it was told ${yourAnswer}`));
  return problems;
}

/** Of a state as a join reply has it; each part as text, to be compared. */
function saidOf(state: Data): Record<string, string> {
  const { phase, closed, game, round, question, paused, lastRoundId, players, entries } = state;
  return {
    phase: String(phase),
    closed: String(closed),
    paused: String(paused !== null),
    game: String(game),
    round: String(round),
    question: String(question?.roundId ?? null),
    lastRoundId: String(lastRoundId),
    players: ids((players as Data[]).map(({ playerId }) => playerId)),
    scores: scoresOf((entries as Data[]).map(({ playerId, score }) => [playerId, score])),
  };
}

function isOf({ phase, closed, paused, game, round, roundId, lastRoundId, members, scores }: Standing) {
  return {
    phase,
    closed: String(closed),
    paused: String(paused),
    game: String(game),
    round: String(round),
    question: String(roundId),
    lastRoundId: String(lastRoundId),
    players: ids([...members]),
    // Ten are told, and no room of the faults has more on its board with points.
    scores: scoresOf([...scores].toSorted(([, a], [, b]) => b - a).slice(0, 10)),
  };
}

const ids = (all: readonly string[]): string => all.toSorted().join();
/** Those alone who have points: of the others the order of coming decides who is told of. */
const scoresOf = (all: readonly (readonly [id: string, score: number])[]): string =>
  ids(all.filter(([, score]) => score > 0).map(([id, score]) => `${id} ${score}`));

function checkFrame(
  frame: Heard,
  reading: Reading,
  log: readonly RecordedEvent[],
  standings: readonly Standing[],
): Problem[] {
  const who = `${frame.who} on line ${frame.line}`;
  if (reading.owesYou) {
    reading.owesYou = false;
    if (frame.t !== 'you') return [lost(`${who} was not told how it stands after ${reading.s}`)];
    return checkYou(frame, reading, log, standings);
  }
  const { s } = frame;
  if (s === undefined || reading.s === null) return [];
  if (s <= reading.s) return [doubled(`${who} was told ${s} after ${reading.s}`)];
  const event = log[s - 1];
  if (event === undefined) return [lost(`${who} was told of ${s}, the log ends at ${log.length}`)];
  const missed = log.slice(reading.s, s - 1).filter(({ type }) => told.has(type));
  reading.s = s;
  reading.owesYou = standingChanges.has(event.type) && reading.playerId !== null;
  return [
    ...missed.map(({ rev, type }) => lost(`${who} was not told ${type} at ${rev}, then came ${s}`)),
    ...checkContent(frame, event).map((problem) => disorder(`${who} at ${s}: ${problem}`)),
  ];
}

function checkYou(
  { who, d }: Heard,
  { s, playerId }: Reading,
  log: readonly RecordedEvent[],
  standings: readonly Standing[],
): Problem[] {
  const event = log[(s ?? 0) - 1];
  const score = standings[s ?? 0]?.scores.get(playerId ?? '');
  // One who was sent away stands nowhere.
  if (score === undefined) return [];
  const problems: Problem[] = [];
  if (d['score'] !== score)
    problems.push(disorder(`${who} is told ${d['score']} points at ${s}, the log says ${score}`));
  const row =
    event?.type === 'ROUND_RESULT' ? event.data.results.find((one) => one.playerId === playerId) : undefined;
  if (row === undefined) return problems;
  for (const name of ['answer', 'correct', 'points', 'streak', 'rank'] as const) {
    if (d[name] !== row[name])
      problems.push(disorder(`${who} is told ${name} ${d[name]} at ${s}, the log says ${row[name]}`));
  }
  return problems;
}

/** What a message says of its event, as far as the description tells. */
function checkContent({ t, at, d }: Heard, event: RecordedEvent): string[] {
  const expected: Record<string, unknown> = { t: event.type, at: event.at, ...fieldsOf(event) };
  const said: Data = { ...d, t, at };
  return Object.entries(expected).flatMap(([name, value]) => {
    const [is, was] = [JSON.stringify(value), JSON.stringify(said[name])];
    return is === was ? [] : [`${name} is ${is}, it was told ${was}`];
  });
}

function fieldsOf(event: RecordedEvent): Record<string, unknown> {
  const { at, game, round, roundId, cycleId } = event;
  switch (event.type) {
    case 'PLAYER_JOINED':
    case 'PLAYER_LEFT':
      return { playerId: event.data.playerId, name: event.data.name };
    case 'PLAYER_KICKED':
      return { playerId: event.data.playerId, reason: event.data.banned ? 'banned' : 'kicked' };
    case 'GAME_START':
      return { game, settings: event.data.settings };
    case 'NEW_QUESTION': {
      const { question, leadMs, answerMs } = event.data;
      const opensAt = at + leadMs;
      const deadline = answerMs === null ? null : opensAt + answerMs;
      return { roundId, cycleId, round, question, opensAt, deadline };
    }
    case 'ROUND_CLOSED':
      return { roundId, reason: event.data.reason };
    case 'ROUND_RESULT': {
      const { truth, explanation, split } = event.data;
      return { roundId, round, truth, explanation, split };
    }
    case 'LEADERBOARD_UPDATE':
      return { entries: event.data.entries };
    case 'ROUND_COMPLETE':
      return { round, rounds: event.data.rounds };
    case 'ROUND_SKIPPED':
    case 'ROUND_VOIDED':
      return { roundId, reason: event.data.reason };
    case 'GAME_PAUSED':
      return { reason: event.data.reason, remainingMs: event.data.remainingMs };
    case 'GAME_OVER':
      return { game, podium: event.data.podium, entries: event.data.entries };
    default:
      return {};
  }
}
