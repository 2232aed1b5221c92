import { describe, expect, test } from 'vitest';
import type { RecordedEvent } from '../../../core/events.ts';
import type { Ended, Entry, Heard, History, Replied } from './game/history.ts';
import type { Scene } from './game/judge/lines.ts';
import type { Problem } from './game/judge/problem.ts';
import { judgeGames, judgeRoom } from './game/judge/verdict.ts';
import { toldGame } from './game/told-game.ts';

const scene = toldGame();
const { log, entries, first } = scene;

type Kind = Problem['kind'];
type Broken = readonly [bug: string, broken: Scene, kind: Kind, found: RegExp];

// biome-ignore lint/suspicious/noExplicitAny: the point of these is to break shapes.
type Edit<T> = (one: any) => T | undefined;

/** With all entries that `which` picks changed by hand; those of which nothing is left are gone. */
function told<T extends Entry>(which: (entry: Entry) => boolean, edit: Edit<T>): Scene {
  return {
    log,
    entries: entries.flatMap((entry) => (which(entry) ? (edit(structuredClone(entry)) ?? []) : [entry])),
  };
}

function logged(type: RecordedEvent['type'], edit: Edit<RecordedEvent | RecordedEvent[]>): Scene {
  const changed = log.flatMap((event) =>
    event.type === type ? (edit(structuredClone(event)) ?? []) : event,
  );
  return { log: changed.map((event, index) => ({ ...event, rev: index + 1 })), entries };
}

const frame =
  (t: string, who?: string) =>
  (entry: Entry): entry is Heard =>
    entry.kind === 'frame' && entry.t === t && (who === undefined || entry.who === who);
const joinOn =
  (line: number) =>
  (entry: Entry): entry is Replied =>
    entry.kind === 'reply' && entry.t === 'join' && entry.line === line;
const end =
  (t: string) =>
  (entry: Entry): entry is Ended =>
    entry.kind === 'end' && entry.t === t;
const set =
  (change: (one: never) => void): Edit<never> =>
  (one) => {
    change(one as never);
    return one as never;
  };
const command = (more: Partial<Ended>): Ended => {
  const base = { kind: 'end', who: 'host', command: 99, t: 'x', d: {}, outcome: 'ok', ok: {}, err: null };
  return { ...base, ...more } as Ended;
};
const also = (...more: Entry[]): Scene => ({ log, entries: [...entries, ...more] });
// biome-ignore lint/suspicious/noExplicitAny: as above.
const any = (change: (one: any) => void) => set(change as (one: never) => void);

