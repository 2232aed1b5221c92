import { describe, expect, test } from 'vitest';
import { needsOf } from '../../core/advance.ts';
import { timers } from '../../core/effect-names.ts';
import { effectsOf } from '../../core/effects.ts';
import { limits } from '../../core/limits.ts';
import { given } from '../support/given.ts';
import {
  aCycleId,
  advance,
  aGameId,
  aLobbyWith,
  anIntermission,
  aRoom,
  aStartedGame,
  playerOf,
  roomOf,
} from '../support/histories.ts';
import { join, newTable, type Table } from '../support/played-game.ts';
import { newEmbeddedClaim } from '../support/world.ts';

const { candidate, verdict, origin } = newEmbeddedClaim('FACT');
const outset = (now: number) => ({ now, byHand: false, retracted: new Set<string>() });

/** A room with one cycle at this stage; its id is the only one there. */
const aCycleAt = (stage: 'research' | 'draft' | 'review') => () => {
  const table = aLobbyWith(['Ada'])();
  table.act(advance({ embedded: null })(table));
  const cycleId = cycleOf(table);
  if (stage === 'research') return table;
  table.act({ type: 'recordResearch', cycleId, candidates: [candidate], origin });
  if (stage === 'draft') return table;
  table.act({ type: 'recordDraft', cycleId, draft: { question: candidate.claim, candidate: 0 }, origin });
  return table;
};

const cycleOf = (table: Table) => roomOf(table).preparing[0]?.cycleId ?? aCycleId();
const research = (table: Table) =>
  ({ type: 'recordResearch', cycleId: cycleOf(table), candidates: [candidate], origin }) as const;
const draft = (table: Table) =>
  ({
    type: 'recordDraft',
    cycleId: cycleOf(table),
    draft: { question: candidate.claim, candidate: 0 },
    origin,
  }) as const;
const review =
  (change: Partial<typeof verdict> = {}) =>
  (table: Table) =>
    ({
      type: 'recordVerdict',
      cycleId: cycleOf(table),
      verdict: { ...verdict, ...change },
      confidenceMin: 0.75,
      origin,
    }) as const;

describe('claims ahead', () => {
  test('are asked for as soon as somebody sits there, and not before: they cost money', () => {
    given(aRoom())
      .when(advance({ embedded: null }))
      .thenNothing();
    given(aLobbyWith(['Ada']))
      .when(advance({ embedded: null }))
      .then(['START_ROUND', { slot: 1, attempt: 1 }]);
    given(aStartedGame([], { autoAdvance: false }))
      .when((table) => advance({ now: table.now - 1, embedded: null })(table))
      .then(['START_ROUND', { slot: 1, attempt: 1 }]);
  });
  test('are asked for no more, also for those that failed, once all have left before the first game', () => {
    const left = () => {
      const table = aCycleAt('research')();
      table.act({ type: 'leavePlayer', playerId: playerOf(table, 'Ada') });
      table.now += 60_000;
      return table;
    };
    given(left)
      .when(advance({ embedded: null }))
      .thenNothing();
    given(() => {
      const table = left();
      join(table, 'Bo');
      return table;
    })
      .when(advance({ embedded: null }))
      .then(['START_ROUND', { slot: 1, attempt: 2 }]);
  });
  test('are thrown away by a host who changes the topic so often and no more, until questions are asked', () => {
    const table = aLobbyWith(['Ada'])();
    const changed = (n: number) => {
      table.act({ type: 'changeSettings', change: { topic: `Topic ${n}` }, requestId: `${n}` });
      const before = table.log.length;
      table.act(advance({ embedded: null })(table));
      return table.log.length - before;
    };
    table.act(advance({ embedded: null })(table));
    const requested = Array.from({ length: limits.claimsThrownAwayMax + 5 }, (_, n) => changed(n));
    expect(requested.filter((claims) => claims === 1)).toHaveLength(limits.claimsThrownAwayMax);
    expect(requested.at(-1)).toBe(0);
    table.act({ type: 'startGame', after: null, game: aGameId() });
    table.act(advance()(table));
    expect(roomOf(table).phase).toBe('question');
    table.act(advance({ embedded: null })(table));
    expect(table.log.at(-1)?.type).toBe('START_ROUND');
    expect(changed(-1)).toBe(0);
  });
  test('wake the game master for the first who sits down, and for nobody behind', () => {
    const alarms = (table: Table) => {
      const before = table.folded().state;
      join(table, `Player ${table.log.length}`);
      const joined = table.log.at(-1);
      return joined === undefined ? [] : effectsOf(joined, before).timers;
    };
    const table = aRoom()();
    expect(alarms(table)).toEqual([{ set: timers.prepare, inMs: 0 }]);
    expect(alarms(table)).toEqual([]);
    expect(alarms(aStartedGame([])())).toEqual([]);
  });
  test('are never more than wanted', () => {
    given(aCycleAt('research'))
      .when(advance({ embedded: null }))
      .thenNothing();
  });
  test('are none beyond the last round', () => {
    given(anIntermission({ rounds: 1, autoAdvance: false }))
      .when(advance({ embedded: null }))
      .thenNothing();
  });
  test('take topics in turn, in an order that is the room’s own, or the one the host chose', () => {
    const topics = ['Birds', 'Stars', 'Cheese'];
    const topicsOf = (settings: object, claims: number) => {
      const table = newTable({ rounds: 9, ...settings }, { claimsAhead: claims });
      join(table, 'Ada');
      for (let n = 0; n < claims; n++) table.act(advance({ embedded: null, topics })(table));
      return roomOf(table).preparing.map(({ topic }) => topic);
    };
    const [first, second, third, ...rest] = topicsOf({}, 6);
    expect(new Set([first, second, third])).toEqual(new Set(topics));
    expect(rest).toEqual([first, second, third]);
    expect(new Set(Array.from({ length: 40 }, () => topicsOf({}, 1)[0])).size).toBe(3);
    expect(topicsOf({ topic: 'Moss' }, 2)).toEqual(['Moss', 'Moss']);
  });
  test('are to be true or false by chance, leaning to what came less often', () => {
    const wanted = (chance: number) => {
      const table = aLobbyWith(['Ada'])();
      table.act(advance({ embedded: null, chance })(table));
      return roomOf(table).preparing[0]?.truthWanted;
    };
    expect([wanted(0.49), wanted(0.51)]).toEqual(['FACT', 'FAKE']);
    // A FACT has been shown: now FAKE has the better part of chance.
    const table = anIntermission({ rounds: 5, autoAdvance: false })();
    table.act(advance({ embedded: null, chance: 0.45 })(table));
    expect(roomOf(table).preparing.at(-1)?.truthWanted).toBe('FAKE');
  });
});

