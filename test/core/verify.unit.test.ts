import { describe, expect, test } from 'vitest';
import type { RecordedEvent } from '../../core/events.ts';
import { canonical, createVerifier, same } from '../../core/verify.ts';
import {
  aGameId,
  anOpenQuestion,
  aRoundId,
  gameOf,
  playerOf,
  questionOf,
  roomOf,
} from '../support/histories.ts';
import { answer, ask, finish, join, type Table } from '../support/played-game.ts';

/** Three rounds: a pause, an extension, a late comer, somebody who leaves, a report, two retractions. */
function aWholeGame(): Table {
  const table = anOpenQuestion(['Ada', 'Bo', 'Cy'], { rounds: 3 })();
  table.act({ type: 'changeSettings', change: { locked: false, streaks: false }, requestId: 's1' });
  const { roundId, claim } = questionOf(table);
  answer(table, playerOf(table, 'Ada'), 'FACT', 900);
  join(table, 'Late');
  table.act({ type: 'pauseGame', reason: 'host', now: table.now });
  table.now += 5_000;
  table.act({ type: 'resumeGame' });
  table.act({ type: 'extendRound', roundId, ms: 2_000, requestId: 'r1' });
  finish(table);
  table.act({ type: 'leavePlayer', playerId: playerOf(table, 'Cy') });
  ask(table);
  for (const name of ['Ada', 'Bo', 'Late']) answer(table, playerOf(table, name), 'FACT', 1_000);
  finish(table);
  const result = table.log.find((event) => event.type === 'ROUND_RESULT');
  const points = result?.data.results.filter((row) => row.points > 0) ?? [];
  const game = gameOf(table);
  const given = points.map(({ playerId, points: p }) => ({ playerId, points: p }));
  table.act({ type: 'reportClaim', roundId, playerId: playerOf(table, 'Bo'), reason: 'not so' });
  const played = { game, round: 1, factKey: claim.factKey, points: given };
  table.act({ type: 'retractRound', roundId, reason: 'wrong', played });
  ask(table);
  const third = questionOf(table);
  const open = { game, round: 3, factKey: third.claim.factKey, points: [] };
  table.act({ type: 'retractRound', roundId: third.roundId, reason: 'wrong, too', played: open });
  table.act({ type: 'endGame', game });
  expect(roomOf(table).phase).toBe('over');
  return table;
}

const verify = (events: readonly RecordedEvent[]) => {
  const verifier = createVerifier();
  return events.flatMap((event) => verifier.next(event));
};

/** The log with one event changed. */
function changed<T extends RecordedEvent['type']>(
  log: readonly RecordedEvent[],
  type: T,
  change: (event: RecordedEvent<T>) => object,
): { events: RecordedEvent[]; rev: number } {
  const at = log.findIndex((event) => event.type === type);
  const event = log[at] as RecordedEvent<T>;
  const other = { ...event, ...change(event) } as RecordedEvent;
  return { events: log.with(at, other), rev: event.rev };
}

/** The log with an event of this type once more at its end. */
function again(log: readonly RecordedEvent[], type: RecordedEvent['type']) {
  const found = log.find((event) => event.type === type) as RecordedEvent;
  const rev = log.length + 1;
  return { events: [...log, { ...found, rev, at: log.at(-1)?.at ?? 0 }], rev };
}

describe('a log', () => {
  const { log } = aWholeGame();
  const [created] = log as [RecordedEvent<'ROOM_CREATED'>];

  test('of a game by the rules is sound', () => {
    expect(verify(log)).toEqual([]);
  });

  const broken: readonly (readonly [string, ReturnType<typeof changed>])[] = [
    [
      'points that nobody won',
      changed(log, 'ROUND_RESULT', ({ data }) => ({
        data: { ...data, results: data.results.map((row) => ({ ...row, points: row.points + 1 })) },
      })),
    ],
    [
      'another truth than the editor’s',
      changed(log, 'ROUND_RESULT', ({ data }) => ({ data: { ...data, truth: 'FAKE' } })),
    ],
    [
      'a board that is not the scores’',
      changed(log, 'LEADERBOARD_UPDATE', ({ data }) => ({ data: { ...data, playerCount: 99 } })),
    ],
    [
      'another question than was approved',
      changed(log, 'NEW_QUESTION', ({ data }) => ({ data: { ...data, question: 'Is it?' } })),
    ],
    ['a round out of order', changed(log, 'NEW_QUESTION', () => ({ round: 7 }))],
    ['an answer before the opening', changed(log, 'ANSWER_SUBMITTED', ({ at }) => ({ at: at - 5_000 }))],
    ['an answer to another round', changed(log, 'ANSWER_SUBMITTED', () => ({ roundId: null }))],
    [
      'places that nobody reached',
      changed(log, 'GAME_OVER', ({ data }) => ({ data: { ...data, podium: [] } })),
    ],
    [
      'settings that are no other ones',
      changed(log, 'SETTINGS_CHANGED', () => ({ data: { settings: created.data.settings } })),
    ],
    [
      'a slot that does not follow',
      changed(log, 'START_ROUND', ({ data }) => ({ data: { ...data, slot: 7 } })),
    ],
    [
      'an attempt that does not follow',
      changed(log, 'START_ROUND', ({ data }) => ({ data: { ...data, attempt: 2 } })),
    ],
    ['a cycle without a name', changed(log, 'START_ROUND', () => ({ cycleId: null }))],
    [
      'points taken back that the round did not give',
      changed(log, 'ROUND_VOIDED', ({ data }) => ({
        data: { ...data, points: data.points.map((row) => ({ ...row, points: row.points + 1 })) },
      })),
    ],
    [
      'another fact taken back than was asked',
      changed(log, 'ROUND_VOIDED', ({ data }) => ({ data: { ...data, factKey: 'another' } })),
    ],
    [
      'a round taken back that was never asked',
      changed(log, 'ROUND_VOIDED', () => ({ roundId: aRoundId() })),
    ],
    ['a round taken back for another game', changed(log, 'ROUND_VOIDED', () => ({ game: aGameId() }))],
    ['a round taken back twice', again(log, 'ROUND_VOIDED')],
    ['a report of no round', changed(log, 'CLAIM_REPORTED', () => ({ roundId: null }))],
    ['a report twice', again(log, 'CLAIM_REPORTED')],
    ['work for no cycle', changed(log, 'RESEARCH_DONE', () => ({ cycleId: null }))],
    ['a hole', { events: log.filter(({ rev }) => rev !== 5), rev: 6 }],
    ['an event twice', { events: [...log.slice(0, 5), ...log.slice(4)], rev: 5 }],
  ];
  test.each(broken)('with %s is not, and the revision is named', (_what, { events, rev }) => {
    expect(verify(events)[0]).toMatch(new RegExp(`^${rev}-0 `));
  });
});

test('canonical JSON minds values and the order of lists, not that of keys', () => {
  expect(canonical({ b: 1, a: { d: [2, 1], c: null } })).toBe('{"a":{"c":null,"d":[2,1]},"b":1}');
  expect([same({ a: 1, b: 2 }, { b: 2, a: 1 }), same([1, 2], [2, 1])]).toEqual([true, false]);
});
