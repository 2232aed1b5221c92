import { describe, expect, test } from 'vitest';
import type { RecordedEvent } from '../../core/events.ts';
import { type Game, game as rules } from '../../core/game.ts';
import type { PlayerId } from '../../core/ids.ts';
import { frameOf, stateView, youOf } from '../../core/player-view.ts';
import {
  emptyScreen,
  gave,
  joined,
  lateAnswer,
  locked,
  receive,
  type Screen,
} from '../../server/web/client/reducer.ts';
import type { JoinReply, Message, RoomState } from '../../server/web/client/wire.ts';
import { fold, unfolded } from '../../streams/handle/fold.ts';
import { playedGame } from '../support/played-game.ts';

const game = playedGame();

/** The room as a server would give it after so many events. */
function stateAt(count: number): RoomState {
  const events = game.log.slice(0, count);
  const { state } = fold<Game>(rules, unfolded(rules), events);
  if (state.phase === 'none') throw new Error('no room');
  const result = events.findLast(
    (event): event is RecordedEvent<'ROUND_RESULT'> => event.type === 'ROUND_RESULT',
  );
  const view = stateView(state, result ?? null);
  return { ...view, you: null, yourAnswer: null, eligible: true };
}

function joinReply(state: RoomState | null): JoinReply {
  const rest = { role: 'player', token: 't', epoch: 'e', you: null, serverTime: 0, limits: {} } as const;
  return { ...rest, playerId: game.ada, s: 0, recovered: state === null, state };
}

/** The messages of the events after so many. */
function messagesAfter(count: number, playerId: PlayerId | null): Message[] {
  let folded = fold<Game>(rules, unfolded(rules), game.log.slice(0, count));
  return game.log.slice(count).flatMap((event): Message[] => {
    folded = fold<Game>(rules, folded, [event]);
    const { state } = folded;
    if (state.phase === 'none') return [];
    const frame = frameOf(event, state);
    const you = event.type === 'ROUND_RESULT' && playerId !== null ? youOf(state, event, playerId) : null;
    return [
      ...(frame === null ? [] : [frame]),
      ...(you === null ? [] : [{ t: 'you' as const, at: event.at, d: you }]),
    ];
  });
}

/** What of a screen must not depend on how one came to it. */
const shown = ({ room }: Screen) => {
  const { you: _you, nextReady: _nextReady, yourAnswer: _answer, ...rest } = room ?? ({} as RoomState);
  return rest;
};

describe('the screen', () => {
  test('is the same whether one was there or came later, at every moment of a game', () => {
    for (let from = 1; from < game.log.length; from++) {
      const start = joined(emptyScreen, joinReply(stateAt(from)));
      const end = messagesAfter(from, null).reduce(receive, start);
      expect(shown(end), `from event ${from}`).toEqual(
        shown(joined(emptyScreen, joinReply(stateAt(game.log.length)))),
      );
    }
  });

  test('is unchanged by what it does not know', () => {
    const screen = joined(emptyScreen, joinReply(stateAt(1)));
    const unknown = { t: 'FROM_THE_FUTURE', s: 99, at: 0, d: { anything: true } };
    expect(receive(screen, unknown as never)).toBe(screen);
  });

  test('keeps what is on it when a connection was recovered', () => {
    const screen = joined(emptyScreen, joinReply(stateAt(5)));
    expect(joined(screen, joinReply(null)).room?.players).toEqual(screen.room?.players);
  });

  test('keeps the rounds that were missed until a question is asked live', () => {
    const results = game.log.filter(({ type }) => type === 'ROUND_RESULT');
    const [first, second] = [0, 1].map((index) => game.log.indexOf(results[index] as RecordedEvent) + 1);
    const before = joined(emptyScreen, joinReply(stateAt((first ?? 0) - 2)));
    expect(before.missed).toEqual([]);
    const back = { ...joinReply(null), serverTime: results[0]?.at ?? 0 };
    const messages = messagesAfter((first ?? 0) - 2, game.ada);
    const asked = messages.findIndex(({ t }) => t === 'NEW_QUESTION');
    const missed = messages.slice(0, asked).reduce(receive, joined(before, back));
    expect(missed.missed.map(({ roundId }) => roundId)).toEqual([game.first]);
    expect(messages.slice(asked).reduce(receive, missed).missed).toEqual([]);
    // Whoever was there all the time missed nothing; after a whole state the last round alone is known.
    expect(messages.slice(0, asked).reduce(receive, before).missed).toEqual([]);
    const whole = joined(before, joinReply(stateAt(second ?? 0)));
    expect(whole.missed.map(({ roundId }) => roundId)).toEqual([game.second]);
  });

  test('shows an answer as locked only for the question that is open', () => {
    const open = game.log.findIndex(({ type }) => type === 'NEW_QUESTION') + 1;
    const screen = joined(emptyScreen, joinReply(stateAt(open)));
    expect(locked(screen, game.first, 'FACT').locked).toBe('FACT');
    expect(locked(screen, 'another', 'FACT').locked).toBeNull();
    const next = messagesAfter(open, game.ada).reduce(receive, locked(screen, game.first, 'FACT'));
    expect(next.locked).toBeNull();
  });

  test('keeps what was answered, and calls it late once the round has its result without it', () => {
    const open = game.log.findIndex(
      ({ type, roundId }) => type === 'NEW_QUESTION' && roundId === game.second,
    );
    const asked = joined(emptyScreen, joinReply(stateAt(open + 1)));
    const end = (playerId: PlayerId, given: Screen['given']) =>
      messagesAfter(open + 1, playerId).reduce(receive, gave(asked, given));
    const given = { roundId: game.second, answer: 'FAKE' } as const;
    // Bo is not in the result, though something was sent; Ada is.
    expect(lateAnswer(gave(asked, given))).toBeNull();
    expect(lateAnswer(end(game.bo, given))).toBe('FAKE');
    expect(lateAnswer(end(game.ada, given))).toBeNull();
    expect(lateAnswer(end(game.bo, { ...given, roundId: game.first }))).toBeNull();
    expect(lateAnswer(end(game.bo, null))).toBeNull();
  });

  test('tells a player what each round did, and counts who is away', () => {
    const screen = messagesAfter(1, game.ada).reduce(receive, joined(emptyScreen, joinReply(stateAt(1))));
    expect(screen.room?.you).toMatchObject({ roundId: game.second, answer: 'FACT', correct: true });
    const you = screen.room?.you ?? null;
    if (you === null) throw new Error('nothing was told of the player');
    const moved = receive(screen, { t: 'you', at: 0, d: { ...you, change: 2 } });
    expect(moved.room?.you).toMatchObject({ change: 2 });
    // The board of the end says of nobody that they moved.
    const over = { game: 'g', entries: [], podium: [] };
    const ended = receive(moved, { t: 'GAME_OVER', s: 99, at: 0, d: over });
    expect(ended.room?.you).toMatchObject({ change: 0, correct: true });
    const told = (connected: boolean): Message => ({
      ...{ t: 'presence', at: 0 },
      d: [{ playerId: game.bo, connected }],
    });
    const away = receive(screen, told(false));
    expect([...away.away]).toEqual([game.bo]);
    expect(receive(away, told(true)).away.size).toBe(0);
  });
});
