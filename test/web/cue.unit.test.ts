import { describe, expect, test } from 'vitest';
import { defaultSettings } from '../../core/settings.ts';
import { cueBetween } from '../../server/web/client/cue.ts';
import { emptyScreen, joined, locked, receive, type Screen } from '../../server/web/client/reducer.ts';
import type { Answer, Message, RoomState } from '../../server/web/client/wire.ts';

const room: RoomState = {
  ...{ room: 'ABCDEF', epoch: 'e', phase: 'lobby', closed: false, game: null, settings: defaultSettings },
  ...{ round: 0, rounds: 2, question: null, lastRoundId: null, result: null, entries: [], playerCount: 0 },
  ...{ players: [], paused: null, nextAt: null, podium: null, nextReady: false, you: null, yourAnswer: null },
  eligible: true,
};

const sitDown = (playerId: string | null, state = room): Screen =>
  joined(emptyScreen, {
    ...{ role: 'player', playerId, token: null, epoch: 'e', s: 0, recovered: false, state, you: null },
    ...{ serverTime: 0, limits: {} },
  });

const at = 0;
const asked = (roundId: string): Message => ({
  ...{ s: 1, t: 'NEW_QUESTION', at },
  d: {
    ...{ roundId, cycleId: 'c', round: 1, rounds: 2, question: 'Is it?', topic: 'Space', difficulty: 'easy' },
    ...{ opensAt: 0, deadline: null },
  },
});
const result = (roundId: string): Message => ({
  ...{ s: 2, t: 'ROUND_RESULT', at },
  d: {
    ...{ roundId, round: 1, question: 'Is it?', truth: 'FACT', explanation: '', confidence: 1 },
    ...{ source: { name: '', url: '' }, split: { FACT: 0, FAKE: 0, none: 0 } },
    origin: { provider: '', model: '' },
  },
});
const you = (roundId: string, answer: Answer | null, correct: boolean | null): Message => ({
  ...{ t: 'you', at },
  d: {
    ...{ roundId, answer, correct, points: 0, score: 0, streak: 0, rank: 0, change: 0, right: 0 },
    counted: 1,
  },
});
const over: Message = { s: 3, t: 'GAME_OVER', at, d: { game: 'g', entries: [], podium: [] } };

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
    const tick: Message = { t: 'tick', at, d: { roundId: '1', answered: 1, players: 2 } };
    const closed: Message = { s: 2, t: 'ROUND_CLOSED', at, d: { roundId: '1', reason: 'deadline' } };
    expect(heard(sitDown('ada'), [asked('1'), tick, closed])).toEqual(['ask', null, null]);
    expect(heard(late, [asked('1')])).toEqual([null]);
  });
});