describe('an agent’s work', () => {
  test('goes from stage to stage', () => {
    given(aCycleAt('research')).when(research).then('RESEARCH_DONE');
    given(aCycleAt('draft')).when(draft).then('DRAFT_READY');
    given(aCycleAt('review'))
      .when(review())
      .then(['VALIDATION_COMPLETE', { approved: true }]);
  });
  test('for another stage or another cycle is stale', () => {
    given(aCycleAt('draft')).when(research).thenStale();
    given(aCycleAt('research')).when(draft).thenStale();
    given(aCycleAt('research')).when(review()).thenStale();
    const other = { type: 'recordResearch', cycleId: aCycleId(), candidates: [candidate], origin } as const;
    given(aCycleAt('research')).when(other).thenStale();
  });
  test('about a fact that was taken meanwhile is turned down at once', () => {
    const taken = () => {
      const table = newTable({ rounds: 5 });
      table.act({ type: 'startGame', after: null, game: '01ARZ3NDEKTSV4RRFFQ69G5FAV' as never });
      table.act(advance({ embedded: { candidate, verdict, origin } })(table));
      table.act(advance({ embedded: null })(table));
      table.act(research(table));
      return table;
    };
    given(taken)
      .when(draft)
      .then('DRAFT_READY', ['VALIDATION_COMPLETE', { approved: false, reason: 'repeat' }]);
  });
});

describe('the editor’s word', () => {
  const refused = (reason: RegExp) =>
    ['VALIDATION_COMPLETE', { approved: false, reason: expect.stringMatching(reason) }] as const;

  test('lets a claim go on only where it agrees with the label, sure enough', () => {
    given(aCycleAt('review'))
      .when(review({ truth: 'FAKE' }))
      .then(refused(/disagreement/));
    given(aCycleAt('review'))
      .when(review({ confidence: 0.74 }))
      .then(refused(/confidence/));
    given(aCycleAt('review'))
      .when(review({ confidence: 0.75 }))
      .then(['VALIDATION_COMPLETE', { approved: true }]);
  });
  test('may be that it cannot judge', () => {
    const none = (table: Table) =>
      ({
        type: 'recordVerdict',
        cycleId: cycleOf(table),
        verdict: null,
        confidenceMin: 0.75,
        origin,
      }) as const;
    given(aCycleAt('review'))
      .when(none)
      .then(refused(/cannot judge/));
  });
});

describe('a cycle that fails', () => {
  const late = (embedded: ReturnType<typeof newEmbeddedClaim> | null) => (table: Table) =>
    advance({ now: table.now + 60_000, embedded })(table);

  test('by taking too long gets a successor in its slot', () => {
    for (const stage of ['research', 'draft', 'review'] as const) {
      given(aCycleAt(stage))
        .when(late(null))
        .then(['START_ROUND', { slot: 1, attempt: 2 }]);
    }
    given(aCycleAt('research'))
      .when((table) => advance({ now: table.now + 59_999, embedded: null })(table))
      .thenNothing();
  });
  test('by a refusal gets a successor at once', () => {
    const refused = () => {
      const table = aCycleAt('review')();
      table.act(review({ truth: 'FAKE' })(table));
      return table;
    };
    given(refused)
      .when(advance({ embedded: null }))
      .then(['START_ROUND', { attempt: 2 }]);
  });
  test('for the third time is answered by the embedded provider', () => {
    const spent = () => {
      const table = aCycleAt('research')();
      for (let attempt = 2; attempt <= limits.cycleAttemptsMax; attempt++) {
        table.now += 60_000;
        table.act(advance({ embedded: null })(table));
      }
      table.now += 60_000;
      return table;
    };
    expect(needsOf(roomOf(spent()), outset(spent().now)).embedded).not.toBeNull();
    given(spent)
      .when(advance())
      .then('START_ROUND', 'RESEARCH_DONE', 'DRAFT_READY', ['VALIDATION_COMPLETE', { approved: true }]);
  });
  test('late work of the old cycle is stale', () => {
    const table = aCycleAt('research')();
    const old = research(table);
    table.now += 60_000;
    table.act(advance({ embedded: null })(table));
    given(() => table)
      .when(old)
      .thenStale();
  });
  test('gets no successor when enough others are in good health', () => {
    given(() => {
      const table = aStartedGame(['Ada'], { rounds: 1 })();
      table.act(advance()(table));
      return table;
    })
      .when((table) => advance({ now: table.now, embedded: null })(table))
      .thenNothing();
  });
});
