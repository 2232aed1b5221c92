// Judges a game by its log and by what its players were promised. Written from the rules alone: it shares no
// code with the fold, the decisions or the scoring that it judges, so it cannot share their mistakes.

import type { RecordedEvent } from '../../core/events.ts';

export interface Promised {
  readonly playerId: string;
  readonly roundId: string;
  readonly answer: 'FACT' | 'FAKE';
}

export interface History {
  readonly log: readonly RecordedEvent[];
  /** Answers that a server acknowledged. */
  readonly acknowledged: readonly Promised[];
}

type Of<T extends RecordedEvent['type']> = RecordedEvent<T>;

/** Everything that is wrong with a game; empty when nothing is. */
export function checkHistory(history: History): string[] {
  const { log } = history;
  return [
    ...checkLog(log),
    ...checkRounds(log),
    ...checkPromises(history),
    ...checkScores(log),
    ...checkEnds(log),
  ];
}

/** Each game that was started ends, and once. */
function checkEnds(log: readonly RecordedEvent[]): string[] {
  const starts = of(log, 'GAME_START');
  if (starts.length === 0) return ['the game did not reach GAME_OVER'];
  return starts.flatMap(({ game, rev }) => {
    const ends = of(log, 'GAME_OVER').filter((event) => event.game === game && event.rev > rev).length;
    if (ends === 0) return [`the game did not reach GAME_OVER: ${game}`];
    return ends === 1 ? [] : [`the game ${game} has ${ends} GAME_OVER`];
  });
}

const of = <T extends RecordedEvent['type']>(log: readonly RecordedEvent[], type: T): Of<T>[] =>
  log.filter((event): event is Of<T> => event.type === type);

function repeats(values: readonly string[]): string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}

function checkLog(log: readonly RecordedEvent[]): string[] {
  const problems: string[] = [];
  for (const [index, { rev, at, traceparent }] of log.entries()) {
    if (rev !== index + 1) problems.push(`revision ${rev} stands at place ${index + 1}`);
    if (at < (log[index - 1]?.at ?? 0)) problems.push(`time goes back at revision ${rev}`);
    if (!/^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/.test(traceparent))
      problems.push(`no trace at revision ${rev}`);
  }
  for (const id of repeats(log.map((event) => event.id))) problems.push(`event id ${id} comes twice`);
  // Events of one commit share a key and stand side by side; a key that comes again later is an effect that
  // happened twice.
  const commits = log.filter(({ key }, index) => key !== null && key !== log[index - 1]?.key);
  for (const key of repeats(commits.map(({ key }) => String(key))))
    problems.push(`effect ${key} happened twice`);
  return problems;
}

function checkRounds(log: readonly RecordedEvent[]): string[] {
  const problems: string[] = [];
  for (const question of of(log, 'NEW_QUESTION')) {
    const { roundId, cycleId, rev } = question;
    const about = log.filter((event) => event.roundId === roundId);
    const count = (type: RecordedEvent['type']) => about.filter((event) => event.type === type).length;
    const skipped = count('ROUND_SKIPPED') > 0;
    for (const type of ['ROUND_CLOSED', 'ROUND_RESULT', 'LEADERBOARD_UPDATE', 'ROUND_COMPLETE'] as const) {
      if (count(type) > 1) problems.push(`round ${roundId} has ${count(type)} ${type}`);
      if (count(type) === 0 && !skipped && isOver(log, question))
        problems.push(`round ${roundId} has no ${type}`);
    }
    const [closed] = of(about, 'ROUND_CLOSED');
    for (const answer of of(about, 'ANSWER_SUBMITTED')) {
      if (answer.rev < rev) problems.push(`an answer at ${answer.rev} came before its question`);
      if (closed !== undefined && answer.rev > closed.rev)
        problems.push(`an answer at ${answer.rev} came after the close`);
      const clock = clockOf(question, about);
      if (answer.at < clock.opensAt) problems.push(`an answer at ${answer.rev} came before the opening`);
      if (answer.at > clock.deadline + 1_000)
        problems.push(`an answer at ${answer.rev} came after the grace`);
    }
    const answers = of(about, 'ANSWER_SUBMITTED').map(({ data }) => data.playerId);
    for (const player of repeats(answers)) problems.push(`${player} answered twice in ${roundId}`);
    const verdict = of(log, 'VALIDATION_COMPLETE').find((event) => event.cycleId === cycleId)?.data;
    const truth = of(about, 'ROUND_RESULT')[0]?.data.truth;
    if (truth !== undefined && (verdict?.approved !== true || verdict.verdict?.truth !== truth)) {
      problems.push(`round ${roundId} says ${truth}, its editor did not`);
    }
  }
  return problems;
}

