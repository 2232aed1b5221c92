import { describe, expect, test } from 'vitest';
import { openNext } from '../../core/advance.ts';
import type { CommandOf } from '../../core/commands.ts';
import { limits } from '../../core/limits.ts';
import { factsTaken } from '../../core/state.ts';
import { given } from '../support/given.ts';
import {
  advance,
  aGameId,
  aLobbyWith,
  anIntermission,
  anOpenQuestion,
  gameOf,
  playerOf,
  questionOf,
  roomOf,
  worldOf,
} from '../support/histories.ts';
import { answer, ask, finish, type Table } from '../support/played-game.ts';
import { newEmbeddedClaim } from '../support/world.ts';

type Retract = CommandOf<'retractRound'>;

/** Takes back the question on screen; the points are read from the log, as the operator does. */
function retracting(table: Table): () => Retract {
  const { roundId, claim } = questionOf(table);
  const [game, round] = [gameOf(table), 'round' in roomOf(table) ? 1 : 0];
  return () => {
    const result = table.log.find((one) => one.type === 'ROUND_RESULT' && one.roundId === roundId);
    const results = result?.type === 'ROUND_RESULT' ? result.data.results : [];
    const points = results.filter((one) => one.points > 0);
    const played = {
      game,
      round,
      factKey: claim.factKey,
      points: points.map(({ playerId, points: taken }) => ({ playerId, points: taken })),
    };
    return { type: 'retractRound', roundId, reason: 'wrong', played };
  };
}

const flat = { rounds: 3, streaks: false, speedPoints: false };
const scoresOf = (table: Table) =>
  [...roomOf(table).players.values()].map(({ name, score }) => [name, score]);

/** Two rounds: Ada had both right, Bo the second. */
function twoRounds() {
  const table = anOpenQuestion(['Ada', 'Bo'], flat)();
  const retract = retracting(table);
  answer(table, playerOf(table, 'Ada'), 'FACT', 100);
  finish(table);
  ask(table);
  answer(table, playerOf(table, 'Ada'), 'FACT', 100);
  answer(table, playerOf(table, 'Bo'), 'FACT', 100);
  finish(table);
  return { table, retract };
}

describe('a retracted claim', () => {
  test('gives back the points of its round and nobody else’s, and the board says so at once', () => {
    const { table, retract } = twoRounds();
    const before = table.log.length;
    table.act(retract());
    const events = table.log.slice(before);
    expect(scoresOf(table)).toEqual([
      ['Ada', 1_000],
      ['Bo', 1_000],
    ]);
    expect(events.map(({ type }) => type)).toEqual(['ROUND_VOIDED', 'LEADERBOARD_UPDATE']);
    expect(events[1]?.data).toMatchObject({ entries: [{ rank: 1 }, { rank: 1 }], playerCount: 2 });
  });

  test('that is on screen is skipped before it has a result, closed, paused or open', () => {
    for (const pausing of [false, true]) {
      const table = anOpenQuestion(['Ada', 'Bo'], flat)();
      if (pausing) table.act({ type: 'pauseGame', reason: 'host', now: table.now });
      const retract = retracting(table);
      given(() => table)
        .when(retract())
        .then(['ROUND_VOIDED', { points: [] }], 'ROUND_SKIPPED');
      table.act(retract());
      expect(roomOf(table).phase).toBe(pausing ? 'paused' : 'waiting');
    }
  });

  test('during a pause leaves the pause; then the next question comes as it would have', () => {
    const table = anOpenQuestion(['Ada', 'Bo'], flat)();
    table.act({ type: 'pauseGame', reason: 'host', now: table.now });
    table.act(retracting(table)());
    table.now += 60_000;
    table.act({ type: 'resumeGame' });
    const room = roomOf(table);
    expect(room.phase === 'waiting' && room.nextAt).toBe(table.now + room.pace.intermissionMs);
  });

  test('of a game that is behind leaves the scores of this one alone', () => {
    const { table, retract } = twoRounds();
    const old = retract();
    table.act({ type: 'endGame', game: gameOf(table) });
    table.act({ type: 'startGame', after: gameOf(table), game: aGameId() });
    ask(table);
    answer(table, playerOf(table, 'Ada'), 'FACT', 100);
    finish(table);
    given(() => table)
      .when(old)
      .then(['ROUND_VOIDED', { points: [{ points: 1_000 }] }]);
    table.act(old);
    expect(scoresOf(table)[0]).toEqual(['Ada', 1_000]);
  });

  test('moves the podium of a game that is over', () => {
    const { table, retract } = twoRounds();
    table.act({ type: 'endGame', game: gameOf(table) });
    table.act(retract());
    const room = roomOf(table);
    expect(room.phase === 'over' && room.podium.map((place) => place.map(({ name }) => name))).toEqual([
      ['Ada', 'Bo'],
    ]);
  });

  test('is never asked again, not even after the room has forgotten what it asked', () => {
    const { table, retract } = twoRounds();
    const command = retract();
    table.act(command);
    const room = roomOf(table);
    const forgetful = { ...room, asked: Array.from({ length: limits.askedFactsMax }, (_, i) => `f:${i}`) };
    expect(factsTaken(forgetful)).toContain(command.played.factKey);
  });
});