const lines: readonly Broken[] = [
  [
    'a message is left out',
    told(frame('ROUND_CLOSED', 'Bo'), () => undefined),
    'lost',
    /not told ROUND_CLOSED/,
  ],
  [
    'a message comes twice',
    told(frame('GAME_START', 'Bo'), (one) => [one, one] as never),
    'doubled',
    /was told 4 after 4/,
  ],
  [
    'a client is told what the log does not have',
    { log: log.slice(0, -1), entries },
    'lost',
    /told of 26, the log ends at 25/,
  ],
  [
    'a message is that of another event',
    told(
      frame('ROUND_CLOSED', 'Bo'),
      any((one) => Object.assign(one, { t: 'ROUND_SKIPPED' })),
    ),
    'disorder',
    /t is "ROUND_CLOSED", it was told "ROUND_SKIPPED"/,
  ],
  [
    'a message gives another truth',
    told(
      frame('ROUND_RESULT', 'Bo'),
      any((one) => Object.assign(one.d, { truth: 'FAKE' })),
    ),
    'disorder',
    /truth is "FACT", it was told "FAKE"/,
  ],
  [
    'a board of a client differs',
    told(
      frame('LEADERBOARD_UPDATE', 'screen'),
      any((one) => {
        one.d.entries[0].score += 1;
      }),
    ),
    'disorder',
    /screen on line 4 at 14: entries/,
  ],
  [
    'a player is not told how it stands',
    told(frame('you', 'Bo'), () => undefined),
    'lost',
    /Bo on line 3 was not told how it stands/,
  ],
  [
    'a player is told other points',
    told(
      frame('you', 'Ada'),
      any((one) => {
        one.d.score += 1;
      }),
    ),
    'disorder',
    /Ada is told \d+ points/,
  ],
  [
    'a client that comes back is told the past again',
    told(
      joinOn(5),
      any((one) => {
        one.ok.s -= 2;
      }),
    ),
    'disorder',
    /asked to go on at 9, and was set to 7/,
  ],
  [
    'a client that comes back misses what it had not seen',
    told(
      (entry) => entry.kind === 'frame' && entry.line === 5 && entry.s === 12,
      () => undefined,
    ),
    'lost',
    /Ada on line 5 was not told ROUND_CLOSED/,
  ],
  [
    'a join reads what others had seen the end of',
    {
      log,
      entries: [...entries, ...entries.filter((entry) => 'line' in entry && entry.line === 4)],
    },
    'disorder',
    /screen on line 4 reads 12, others had seen 26/,
  ],
  [
    'a state is that of another phase',
    told(
      joinOn(4),
      any((one) => Object.assign(one.ok.state, { closed: false })),
    ),
    'disorder',
    /screen on line 4 at 12: closed is true, it was told false/,
  ],
  [
    'a state lacks a player',
    told(
      joinOn(4),
      any((one) => one.ok.state.players.pop()),
    ),
    'disorder',
    /players is/,
  ],
  [
    'a truth is told before its round has a result',
    told(
      frame('ROUND_CLOSED', 'Bo'),
      any((one) => {
        const result = log.find((event) => event.type === 'ROUND_RESULT');
        one.d.hint = result?.type === 'ROUND_RESULT' ? result.data.explanation : '';
      }),
    ),
    'disorder',
    /Bo knew at 12 what was told at 13/,
  ],
];

const joined = log.find((event) => event.type === 'PLAYER_JOINED');
if (joined?.type !== 'PLAYER_JOINED') throw new Error('nobody came');
const { playerId, name } = joined.data;
const removal = {
  ...joined,
  type: 'PLAYER_KICKED',
  rev: log.length + 1,
  key: 'kick',
  data: { playerId, name, banned: false },
} as const;

