import { describe, expect, test } from 'vitest';
import { needsOf } from '../../core/advance.ts';
import { limits } from '../../core/limits.ts';
import { given } from '../support/given.ts';
import {
  aClosedRound,
  advance,
  anIntermission,
  anOpenQuestion,
  aRoundId,
  aStartedGame,
  gameOf,
  playerOf,
  questionOf,
  roomOf,
  worldOf,
} from '../support/histories.ts';
import { answer, finish, type Table } from '../support/played-game.ts';

const untouched = { byHand: false, retracted: new Set<string>() };
const roundIdOf = (table: Table) => questionOf(table).roundId;

describe('the next question', () => {
  test('opens when it is due, from an embedded claim when none is ready, in one commit', () => {
    const cycle = ['START_ROUND', 'RESEARCH_DONE', 'DRAFT_READY', 'VALIDATION_COMPLETE'] as const;
    given(aStartedGame())
      .when(advance())
      .then(...cycle, ['NEW_QUESTION', { answerMs: 10_000, leadMs: 1_000 }]);
  });
  test('holds nothing of its truth', () => {
    const events = given(aStartedGame())
      .when(advance())
      .then('START_ROUND', 'RESEARCH_DONE', 'DRAFT_READY', 'VALIDATION_COMPLETE', 'NEW_QUESTION');
    const { data } = events.at(-1) ?? { data: null };
    const keys = ['answerMs', 'difficulty', 'leadMs', 'question', 'rounds', 'topic'];
    expect(Object.keys(data ?? {}).sort()).toEqual(keys);
  });
  test('does not open before it is due', () => {
    const early = () => {
      const table = anIntermission()();
      table.now -= 1;
      return table;
    };
    given(early)
      .when((table) => advance({ now: table.now })(table))
      .then('START_ROUND');
  });
  test('waits for the host where the host decides, and opens at the host’s word', () => {
    const manual = anIntermission({ autoAdvance: false });
    given(manual)
      .when((table) => advance({ now: table.now + 100_000, embedded: null })(table))
      .then('START_ROUND');
    const next = (table: Table) =>
      ({ type: 'nextRound', roundId: roomOf(table).lastRoundId, world: worldOf(table) }) as const;
    given(manual)
      .when(next)
      .then('START_ROUND', 'RESEARCH_DONE', 'DRAFT_READY', 'VALIDATION_COMPLETE', 'NEW_QUESTION');
    const stale = (table: Table) => ({ type: 'nextRound', roundId: null, world: worldOf(table) }) as const;
    given(manual).when(stale).thenNothing();
  });
  test('is the end after the last round', () => {
    given(anIntermission({ rounds: 1 }))
      .when(advance())
      .then(['GAME_OVER', { reason: 'finished', playerCount: 2 }]);
  });
  test('does not open when nobody has been there for a minute: the game pauses itself', () => {
    const empty = advance({ silentMs: limits.idlePauseMs });
    given(anIntermission())
      .when(empty)
      .then(['GAME_PAUSED', { reason: 'idle' }]);
    const almost = advance({ silentMs: limits.idlePauseMs - 1 });
    given(anIntermission())
      .when(almost)
      .then('START_ROUND', 'RESEARCH_DONE', 'DRAFT_READY', 'VALIDATION_COMPLETE', 'NEW_QUESTION');
  });
});

describe('an open round', () => {
  const pastClose = (ms: number) => (table: Table) =>
    advance({ now: questionOf(table).closesAt + ms })(table);

  test('is closed after deadline and grace, and not in its last moment', () => {
    given(anOpenQuestion())
      .when(pastClose(1))
      .then(['ROUND_CLOSED', { reason: 'deadline' }]);
    given(anOpenQuestion(['Ada'], { rounds: 1 }))
      .when(pastClose(0))
      .thenNothing();
  });
  test('closes once: a host who comes second finds it closed', () => {
    const close = (table: Table) =>
      ({ type: 'closeRound', roundId: roundIdOf(table), reason: 'host' }) as const;
    given(anOpenQuestion())
      .when(close)
      .then(['ROUND_CLOSED', { reason: 'host' }]);
    given(aClosedRound()).when(close).thenNothing();
    given(anOpenQuestion())
      .when({ type: 'closeRound', roundId: aRoundId(), reason: 'host' })
      .thenRejected('invalid_round_id');
  });
  test('without a clock is looked at every two seconds and closed when everybody has answered', () => {
    const relaxed = anOpenQuestion(['Ada', 'Bo'], { seconds: null, rounds: 1 });
    const look = (names: readonly string[], connected: readonly string[]) => (table: Table) => {
      const answers = names.map((name) => ({
        playerId: playerOf(table, name),
        answer: 'FACT' as const,
        at: table.now,
      }));
      return advance({ answers, connected: new Set(connected.map((name) => playerOf(table, name))) })(table);
    };
    given(relaxed)
      .when(look(['Ada'], ['Ada', 'Bo']))
      .thenNothing();
    given(relaxed)
      .when(look(['Ada'], ['Ada']))
      .then(['ROUND_CLOSED', { reason: 'all_answered' }]);
    // Ada answered and left: her answer must not stand in for Bo's.
    given(relaxed)
      .when(look(['Ada'], ['Bo']))
      .thenNothing();
    given(relaxed).when(look([], [])).thenNothing();
    given(relaxed)
      .when((table) => advance({ now: questionOf(table).opensAt + limits.relaxedRoundMsMax + 1 })(table))
      .then('ROUND_CLOSED');
  });
  test('is extended by what the host asks, at most a minute, and only while it is open', () => {
    const extend = (ms: number) => (table: Table) =>
      ({ type: 'extendRound', roundId: roundIdOf(table), ms, requestId: 'one' }) as const;
    given(anOpenQuestion())
      .when(extend(10_000))
      .then(['ROUND_EXTENDED', { ms: 10_000 }]);
    given(anOpenQuestion())
      .when(extend(900_000))
      .then(['ROUND_EXTENDED', { ms: limits.extendMsMax }]);
    given(aClosedRound()).when(extend(10_000)).thenRejected('round_not_active');
    given(anOpenQuestion(['Ada'], { seconds: null }))
      .when(extend(10_000))
      .thenRejected('forbidden');
  });
  test('is skipped without points, and the skip may be sent twice', () => {
    const skip = (table: Table) => {
      const roundId = roomOf(table).lastRoundId ?? aRoundId();
      return { type: 'skipRound', roundId, reason: 'host' } as const;
    };
    given(anOpenQuestion())
      .when(skip)
      .then(['ROUND_SKIPPED', { intermissionMs: 2_000 }]);
    given(() => {
      const table = anOpenQuestion()();
      table.act(skip(table));
      return table;
    })
      .when(skip)
      .thenNothing();
  });
});

