// Who may be called what: a table of names that people have and of such that deceive, and properties over all
// of Unicode.

import fc from 'fast-check';
import table from 'unhomoglyph/data.json' with { type: 'json' };
import { describe, expect, test } from 'vitest';
import { decide } from '../../../core/decide.ts';
import { eventData } from '../../../core/events.ts';
import { limits } from '../../../core/limits.ts';
import { type NameProblem, parseName } from '../../../core/names.ts';
import { requestData } from '../../../core/protocol.ts';
import { SettingsChange } from '../../../core/settings.ts';
import { looksOf, skeletonOf } from '../../../server/live/looks.ts';
import { de } from '../../../server/web/words/de.ts';
import { en } from '../../../server/web/words/en.ts';
import { given } from '../../support/given.ts';
import { aLobbyWith, aPlayerId, aRoom, playerOf, roomOf } from '../../support/histories.ts';
import type { Table } from '../../support/played-game.ts';

/** As the server asks for it. */
const joins = (name: string) =>
  ({ type: 'joinPlayer', playerId: aPlayerId(), name, looks: looksOf(name), nonceHash: name }) as const;

/** A room where somebody of this name sits, joined as people join now. */
const aRoomWith = (name: string) => () => {
  const room = aRoom()();
  room.act(joins(name));
  return room;
};

/** Looked at alone: no test acts in it. */
const emptyRoom = aRoom()();

const why = (name: string, history: () => Table = () => emptyRoom) => {
  const decision = decide(joins(name), history().folded().state);
  return 'rejected' in decision ? [decision.rejected, decision.reason] : 'joins';
};

describe('a name', () => {
  const good = [
    ...['Ada', '42', 'Zoë', 'O’Neill', 'Łukasz', 'Þór', 'İbrahim', 'Ağaoğlu', 'Nguyễn Thị Ế', 'ᾧδε', 'Иван'],
    ...[
      'Alex Иванов',
      '李小龙',
      'タナカー',
      'ひらがな',
      '김Kim',
      'Bob 王',
      'محمد',
      'می\u200cخواهم',
      'שָׁלוֹם',
      'ทั้งหมด',
      'မြန်မာ',
    ],
    ...[
      'གཞུང་ཧཱུྃ',
      'ශ්\u200dරී ලංකා',
      'ক্ষমা',
      'ᏣᎳᎩ',
      '葛\u{e0100}城',
      '👩\u200d🚀👨\u200d👩\u200d👧',
      '👍🏽👍🏽',
      '1️⃣2️⃣',
      '🇩🇪🇦🇹',
    ],
    ...[
      '🏳️\u200d🌈 Ada',
      '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f} fan',
      'Hosta',
      'Eddy',
      'Arenal',
    ],
  ];
  test.each(good)('may be %j', (name) => expect(why(name)).toBe('joins'));

  const pretending = [
    ...[
      'host',
      'Host!',
      'H O S T',
      'The Host',
      'h0st',
      'host 1',
      'ｈｏｓｔ',
      '𝐡𝐨𝐬𝐭',
      'Hóst',
      'ꓧꓳꓢꓔ',
      'hos7',
      'host$',
    ],
    ...[
      'Admin',
      'adm1n',
      'Admın',
      'M0derator',
      'rnod',
      'System',
      'Agent Arena',
      'arena',
      'Game-Master',
      '«Editor»',
    ],
    ...['Gastgeber', 'die Gastgeberin', 'Redaktion', 'Spielleitung', 'Verwalter'],
  ];
  const bad: readonly (readonly [NameProblem, string])[] = [
    ['marks', `Z${'\u0300\u0301\u0302\u0303'.repeat(15)}algo`],
    ['marks', 'a\u0300\u0301\u0302\u0303b'],
    ['marks', 'a\u0323\u0323b'],
    ['marks', '\u0301Ada'],
    ['marks', 'Ada \u0301'],
    ['scripts', 'АDA'],
    ['scripts', 'Рaypal'],
    ['scripts', 'Adα'],
    ['scripts', 'ꓮda'],
    ['scripts', 'Ꭺda'],
    ['unseen', 'Ada\ufe0f'],
    ['unseen', 'A\u200dda'],
    ['unseen', 'ada\u{e0061}'],
    ['unseen', 'Ada\u3164'],
    ['unseen', '\u3164\u3164'],
    ['unseen', '\u2800\u2800'],
    ['unseen', 'Ad\u{1d159}'],
    ['unseen', 'Ad\ue000'],
    ['unseen', 'Ad\u{10ffff}'],
    ['unseen', 'Ad\u{50000}'],
    ['unseen', 'a\u202eb'],
    ['unseen', 'Ad\ufffc'],
    ['length', 'A'],
    ['length', '!!'],
    ['length', 'a'.repeat(21)],
    ['marks', '\u0390\u0323\u0324'.repeat(20)],
    ['scripts', 'ноst'],
    ...pretending.map((name) => ['reserved', name] as const),
    ...[en, de].flatMap(({ agents }) => Object.values(agents).map((name) => ['reserved', name] as const)),
  ];
  test.each(bad)('that has %s may not be %j', (problem, name) => {
    expect(why(name)).toEqual(['name_invalid', problem]);
  });

  test('is taken by whoever has one that looks the same, and by nobody else', () => {
    const alike = ['name_taken', 'alike'];
    expect(why('аԁа', aRoomWith('ada'))).toEqual(alike);
    expect(why('аԁа', aRoomWith('Ada'))).toEqual(alike);
    expect(why('AI', aRoomWith('Al'))).toEqual(alike);
    expect(why('B0b', aRoomWith('Bob'))).toEqual(alike);
    expect(why('Ernrna', aRoomWith('Emma'))).toEqual(alike);
    expect(why('ADA', aRoomWith('Ada'))).toEqual(['name_taken', undefined]);
    for (const [one, other] of [
      ['Ian', 'Lan'],
      ['Ali', 'Ala'],
      ['Zoe', 'Zoë'],
      ['Player 1', 'Player 11'],
      ['Иван', 'Ivan'],
    ] as const)
      expect(why(one, aRoomWith(other)), `${one} ${other}`).toBe('joins');
  });

  test('that was banned keeps out those that look like it', () => {
    const banned = () => {
      const room = aRoomWith('Ada')();
      room.act({ type: 'kickPlayer', playerId: playerOf(room, 'Ada'), ban: true });
      return room;
    };
    expect(why('аԁа', banned)[0]).toBe('forbidden');
    expect(why('Ida', banned)).toBe('joins');
  });

  test('of a room of before stays, and is held against new ones as far as it is known', () => {
    // Joined when nobody asked what a name looks like.
    const before = aLobbyWith(['Emma', 'ada']);
    expect([...roomOf(before()).players.values()].map(({ looks }) => looks?.folded)).toEqual(['emma', 'ada']);
    const old = () => {
      const room = aRoom()();
      for (const name of ['АDA', 'Host', 'Emma', 'ada']) {
        const scope = { game: null, round: null, cycleId: null, roundId: null };
        const data = { playerId: aPlayerId(), name, nameKey: name.toLowerCase() };
        room.append({ type: 'PLAYER_JOINED', ...scope, data }, name);
      }
      return room;
    };
    expect([...roomOf(old()).players.values()].map(({ name }) => name)).toEqual([
      'АDA',
      'Host',
      'Emma',
      'ada',
    ]);
    expect(why('EMMA', old)[0]).toBe('name_taken');
    expect(why('аԁа', old)).toEqual(['name_taken', 'alike']);
    expect(why('Bo', old)).toBe('joins');
    given(old)
      .when((room) => ({ type: 'kickPlayer', playerId: playerOf(room, 'АDA'), ban: true }))
      .then('PLAYER_KICKED');
  });
});

