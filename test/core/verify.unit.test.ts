import { describe, expect, test } from 'vitest';
import type { RecordedEvent } from '../../core/events.ts';
import { canonical, createVerifier, same } from '../../core/verify.ts';
import { anOpenQuestion, gameOf, playerOf, questionOf, roomOf } from '../support/histories.ts';
import { answer, ask, finish, join, type Table } from '../support/played-game.ts';

/** Two rounds with a pause, an extension, a late comer, somebody who leaves, a retraction, and an end. */
function aWholeGame(): Table {
  const table = anOpenQuestion(['Ada', 'Bo', 'Cy'], { rounds: 3 })();
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
  const played = {
    game: gameOf(table),
    round: 1,
    factKey: claim.factKey,
    points: points.map(({ playerId, points: p }) => ({ playerId, points: p })),
  };
  table.act({ type: 'retractRound', roundId, reason: 'wrong', played });
  table.act({ type: 'endGame', game: gameOf(table) });
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

describe('a log', () => {
  const { log } = aWholeGame();

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
