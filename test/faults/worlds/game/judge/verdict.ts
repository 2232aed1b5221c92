// The verdict over a run of games: every room by its log and by what its clients saw, and what the store
// holds when all is over.

import type { RecordedEvent } from '../../../../../core/events.ts';
import { checkHistory } from '../../../../support/check-history.ts';
import type { Outcome, Verdict } from '../../../world.ts';
import type { Ended, History } from '../history.ts';
import type { StoreRead } from '../store-reader.ts';
import { checkCommands } from './commands.ts';
import { checkLines, type Scene } from './lines.ts';
import { disorder, doubled, lost, type Problem } from './problem.ts';
import { checkSecrets } from './secrets.ts';
import { standingsOf } from './standing.ts';

export interface Evidence {
  readonly rooms: readonly History[];
  readonly store: StoreRead;
  /** Of the processes: what none should do. */
  readonly oddities: readonly string[];
}

export function judgeGames({ rooms, store, oddities }: Evidence): Verdict {
  const problems: Problem[] = [...oddities, ...store.problems].map(disorder);
  const counts: Record<string, number> = {};
  const count = (what: string, more = 1) => {
    counts[what] = (counts[what] ?? 0) + more;
  };
  for (const { room, entries } of rooms) {
    const log = store.logs.get(room) ?? [];
    const board = store.boards.get(room) ?? null;
    problems.push(...[...judgeRoom({ log, entries }), ...checkBoard(log, board)].map(inRoom(room)));
    count('rooms');
    for (const { type } of log) if (type in counted) count(counted[type] ?? type);
    for (const entry of entries) {
      if (entry.kind === 'end') count(`commands ${entry.outcome}`);
      if (entry.kind === 'end' && entry.t === 'answer' && entry.outcome === 'ok')
        count('answers acknowledged');
      if (entry.kind === 'frame') count('messages to clients');
      if (entry.kind === 'reply' && entry.ok?.['recovered'] === true) count('clients that went on');
      if (entry.kind === 'reply' && entry.ok?.['recovered'] === false) count('clients that began anew');
    }
    count('events', log.length);
  }
  const texts = (kind: Problem['kind']) =>
    problems.filter((one) => one.kind === kind).map(({ text }) => text);
  return { counts, lost: texts('lost'), doubled: texts('doubled'), disorder: texts('disorder') };
}

const counted: Readonly<Record<string, string>> = {
  GAME_OVER: 'games',
  NEW_QUESTION: 'rounds',
  ROUND_RESULT: 'results',
  ANSWER_SUBMITTED: 'answers in the logs',
};

const inRoom =
  (room: string) =>
  ({ kind, text }: Problem): Problem => ({ kind, text: `${room}: ${text}` });

/** All that can be said of a room from its log and from what its clients saw. */
export function judgeRoom(scene: Scene): Problem[] {
  const { log, entries } = scene;
  const byWho = new Map<string, string>();
  for (const entry of entries) {
    if (entry.kind === 'reply' && entry.ok?.['playerId']) byWho.set(entry.who, entry.ok['playerId']);
  }
  const answers = entries.filter(
    (entry): entry is Ended => entry.kind === 'end' && entry.t === 'answer' && isOk(entry.outcome),
  );
  const acknowledged = answers.map(({ who, d }) => ({
    playerId: byWho.get(who) ?? '',
    roundId: String(d['roundId']),
    answer: d['answer'] as 'FACT' | 'FAKE',
  }));
  return [
    ...checkHistory({ log, acknowledged }).map(kindOf),
    ...checkCommands(scene),
    ...checkLines(scene),
    ...checkSecrets(scene),
  ];
}

const isOk = (outcome: Outcome): boolean => outcome === 'ok';

/** Of a sentence of `check-history`: what it complains of. */
function kindOf(text: string): Problem {
  if (/twice|stands [2-9] times|scored [2-9] times|has [2-9]/.test(text)) return doubled(text);
  if (/stands 0 times|scored 0 times|has no|has changed|another answer|did not reach/.test(text))
    return lost(text);
  return disorder(text);
}

const boards: ReadonlySet<string> = new Set([
  'LEADERBOARD_UPDATE',
  'GAME_OVER',
  'ROUND_VOIDED',
  'GAME_START',
]);

/** The board that people look up is the one that the rounds give, as of its last change. */
function checkBoard(log: readonly RecordedEvent[], board: Record<string, unknown> | null): Problem[] {
  const last = log.findLast(({ type }) => boards.has(type));
  if (last === undefined) return [];
  if (board === null) return [lost('there is no board')];
  const scores = last.type === 'GAME_START' ? new Map() : (standingsOf(log)[last.rev]?.scores ?? new Map());
  const shown = board['entries'] as { playerId: string; score: number }[];
  const wrong = shown.filter(({ playerId, score }) => scores.get(playerId) !== score);
  return [
    ...wrong.map(({ playerId, score }) =>
      lost(`the board gives ${playerId} ${score}, the rounds ${scores.get(playerId)}`),
    ),
    ...(shown.length === scores.size ? [] : [lost(`the board has ${shown.length} rows of ${scores.size}`)]),
  ];
}