// Each takes two rooms; others are drawn in every run.
const numRuns = 1_000;
const alphabet = [...'abcdefghiklmnopqrstuvwxyzABCDEHIKLMNOPRSTXYZ'];
const letters = fc.string({ unit: fc.constantFrom(...alphabet), minLength: 2, maxLength: 10 });
const byPrototype = Map.groupBy(Object.entries(table), ([, prototype]) => prototype);
/** What looks like each letter, in a shape that stays. */
const likesOf = new Map(
  alphabet.map((letter) => {
    const likes = (byPrototype.get(skeletonOf(letter)) ?? []).map(([like]) => like);
    return [letter, likes.filter((like) => like.normalize('NFKC').normalize('NFD') === like)];
  }),
);

describe('of any text', () => {
  test('a name is refused, or kept in a shape that stays and that an event may hold', () => {
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 24 });
    fc.assert(
      fc.property(text, (given) => {
        const decision = decide(joins(given), emptyRoom.folded().state);
        if (!('events' in decision)) return;
        const [event] = decision.events;
        const { name, nameKey } = eventData.PLAYER_JOINED.parse(event?.data);
        expect(parseName(name)).toEqual({ name, nameKey });
      }),
      { numRuns },
    );
  });

  test('no letter of a name can be changed for one that looks like it', () => {
    fc.assert(
      fc.property(letters, fc.nat(), fc.nat(), (name, where, which) => {
        const places = [...name].flatMap((letter, at) => (likesOf.get(letter)?.length ? [at] : []));
        const at = places[where % Math.max(1, places.length)] ?? 0;
        const likes = likesOf.get(name[at] ?? '') ?? [];
        const like = likes[which % Math.max(1, likes.length)];
        fc.pre(like !== undefined && why(name) === 'joins');
        const other = name.slice(0, at) + like + name.slice(at + 1);
        expect(why(other, aRoomWith(name)), other).not.toBe('joins');
      }),
      { numRuns },
    );
  });

  test('no name can be made another by what nobody sees', () => {
    const ignorable = Array.from({ length: 0xe1000 }, (_, code) => code).flatMap((code) => {
      const character = code >= 0xd800 && code < 0xe000 ? '' : String.fromCodePoint(code);
      return /^\p{Default_Ignorable_Code_Point}$/v.test(character) ? [character] : [];
    });
    expect(ignorable.length).toBeGreaterThan(4_000);
    fc.assert(
      fc.property(letters, fc.nat(), fc.constantFrom(...ignorable), (name, where, nothing) => {
        const at = where % (name.length + 1);
        // By chance a name may be one that no one may have.
        fc.pre(why(name) === 'joins');
        expect(why(name.slice(0, at) + nothing + name.slice(at), aRoomWith(name))).not.toBe('joins');
      }),
      { numRuns },
    );
  });

  test('no more marks stand on each other than a line has room for, wherever people type', () => {
    const marks = fc.string({
      unit: fc.constantFrom(...'\u0300\u0316\u0327\u0488\u05b0\u064b\u0e38\u0f71'),
      minLength: limits.stackedMarksMax + 1,
      maxLength: 60,
    });
    fc.assert(
      fc.property(letters, marks, (name, zalgo) => {
        const text = `${name}${zalgo}`;
        expect(why(text)).not.toBe('joins');
        expect(SettingsChange.safeParse({ topic: text }).success).toBe(false);
        expect(requestData.report.safeParse({ roundId: 'r', reason: text }).success).toBe(false);
      }),
    );
  });
});