describe('a closed round', () => {
  test('is scored, put on the board and completed in one commit', () => {
    given(aClosedRound())
      .when((table) =>
        advance({
          answers: [
            { playerId: playerOf(table, 'Ada'), answer: 'FACT', at: questionOf(table).opensAt + 2_000 },
          ],
        })(table),
      )
      .then(
        ['ROUND_RESULT', { truth: 'FACT', split: { FACT: 1, FAKE: 0, none: 1 } }],
        [
          'LEADERBOARD_UPDATE',
          {
            entries: [
              { name: 'Ada', score: 900, rank: 1 },
              { name: 'Bo', score: 0, rank: 2 },
            ],
          },
        ],
        ['ROUND_COMPLETE', { intermissionMs: 2_000 }],
      );
  });
  test('is not scored before its answers are at hand', () => {
    given(aClosedRound())
      .when(advance({ answers: null }))
      .thenNothing();
    expect(needsOf(roomOf(aClosedRound()()), { now: 0, ...untouched }).answers).toBe(true);
  });
});

describe('a host who goes on by hand', () => {
  const byHand = () => {
    const table = anIntermission({ rounds: 3, autoAdvance: false })();
    return { table, room: roomOf(table), outset: { now: table.now, ...untouched, byHand: true } };
  };
  test('needs a claim at once where none is ready: the host is not kept waiting', () => {
    const { room, outset } = byHand();
    expect(room.preparing).toEqual([]);
    expect(needsOf(room, outset).embedded).not.toBeNull();
    expect(needsOf(room, { ...outset, byHand: false }).embedded).toBeNull();
  });
  test('opens the next question', () => {
    const { table, room } = byHand();
    const last = room.lastRoundId;
    given(() => table)
      .when({ type: 'nextRound', roundId: last, world: worldOf(table) })
      .then('START_ROUND', 'RESEARCH_DONE', 'DRAFT_READY', 'VALIDATION_COMPLETE', 'NEW_QUESTION');
  });
});

describe('a pause', () => {
  const pause = (table: Table) => ({ type: 'pauseGame', reason: 'host', now: table.now }) as const;
  const paused = () => {
    const table = anOpenQuestion()();
    table.now += 4_000;
    table.act(pause(table));
    return table;
  };

  test('keeps what was left of the clock', () => {
    given(anOpenQuestion())
      .when(pause)
      .then(['GAME_PAUSED', { remainingMs: 10_000 }]);
    given(paused).when({ type: 'resumeGame' }).then('GAME_RESUMED');
  });
  test('twice is one, and a resume of what runs is none', () => {
    given(paused).when(pause).thenNothing();
    given(anOpenQuestion()).when({ type: 'resumeGame' }).thenNothing();
  });
  test('stops everything that the game master would do', () => {
    given(paused)
      .when((table) => advance({ now: table.now + 3_600_000 })(table))
      .thenNothing();
  });
  test('is refused where nothing runs', () => {
    given(() => {
      const table = aStartedGame()();
      table.act({ type: 'endGame', game: gameOf(table) });
      return table;
    })
      .when(pause)
      .thenRejected('forbidden');
  });
});

describe('the end', () => {
  test('comes when the host says so, with places from the scores as they stand', () => {
    given(anIntermission())
      .when((table) => ({ type: 'endGame', game: gameOf(table) }))
      .then(['GAME_OVER', { reason: 'host', podium: [[{ name: 'Ada' }], [{ name: 'Bo' }]] }]);
  });
  test('of another game is refused, of this one a second time is nothing', () => {
    const over = () => {
      const table = anIntermission()();
      table.act({ type: 'endGame', game: gameOf(table) });
      return table;
    };
    given(over)
      .when((table) => ({ type: 'endGame', game: gameOf(table) }))
      .thenNothing();
    given(anIntermission())
      .when({ type: 'endGame', game: '01ARZ3NDEKTSV4RRFFQ69G5FAV' as never })
      .thenRejected('forbidden');
  });
  test('shares a place of the podium among equals', () => {
    const tie = () => {
      const table = anOpenQuestion(['Ada', 'Bo', 'Cy'])();
      for (const name of ['Ada', 'Bo']) answer(table, playerOf(table, name), 'FACT', 100);
      finish(table);
      return table;
    };
    given(tie)
      .when((table) => ({ type: 'endGame', game: gameOf(table) }))
      .then(['GAME_OVER', { podium: [[{ rank: 1 }, { rank: 1 }], [{ name: 'Cy', rank: 3 }]] }]);
  });
});