describe('a claim that waits while its fact is taken back elsewhere', () => {
  /** An intermission with the next question due and one claim ready. */
  const withReadyClaim = (): Table => {
    const table = anIntermission({ rounds: 3 })();
    table.now -= 1;
    table.act(advance({ embedded: null })(table));
    const cycleId = roomOf(table).preparing[0]?.cycleId;
    if (cycleId === undefined) throw new Error('nothing is being prepared');
    const { candidate, verdict, origin } = newEmbeddedClaim('FACT');
    table.act({ type: 'recordResearch', cycleId, candidates: [candidate], origin });
    table.act({ type: 'recordDraft', cycleId, draft: { question: candidate.claim, candidate: 0 }, origin });
    table.act({ type: 'recordVerdict', cycleId, verdict, confidenceMin: 0.75, origin });
    table.now += 1;
    return table;
  };
  const readyFact = (table: Table): string => {
    const work = roomOf(table).preparing[0]?.work;
    if (work?.stage !== 'ready') throw new Error('no claim is ready');
    return work.claim.factKey;
  };

  test('is not opened: an embedded one stands in', () => {
    const table = withReadyClaim();
    const room = roomOf(table);
    if (room.phase !== 'waiting') throw new Error(room.phase);
    const cycleOf = (retracted: ReadonlySet<string>) => {
      const decision = openNext(room, worldOf(table, { retracted }));
      return 'events' in decision ? decision.events.at(-1)?.cycleId : null;
    };
    expect(cycleOf(new Set())).toBe(room.preparing[0]?.cycleId);
    expect(cycleOf(new Set([readyFact(table)]))).not.toBe(room.preparing[0]?.cycleId);
  });

  test('gets a successor', () => {
    const table = withReadyClaim();
    table.now -= 1;
    given(() => table)
      .when(advance({ embedded: null, retracted: new Set([readyFact(table)]) }))
      .then(['START_ROUND', { slot: 2, attempt: 2 }]);
  });
});

describe('what models cost', () => {
  const origin = { provider: 'openai', model: 'm', ms: 1, inputTokens: 100, outputTokens: 20, usd: 0.01 };

  test('adds up over a room until its game ends, useless replies included', () => {
    const table = aLobbyWith(['Ada'])();
    table.act(advance({ embedded: null })(table));
    const cycleId = roomOf(table).preparing[0]?.cycleId;
    if (cycleId === undefined) throw new Error('nothing is being prepared');
    const { candidate } = newEmbeddedClaim('FACT');
    const fellBackFrom = [
      { provider: 'openai', error: 'prose', inputTokens: 50, outputTokens: 30, usd: 0.5 },
    ];
    const paid = { ...origin, fellBackFrom };
    table.act({ type: 'recordResearch', cycleId, candidates: [candidate], origin: paid });
    table.act({ type: 'recordDraft', cycleId, draft: { question: candidate.claim, candidate: 0 }, origin });
    expect(roomOf(table).spent).toEqual({ tokens: 320, usd: 0.52 });
    table.act({ type: 'startGame', after: null, game: aGameId() });
    expect(roomOf(table).spent.tokens).toBe(320);
    table.act({ type: 'endGame', game: gameOf(table) });
    expect(roomOf(table).spent).toEqual({ tokens: 0, usd: 0 });
  });
});
