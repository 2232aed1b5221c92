import { describe, expect, test } from 'vitest';
import { cueBetween } from '../../server/web/client/cue.ts';
import { emptyScreen, joined, locked, receive, type Screen } from '../../server/web/client/reducer.ts';
import type { JoinReply, Message, RoomState } from '../../server/web/client/wire.ts';

const room = {
  ...{ room: 'ABCDEF', phase: 'lobby', closed: false, game: null, settings: {}, round: 0, rounds: 2 },
  ...{ question: null, lastRoundId: null, result: null, entries: [], playerCount: 0, players: [] },
  ...{ paused: null, nextAt: null, podium: null, nextReady: false, you: null, yourAnswer: null },
  eligible: true,
} as unknown as RoomState;

const sitDown = (playerId: string | null, state = room): Screen =>
  joined(emptyScreen, { role: 'player', playerId, state, you: null, serverTime: 0 } as JoinReply);

const asked = (roundId: string): Message => ({ t: 'NEW_QUESTION', d: { roundId, round: 1, rounds: 2 } });
const result = (roundId: string): Message => ({ t: 'ROUND_RESULT', d: { roundId } });
const you = (roundId: string, answer: string | null, correct: boolean | null): Message => ({
  t: 'you',
  d: { roundId, answer, correct },
});
const over: Message = { t: 'GAME_OVER', d: { entries: [], podium: [] } };

/** What is heard of messages, one after the other. */
function heard(start: Screen, messages: readonly Message[]): (string | null)[] {
  let screen = start;
  return messages.map((message) => {
    const next = receive(screen, message);
    const cue = cueBetween(screen, next);
    screen = next;
    return cue;
  });
}

describe('a sound', () => {
  test('is heard once for each question, for one’s own outcome, and for the end', () => {
    const game = [asked('1'), result('1'), you('1', 'FACT', true), asked('2'), result('2')];
    expect(heard(sitDown('ada'), [...game, you('2', 'FAKE', false), over])).toEqual([
      ...['ask', null, 'right', 'ask', null],
      ...['wrong', 'over'],
    ]);
  });

  test('of a reveal judges nobody who has not answered, or only looks on', () => {
    expect(heard(sitDown('ada'), [asked('1'), result('1'), you('1', null, null)])).toEqual([
      'ask',
      null,
      'reveal',
    ]);
    expect(heard(sitDown(null), [asked('1'), result('1')])).toEqual(['ask', 'reveal']);
  });

  test('tells that an answer is locked in', () => {
    const before = receive(sitDown('ada'), asked('1'));
    expect(cueBetween(before, locked(before, '1', 'FACT'))).toBe('lock');
  });

  test('is not made of what was there before one came, nor of what changes nothing', () => {
    const late = receive(sitDown('ada'), asked('1'));
    expect(cueBetween(emptyScreen, late)).toBeNull();
    const twice = [asked('1'), { t: 'tick', d: { answered: 1, players: 2 } }, { t: 'ROUND_CLOSED', d: {} }];
    expect(heard(sitDown('ada'), twice)).toEqual(['ask', null, null]);
    expect(heard(late, [asked('1')])).toEqual([null]);
  });
});