/** True if the game of a question has run to its end by itself. */
function isOver(log: readonly RecordedEvent[], { game }: Of<'NEW_QUESTION'>): boolean {
  return of(log, 'GAME_OVER').some((event) => event.game === game && event.data.reason === 'finished');
}

interface Clock {
  readonly opensAt: number;
  readonly deadline: number;
  /** Time on the clock until a moment, in ms: pauses do not count. */
  elapsed(at: number): number;
}

/** When a question opened and when its time was up, with extensions and pauses. */
function clockOf(question: Of<'NEW_QUESTION'>, about: readonly RecordedEvent[]): Clock {
  const { leadMs, answerMs } = question.data;
  let opensAt = question.at + leadMs;
  let deadline = answerMs === null ? Number.POSITIVE_INFINITY : opensAt + answerMs;
  let pausedAt = 0;
  const pauses: (readonly [from: number, to: number])[] = [];
  for (const event of about) {
    if (event.type === 'ROUND_EXTENDED') deadline += event.data.ms;
    if (event.type === 'GAME_PAUSED') pausedAt = event.at;
    if (event.type !== 'GAME_RESUMED') continue;
    deadline += event.at - pausedAt;
    if (pausedAt < opensAt) opensAt += event.at - pausedAt;
    else pauses.push([pausedAt, event.at]);
  }
  const elapsed = (at: number) =>
    pauses.reduce((ms, [from, to]) => ms - Math.max(0, Math.min(at, to) - from), at - opensAt);
  return { opensAt, deadline, elapsed };
}

function checkPromises({ log, acknowledged }: History): string[] {
  return acknowledged.flatMap(({ playerId, roundId, answer }) => {
    const about = log.filter((event) => event.roundId === roundId);
    const stored = of(about, 'ANSWER_SUBMITTED').filter(({ data }) => data.playerId === playerId);
    const rows = of(about, 'ROUND_RESULT').flatMap(({ data }) =>
      data.results.filter((row) => row.playerId === playerId),
    );
    const unscored = about.some(({ type }) => type === 'ROUND_SKIPPED') || endedBefore(log, about);
    const sentAway = of(log, 'PLAYER_KICKED').some(
      ({ data, rev }) => data.playerId === playerId && rev < (of(about, 'ROUND_RESULT')[0]?.rev ?? 0),
    );
    const who = `${playerId} in ${roundId}`;
    const problems: string[] = [];
    if (stored.length !== 1)
      problems.push(`the answer of ${who} was acknowledged and stands ${stored.length} times`);
    if (stored[0] !== undefined && stored[0].data.answer !== answer)
      problems.push(`the answer of ${who} has changed`);
    if (!unscored && rows.length !== (sentAway ? 0 : 1))
      problems.push(`the answer of ${who} was scored ${rows.length} times`);
    if (rows[0] !== undefined && rows[0].answer !== answer)
      problems.push(`another answer of ${who} was scored`);
    return problems;
  });
}

/** True if a host ended the game of a round before the round had its result. */
function endedBefore(log: readonly RecordedEvent[], about: readonly RecordedEvent[]): boolean {
  const [question] = of(about, 'NEW_QUESTION');
  const end = of(log, 'GAME_OVER').find(({ game }) => game === question?.game);
  return of(about, 'ROUND_RESULT').length === 0 && end?.data.reason === 'host';
}

interface Standing {
  score: number;
  streak: number;
}

/** Every point from the first to the last, from raw answers. */
function checkScores(log: readonly RecordedEvent[]): string[] {
  const problems: string[] = [];
  let settings = of(log, 'ROOM_CREATED')[0]?.data.settings;
  let standings = new Map<string, Standing>();
  const joinedAt = new Map<string, number>();
  for (const event of log) {
    if (event.type === 'SETTINGS_CHANGED' || event.type === 'GAME_START') settings = event.data.settings;
    if (event.type === 'GAME_START') standings = new Map();
    if (event.type === 'PLAYER_JOINED') joinedAt.set(event.data.playerId, event.rev);
    // Whoever was removed stands on no board and in nobody's way.
    if (event.type === 'PLAYER_KICKED') standings.delete(event.data.playerId);
    if (event.type === 'ROUND_RESULT' && settings !== undefined) {
      problems.push(...checkResult(log, event, { standings, joinedAt, ...settings }));
    }
    if (event.type === 'ROUND_VOIDED') problems.push(...checkVoided(log, event, standings));
    if (event.type === 'LEADERBOARD_UPDATE' || event.type === 'GAME_OVER') {
      problems.push(...checkBoard(event.data.entries, standings, event.rev));
    }
  }
  return problems;
}

