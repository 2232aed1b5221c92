import { describe, expect, test } from 'vitest';
import type { RecordedEvent } from '../../core/events.ts';
import { checkHistory } from './check-history.ts';
import { playedGame } from './played-game.ts';

const game = playedGame();

/** The log with every event of a type changed by hand. */
function tampered(type: RecordedEvent['type'], change: (event: RecordedEvent) => unknown): RecordedEvent[] {
  return game.log.map((event) =>
    event.type === type ? (change(structuredClone(event)) as RecordedEvent) : event,
  );
}

const without = (type: RecordedEvent['type']) => renumbered(game.log.filter((event) => event.type !== type));
const renumbered = (log: readonly RecordedEvent[]) =>
  log.map((event, index) => ({ ...event, rev: index + 1 }));
// biome-ignore lint/suspicious/noExplicitAny: the point of these is to break shapes.
const edit = (change: (event: any) => void) => (event: RecordedEvent) => {
  change(event);
  return event;
};

const planted: readonly (readonly [bug: string, log: readonly RecordedEvent[], found: RegExp])[] = [
  ['a revision is missing', game.log.filter(({ rev }) => rev !== 5), /revision 6 stands at place 5/],
  ['an event is there twice', renumbered([...game.log, ...game.log.slice(-1)]), /comes twice|happened twice/],
  [
    'time goes back',
    game.log.map((event) => (event.rev === 9 ? { ...event, at: 1 } : event)),
    /time goes back/,
  ],
  [
    'an event has no trace',
    tampered(
      'GAME_START',
      edit((event) => {
        event.traceparent = '';
      }),
    ),
    /no trace/,
  ],
  ['an acknowledged answer is lost', without('ANSWER_SUBMITTED'), /stands 0 times/],
  [
    'an answer was changed',
    tampered(
      'ANSWER_SUBMITTED',
      edit((event) => {
        event.data.answer = 'FAKE';
      }),
    ),
    /has changed/,
  ],
  [
    'an answer is not scored',
    tampered(
      'ROUND_RESULT',
      edit((event) => {
        event.data.results = [];
      }),
    ),
    /scored 0 times/,
  ],
  [
    'points are wrong by one',
    tampered(
      'ROUND_RESULT',
      edit((event) => {
        event.data.results[0].points += 1;
      }),
    ),
    /by the rules 900 points/,
  ],
  [
    'a score does not add up',
    tampered(
      'LEADERBOARD_UPDATE',
      edit((event) => {
        event.data.entries[0].score += 50;
      }),
    ),
    /the board at \d+ gives/,
  ],
  [
    'a rank is wrong',
    tampered(
      'GAME_OVER',
      edit((event) => {
        event.data.entries[1].rank = 1;
      }),
    ),
    /ranks/,
  ],
  [
    'the truth is not the editor’s',
    tampered(
      'VALIDATION_COMPLETE',
      edit((event) => {
        event.data.verdict.truth = 'FAKE';
      }),
    ),
    /its editor did not/,
  ],
  ['a round was never closed', without('ROUND_CLOSED'), /has no ROUND_CLOSED/],
  ['the game has no end', without('GAME_OVER'), /did not reach GAME_OVER/],
  [
    'an answer came after the grace',
    tampered(
      'ANSWER_SUBMITTED',
      edit((event) => {
        event.at += 20_000;
      }),
    ),
    /after the grace/,
  ],
];

describe('the checker of histories', () => {
  test('has nothing against a game by the rules', () => {
    expect(checkHistory(game)).toEqual([]);
    expect(checkHistory(playedGame({ speedPoints: false, streaks: false }))).toEqual([]);
  });

  test.each(planted)('finds that %s', (_bug, log, found) => {
    expect(checkHistory({ ...game, log }).join('\n')).toMatch(found);
  });
});