const answered = { who: 'Ada', t: 'answer', d: { roundId: first, answer: 'FACT' } } as const;
const commands: readonly Broken[] = [
  [
    'an acknowledged answer is lost',
    logged('ANSWER_SUBMITTED', () => undefined),
    'lost',
    /was acknowledged, and is not there/,
  ],
  [
    'an acknowledged answer has another moment',
    told(
      end('answer'),
      any((one) => {
        one.ok.at += 1;
      }),
    ),
    'lost',
    /the log has another/,
  ],
  [
    'a refused answer stands',
    told(
      end('answer'),
      any((one) => Object.assign(one, { outcome: 'refused' })),
    ),
    'disorder',
    /was refused, or given by no one/,
  ],
  [
    'an answer is refused for one that was never given',
    also(command({ ...answered, outcome: 'refused', err: 'already_answered', ok: null })),
    'lost',
    /was refused for another one, the log has FACT/,
  ],
  [
    'a client becomes two players',
    told(
      joinOn(5),
      any((one) => Object.assign(one.ok, { playerId: 'another' })),
    ),
    'doubled',
    /Ada became 2 players/,
  ],
  [
    'a player who is in the room is not let in again',
    also(command({ who: 'Ada', t: 'join', outcome: 'refused', err: 'bad_token' })),
    'lost',
    /Ada was not let in again/,
  ],
  [
    'an acknowledged start is lost',
    also(command({ t: 'start', d: { after: 'x' } })),
    'lost',
    /start .* has no effect/,
  ],
  [
    'a start acts twice',
    logged('GAME_START', (one) => [one, { ...one, game: null }, one]),
    'doubled',
    /3 starts, asked 1/,
  ],
  [
    'an acknowledged kick is lost',
    also(command({ t: 'kick', d: { playerId: 'x' } })),
    'lost',
    /kick .* has no effect/,
  ],
  [
    'the host is not let in',
    also(command({ t: 'join', outcome: 'refused', err: 'room_not_found' })),
    'lost',
    /the host was not let in: room_not_found/,
  ],
  [
    'a ban was no more than a removal',
    {
      log: [...log, removal],
      entries: [...entries, command({ t: 'ban', d: { playerId: removal.data.playerId } })],
    },
    'lost',
    /ban .* has no effect/,
  ],
  [
    'a player is removed twice',
    { log: [...log, removal, { ...removal, rev: log.length + 2 }], entries },
    'doubled',
    /removed 2 times/,
  ],
  [
    'an acknowledged leave is lost',
    also(command({ who: 'Ada', t: 'leave' })),
    'lost',
    /leave .* has no effect/,
  ],
  [
    'an acknowledged report is lost',
    also(command({ who: 'Ada', t: 'report', d: { roundId: first } })),
    'lost',
    /report .* has no effect/,
  ],
  [
    'an acknowledged retraction is lost',
    also(command({ t: 'retract', d: { roundId: first } })),
    'lost',
    /retract .* has no effect/,
  ],
  [
    'an acknowledged end is lost',
    also(command({ t: 'end', d: { game: 'x' } })),
    'lost',
    /end .* has no effect/,
  ],
  [
    'acknowledged settings are lost',
    also(command({ t: 'settings', d: { rounds: 7 } })),
    'lost',
    /settings .* has no effect/,
  ],
  [
    'an acknowledged extension is lost',
    also(command({ t: 'extend', d: { roundId: first } })),
    'lost',
    /was extended 0 times, acknowledged 1/,
  ],
  [
    'one request acts twice, apart',
    {
      log: log.map((event) =>
        [4, 9].includes(event.rev) ? { ...event, intent: { key: 'k', content: 'c' } } : event,
      ),
      entries,
    },
    'doubled',
    /the request k acted at 4 and at 9/,
  ],
  [
    'a game pauses that no host paused',
    logged('ROUND_CLOSED', (one) => [
      { ...one, type: 'GAME_PAUSED', key: null, data: { reason: 'host', remainingMs: 1 } },
      one,
    ]),
    'doubled',
    /2 pauses, asked 0/,
  ],
];

describe('the judge of games', () => {
  test('has nothing to say against a game that the rules played', () => {
    expect(judgeRoom(scene)).toEqual([]);
  });

  test.each([...lines, ...commands])('sees that %s', (_bug, broken, kind, found) => {
    const problems = judgeRoom(broken).filter(({ text }) => found.test(text));
    expect([...new Set(problems.map((one) => one.kind))]).toEqual([kind]);
  });

  const room = 'AAAAAA';
  const history = { room, entries } as unknown as History;
  const last = log.findLast(({ type }) => type === 'GAME_OVER');
  const board = { entries: last?.type === 'GAME_OVER' ? last.data.entries : [] };
  const store = { logs: new Map([[room, log]]), boards: new Map([[room, board]]), problems: [] };
  const judged = (more: object, oddities: readonly string[] = []) =>
    judgeGames({ rooms: [history], store: { ...store, ...more }, oddities });

  test('counts what it has looked at', () => {
    const { counts, ...found } = judged({});
    expect(found).toEqual({ lost: [], doubled: [], disorder: [] });
    expect(counts).toMatchObject({ rooms: 1, games: 1, rounds: 2, 'answers acknowledged': 3 });
  });

  test('sees that a board is not there, or another one', () => {
    expect(judged({ boards: new Map() }).lost).toEqual(['AAAAAA: there is no board']);
    const [best, ...rest] = board.entries;
    const wrong = { entries: [{ ...best, score: 1 }, ...rest] };
    expect(judged({ boards: new Map([[room, wrong]]) }).lost.join()).toContain('the rounds');
    expect(judged({ boards: new Map([[room, { entries: rest }]]) }).lost.join()).toContain('rows');
  });

  test('sees a log that is gone', () => {
    expect(judged({ logs: new Map() }).lost.join()).toContain('the log ends at 0');
  });

  test('tells what is wrong with the store, and what processes did', () => {
    expect(judged({ problems: ['a dead letter'] }, ['server-0 ended by itself']).disorder).toEqual([
      'server-0 ended by itself',
      'a dead letter',
    ]);
  });
});
