import { describe, expect, test } from 'vitest';
import { eventData } from '../../core/events.ts';
import { game } from '../../core/game.ts';
import { limits } from '../../core/limits.ts';
import { parseName } from '../../core/names.ts';
import { defaultSettings, SettingsChange } from '../../core/settings.ts';
import { gameCodec } from '../../server/wiring/game-stream.ts';
import { UnreadableEvent } from '../../streams/contract/envelope.ts';
import { unfolded } from '../../streams/handle/fold.ts';
import { given } from '../support/given.ts';
import {
  advance,
  aGameId,
  aLobbyWith,
  anOpenQuestion,
  aPlayerId,
  aRoom,
  aStartedGame,
  gameOf,
  playerOf,
  roomOf,
} from '../support/histories.ts';
import { ask, finish, playedGame } from '../support/played-game.ts';

const joins = (name: string) =>
  ({ type: 'joinPlayer', playerId: aPlayerId(), name, nonceHash: name }) as const;

describe('joining', () => {
  test('makes a player of whoever has a name', () => {
    given(aRoom())
      .when(joins('  Ada '))
      .then(['PLAYER_JOINED', { name: 'Ada', nameKey: 'ada' }]);
  });
  test('is refused under a name that somebody here has, whatever its case or form', () => {
    given(aLobbyWith(['Ada']))
      .when(joins('ADA'))
      .thenRejected('name_taken');
    given(aLobbyWith(['Straße']))
      .when(joins('STRASSE'))
      .thenRejected('name_taken');
    given(aLobbyWith(['Ａｄａ']))
      .when(joins('Ada'))
      .thenRejected('name_taken');
  });
  test('is refused to a room that is locked', () => {
    given(aRoom({ locked: true }))
      .when(joins('Ada'))
      .thenRejected('room_locked');
  });
  test('is allowed in the middle of a game', () => {
    given(anOpenQuestion()).when(joins('Late')).then('PLAYER_JOINED');
  });
  test('is allowed under the name of somebody who was removed, and refused under one that was banned', () => {
    const removed = (ban: boolean) => () => {
      const table = aLobbyWith(['Ada'])();
      table.act({ type: 'kickPlayer', playerId: playerOf(table, 'Ada'), ban });
      return table;
    };
    given(removed(false)).when(joins('Ada')).then('PLAYER_JOINED');
    given(removed(true)).when(joins('ada')).thenRejected('forbidden');
  });
  test('is refused under the name of somebody who was removed and then banned', () => {
    const removed = () => {
      const table = aLobbyWith(['Ada'])();
      table.act({ type: 'kickPlayer', playerId: playerOf(table, 'Ada'), ban: false });
      return table;
    };
    const banned = () => {
      const table = removed();
      table.act({ type: 'kickPlayer', playerId: playerOf(table, 'Ada'), ban: true });
      return table;
    };
    const bans = (table: ReturnType<typeof removed>, ban: boolean) =>
      ({ type: 'kickPlayer', playerId: playerOf(table, 'Ada'), ban }) as const;
    given(removed)
      .when((table) => bans(table, true))
      .then(['PLAYER_KICKED', { banned: true }]);
    given(banned).when(joins('Ada')).thenRejected('forbidden');
    given(banned)
      .when((table) => bans(table, true))
      .then();
    given(banned)
      .when((table) => bans(table, false))
      .then();
  });
  test('a room that is not there is refused', () => {
    given(() => ({ ...aRoom()(), folded: () => unfolded(game) }))
      .when(joins('Ada'))
      .thenRejected('room_not_found');
  });
});

describe('a name', () => {
  const good = [
    'Ada',
    'Zoë',
    '李小龙',
    'محمد',
    '👩‍🚀👨‍👩‍👧',
    'O’Neill',
    'a'.repeat(20),
    '42',
    'Ada  Lovelace',
    'two\nlines',
    '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f} fan',
    'ශ්‍රී ලංකා',
  ];
  const bad = [
    '',
    ' ',
    'A',
    'a'.repeat(21),
    '!!',
    '\u200b\u200b',
    'a\u202eb',
    'a\u0000b',
    'x'.repeat(500),
    '\ud800a',
    '\u3164 \u3164',
    'Ada\u00ad',
    'Ada\u034f',
    'Ada\u061c',
    'Ada\u2800',
    '\u0390\u0323\u0324\u0325'.repeat(20),
  ];
  test.each(good)('may be %j', (name) => expect(parseName(name)).toHaveProperty('name'));
  test.each(bad)('may not be %j', (name) => expect(parseName(name)).toHaveProperty('problem'));
  test('is no other one by what nobody sees in it', () =>
    expect(parseName('👩\u200d🚀 Ada')).toHaveProperty('nameKey', '👩🚀 ada'));
  test('keeps one blank between its words', () =>
    expect(parseName('Ada \t Lovelace')).toHaveProperty('name', 'Ada Lovelace'));
});

describe('leaving', () => {
  test('is an event once, and nothing the second time', () => {
    const leave = (table: ReturnType<ReturnType<typeof aRoom>>) =>
      ({ type: 'leavePlayer', playerId: [...roomOf(table).players.keys()][0] ?? aPlayerId() }) as const;
    given(aLobbyWith(['Ada']))
      .when(leave)
      .then('PLAYER_LEFT');
    given(() => {
      const table = aLobbyWith(['Ada'])();
      table.act(leave(table));
      return table;
    })
      .when(leave)
      .thenNothing();
  });
});