/** Exactly the points of that round go, and only where its game is the one that counts. */
function checkVoided(
  log: readonly RecordedEvent[],
  voided: Of<'ROUND_VOIDED'>,
  standings: ReadonlyMap<string, Standing>,
): string[] {
  const before = log.filter(({ rev }) => rev < voided.rev);
  const [result] = of(before, 'ROUND_RESULT').filter(({ roundId }) => roundId === voided.roundId);
  const won = (result?.data.results ?? []).filter(({ points }) => points > 0);
  const rows = won.map(({ playerId, points }) => `${playerId} ${points}`);
  const said = voided.data.points.map(({ playerId, points }) => `${playerId} ${points}`);
  if (of(before, 'GAME_START').at(-1)?.game === voided.game) {
    for (const { playerId, points } of won) {
      const standing = standings.get(playerId);
      if (standing !== undefined) standing.score -= points;
    }
  }
  if (rows.join() === said.join()) return [];
  return [`the voiding at ${voided.rev} takes ${said.join()}, the round gave ${rows.join()}`];
}

interface Scoring {
  readonly standings: Map<string, Standing>;
  readonly joinedAt: ReadonlyMap<string, number>;
  readonly streaks: boolean;
  readonly speedPoints: boolean;
}

function checkResult(log: readonly RecordedEvent[], result: Of<'ROUND_RESULT'>, scoring: Scoring): string[] {
  const about = log.filter((event) => event.roundId === result.roundId);
  const [question] = of(about, 'NEW_QUESTION');
  if (question === undefined) return [`the result at ${result.rev} has no question`];
  const clock = clockOf(question, about);
  return result.data.results.flatMap((row) => {
    const before = scoring.standings.get(row.playerId) ?? { score: 0, streak: 0 };
    const given = of(about, 'ANSWER_SUBMITTED').find(({ data }) => data.playerId === row.playerId);
    const right = given?.data.answer === result.data.truth;
    const late = (scoring.joinedAt.get(row.playerId) ?? 0) > question.rev;
    const left = of(log, 'PLAYER_LEFT').some(
      ({ rev, data }) => rev < result.rev && data.playerId === row.playerId,
    );
    const plays = given !== undefined || !(late || left);
    const streak = right ? before.streak + 1 : plays ? 0 : before.streak;
    const bonus = scoring.streaks && right ? ([0, 0, 50, 100, 150, 200][Math.min(streak, 5)] ?? 0) : 0;
    const base = given === undefined || !right ? 0 : speedOf(given.at, clock, scoring.speedPoints);
    const points = right ? base + bonus : 0;
    const after = { score: before.score + points, streak };
    scoring.standings.set(row.playerId, after);
    const same =
      row.points === points && row.score === after.score && row.streak === streak && row.correct === right;
    if (same && row.answer === (given?.data.answer ?? null)) return [];
    return [
      `${row.playerId} at ${result.rev}: ${JSON.stringify(row)}, by the rules ${points} points of ${after.score}`,
    ];
  });
}

function speedOf(at: number, { deadline, elapsed }: Clock, speedPoints: boolean): number {
  if (!speedPoints || deadline === Number.POSITIVE_INFINITY) return 1_000;
  if (at > deadline) return 500;
  const whole = elapsed(deadline);
  return Math.round(500 + (500 * Math.max(0, whole - Math.max(500, elapsed(at)))) / whole);
}

type Entries = Of<'LEADERBOARD_UPDATE'>['data']['entries'];

function checkBoard(entries: Entries, standings: ReadonlyMap<string, Standing>, rev: number): string[] {
  const scores = [...standings.values()].map(({ score }) => score);
  return entries.flatMap(({ playerId, score, rank }, index) => {
    const mine = standings.get(playerId)?.score ?? 0;
    const better = scores.filter((other) => other > mine).length;
    const problems: string[] = [];
    if (score !== mine) problems.push(`the board at ${rev} gives ${playerId} ${score}, the rounds ${mine}`);
    if (rank !== better + 1 && standings.size > 0)
      problems.push(`the board at ${rev} ranks ${playerId} ${rank}`);
    if (score > (entries[index - 1]?.score ?? score)) problems.push(`the board at ${rev} is not in order`);
    return problems;
  });
}
