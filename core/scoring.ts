// Points, streaks and places. Pure arithmetic over what the log holds; run once per round, after it has
// closed.

import type { GivenAnswer } from './answers.ts';
import type { BoardEntry, PlayerResult } from './events.ts';
import type { PlayerId } from './ids.ts';
import { limits } from './limits.ts';
import { byPlace, isOnBoard, type Player, type Players } from './players.ts';
import { isEligible, type Question, type Room } from './state.ts';

const basePoints = 500;
const speedPointsMax = 500;
const flatPoints = 1_000;
const streakStep = 50;
const streakBonusMax = 200;

/** Time on the clock between the opening and `at` in ms, without pauses. */
export function elapsedMs(question: Question, at: number): number {
  const stood = question.pauses.reduce((sum, pause) => {
    return sum + Math.max(0, Math.min(at, pause.to) - pause.from);
  }, 0);
  return Math.max(0, at - question.opensAt - stood);
}

/**
 * Points of a right answer: round(500 + 500 x left / T), T the time on the clock from opening to deadline, at
 * least 500 ms counted as used; 500 in the second of grace; 1000 without a clock or without speed points.
 */
export function pointsFor(question: Question, at: number, speedPoints: boolean): number {
  if (!speedPoints || question.deadline === null) return flatPoints;
  if (at > question.deadline) return basePoints;
  const whole = elapsedMs(question, question.deadline);
  const used = Math.max(limits.elapsedMsMin, elapsedMs(question, at));
  const left = Math.max(0, whole - used);
  return Math.round(basePoints + (speedPointsMax * left) / whole);
}

/** +50, +100, +150, +200 from the second to the fifth right answer in a row on. */
export function streakBonus(streak: number): number {
  return Math.min(streakBonusMax, Math.max(0, streak - 1) * streakStep);
}

/** Places by score; ties share one: 1, 1, 3. Equal scores keep the order in which the players came. */
export function ranked(players: readonly Player[]): { player: Player; rank: number }[] {
  const sorted = players.toSorted(byPlace);
  let rank = 0;
  return sorted.map((player, place) => {
    if (place === 0 || sorted[place - 1]?.score !== player.score) rank = place + 1;
    return { player, rank };
  });
}

/** Who stands on a board: all but the kicked. */
export function onBoard(room: Room): Player[] {
  return room.players.values().filter(isOnBoard);
}

/** Rows of the whole board, best first. */
export function boardOf(players: readonly Player[]): BoardEntry[] {
  return ranked(players).map(({ player, rank }) => ({
    playerId: player.id,
    name: player.name,
    score: player.score,
    rank,
    change: player.rank === 0 ? 0 : player.rank - rank,
  }));
}

/** What all are told of a board: its first rows, and how many there are. */
export function topOf(board: readonly BoardEntry[]): { entries: BoardEntry[]; playerCount: number } {
  return { entries: board.slice(0, limits.boardEntriesMax), playerCount: board.length };
}

/** The first rows of the board that was told last: with the places that it won or lost for each. */
export function topOfLastBoard({ players }: Room): ReturnType<typeof topOf> {
  const entries = boardOf(players.best()).map((entry) => ({
    ...entry,
    change: players.get(entry.playerId)?.change ?? 0,
  }));
  return { entries, playerCount: players.onBoardCount };
}

/** The players after points of a round were taken back, with the places that follow. */
export function withoutPoints(
  room: Room,
  points: readonly { readonly playerId: PlayerId; readonly points: number }[],
): Players {
  let players = room.players;
  for (const taken of points) {
    const player = players.get(taken.playerId);
    if (player === undefined) continue;
    const right = player.right - (taken.points > 0 ? 1 : 0);
    players = players.with({ ...player, right, score: Math.max(0, player.score - taken.points) });
  }
  const rankOf = ranksOf(onBoard({ ...room, players }));
  return players.scored((player) => {
    const rank = rankOf.get(player.id);
    return rank === undefined || player.rank === 0 ? player : { ...player, rank, change: 0 };
  });
}

const ranksOf = (players: readonly Player[]): ReadonlyMap<PlayerId, number> =>
  new Map(ranked(players).map(({ player, rank }) => [player.id, rank]));

/**
 * Places one to three, each a list, because ties share; of a crowd that does the first. `entries` best first.
 */
export function podiumOf(entries: readonly BoardEntry[]): BoardEntry[][] {
  return [1, 2, 3]
    .map((rank) => entries.filter((entry) => entry.rank === rank).slice(0, limits.boardEntriesMax))
    .filter((place) => place.length > 0);
}

/**
 * What a closed round does to each player on the board, and the board after it. Players who were not eligible
 * keep score and streak; an eligible player without a right answer loses the streak.
 */
export function scoreRound(room: Room, question: Question, answers: readonly GivenAnswer[]) {
  const given = new Map(answers.map((answer) => [answer.playerId, answer]));
  const { truth } = question.claim.verdict;
  const rows = onBoard(room).map((player) => {
    const mine = given.get(player.id);
    const counts = isEligible(player, question) || mine !== undefined;
    const correct = mine?.answer === truth;
    const streak = counts ? (correct ? player.streak + 1 : 0) : player.streak;
    const bonus = correct && room.settings.streaks ? streakBonus(streak) : 0;
    const points = correct && mine ? pointsFor(question, mine.at, room.settings.speedPoints) + bonus : 0;
    return { player: { ...player, score: player.score + points, streak }, mine, correct, points, counts };
  });
  const board = boardOf(rows.map((row) => row.player));
  const rankOf = new Map(board.map((entry) => [entry.playerId, entry.rank]));
  const results = rows.map(
    ({ player, mine, correct, points }): PlayerResult => ({
      playerId: player.id,
      answer: mine?.answer ?? null,
      correct,
      points,
      score: player.score,
      streak: player.streak,
      rank: rankOf.get(player.id) ?? rows.length,
      elapsedMs: mine === undefined ? null : elapsedMs(question, mine.at),
    }),
  );
  const counted = rows.filter((row) => row.counts);
  const split = {
    FACT: counted.filter((row) => row.mine?.answer === 'FACT').length,
    FAKE: counted.filter((row) => row.mine?.answer === 'FAKE').length,
    none: counted.filter((row) => row.mine === undefined).length,
  };
  return { results, board, split };
}