describe('settings', () => {
  const change = (settings: object) =>
    ({ type: 'changeSettings', change: settings, requestId: 'one' }) as const;
  test('change what is named and keep the rest', () => {
    given(aRoom({ topic: 'Birds' }))
      .when(change({ rounds: 7 }))
      .then(['SETTINGS_CHANGED', { settings: { rounds: 7, topic: 'Birds' } }]);
  });
  test('that are as they were are no event', () => {
    given(aRoom({ rounds: 7 }))
      .when(change({ rounds: 7 }))
      .thenNothing();
  });
  test('with another topic make what was prepared useless, with other seconds not', () => {
    const left = (settings: object) => {
      const table = aLobbyWith(['Ada'])();
      table.act(advance({ embedded: null })(table));
      expect(roomOf(table).preparing).toHaveLength(1);
      table.act(change(settings));
      return roomOf(table).preparing.length;
    };
    expect(left({ seconds: 20 })).toBe(1);
    expect(left({ topic: 'Birds' })).toBe(0);
  });
});

describe('starting', () => {
  test('begins a game at zero, with the settings of the room', () => {
    given(aLobbyWith(['Ada'], { rounds: 3 }))
      .when({ type: 'startGame', after: null, game: aGameId() })
      .then(['GAME_START', { settings: { ...defaultSettings, rounds: 3, seconds: 10 } }]);
  });
  test('is refused while a game runs', () => {
    given(aStartedGame()).when({ type: 'startGame', after: null, game: aGameId() }).thenRejected('forbidden');
  });
  test('takes a topic in any script, and none that could turn or break what stands beside it', () => {
    const taken = (topic: string) => SettingsChange.safeParse({ topic }).success;
    for (const good of ['Space', 'می\u200cخواهم', '日本の城', '👩\u200d🚀 Space'])
      expect(taken(good), good).toBe(true);
    for (const bad of ['\u001b]0;x\u0007', 'a\nb', 'x\u202ey', '\ud800', 'a\u2028b'])
      expect(taken(bad), JSON.stringify(bad)).toBe(false);
    expect(SettingsChange.parse({ topic: null, rounds: 3 })).toEqual({ topic: null, rounds: 3 });
    expect(SettingsChange.parse({})).toEqual({});
  });

  test('names the game it follows, so that nobody starts a third by asking twice for the second', () => {
    const over = () => {
      const table = aStartedGame()();
      table.act({ type: 'endGame', game: gameOf(table) });
      return table;
    };
    given(over)
      .when((table) => ({ type: 'startGame', after: gameOf(table), game: aGameId() }))
      .then('GAME_START');
    given(over).when({ type: 'startGame', after: null, game: aGameId() }).thenRejected('forbidden');
  });
  test('takes every score back to zero and forgets who had left', () => {
    const { log } = playedGame();
    expect(log.some(({ type }) => type === 'GAME_OVER')).toBe(true);
    const table = aStartedGame(['Ada', 'Bo', 'Cy'])();
    table.act({ type: 'leavePlayer', playerId: playerOf(table, 'Cy') });
    table.act({ type: 'endGame', game: gameOf(table) });
    table.act({ type: 'startGame', after: gameOf(table), game: aGameId() });
    const players = [...roomOf(table).players.values()].map(({ name, score, streak }) => [
      name,
      score,
      streak,
    ]);
    expect(players).toEqual([
      ['Ada', 0, 0],
      ['Bo', 0, 0],
    ]);
  });
});

describe('an event', () => {
  const [event] = playedGame().log;
  if (event === undefined) throw new Error('no event');
  const { rev, at, type, ...envelope } = event;
  const stored = { rev, at, type, e: gameCodec.encode({ type, ...envelope } as typeof event) };

  test('comes back from the log as it went in', () => expect(gameCodec.decode(stored)).toEqual(event));
  test.each([
    [
      'of a version from the future',
      { ...stored, e: JSON.stringify({ ...envelope, v: 2 }) },
      /version 2 is not known/,
    ],
    ['of no known type', { ...stored, type: 'NO_SUCH' }, /entry 1-0 cannot be read/],
    ['that is no JSON', { ...stored, e: '{"v":1' }, /entry 1-0 cannot be read/],
    ['with data of another shape', { ...stored, e: JSON.stringify({ ...envelope, data: {} }) }, /settings/],
  ])('%s is refused and named', (_what, entry, why) => {
    expect(() => gameCodec.decode(entry)).toThrow(UnreadableEvent);
    expect(() => gameCodec.decode(entry)).toThrow(why);
  });
});

test('a room is full when its board is, where whoever has left still stands: the result of a round holds all', () => {
  const table = aLobbyWith(Array.from({ length: limits.playersMax }, (_, n) => `Player ${n}`))();
  table.act({ type: 'leavePlayer', playerId: playerOf(table, 'Player 7') });
  const room = () => table;
  given(room).when(joins('Ada')).thenRejected('room_full');
  table.act({ type: 'startGame', after: null, game: aGameId() });
  table.act(joins('Ada'));
  table.act({ type: 'leavePlayer', playerId: playerOf(table, 'Player 8') });
  given(room).when(joins('Bo')).thenRejected('room_full');
  ask(table);
  finish(table);
  const result = table.log.find(({ type }) => type === 'ROUND_RESULT');
  expect(eventData.ROUND_RESULT.safeParse(result?.data).success).toBe(true);
}, 30_000);
