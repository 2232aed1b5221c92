import { describe, expect, test } from 'vitest';
import { createHashedEmbedder } from '../../agents/memory/hashed-embedder.ts';
import { limits } from '../../core/limits.ts';
import { createMemoryKeeper } from '../../projections/memory-keeper.ts';
import { evolvePlayed, nothingPlayed } from '../../projections/played.ts';
import { anOpenQuestion, aRoundId, playerOf, questionOf } from '../support/histories.ts';
import { memoryInAMap, retractionsInASet } from '../support/memory.ts';
import { answer, ask, finish, room, type Table } from '../support/played-game.ts';

const embedder = createHashedEmbedder();
const { signal } = new AbortController();
const playedAt = (table: Table) => table.log.reduce(evolvePlayed, nothingPlayed);

/** One round that Ada got right and Bo did not. */
function oneRound(): Table {
  const table = anOpenQuestion(['Ada', 'Bo'], { rounds: 5 })();
  answer(table, playerOf(table, 'Ada'), 'FACT', 100);
  answer(table, playerOf(table, 'Bo'), 'FAKE', 100);
  finish(table);
  return table;
}

function keeping(embed = embedder.embed) {
  const memory = memoryInAMap();
  const retracted = new Set<string>();
  const waiting: unknown[] = [];
  const deps = { memory, retractions: retractionsInASet(retracted), embedder: { ...embedder, embed } };
  const onWaiting = (_room: unknown, error: unknown) => waiting.push(error);
  const remembered = async () => {
    const [embedding] = await embedder.embed(['anything'], signal);
    if (embedding === undefined) throw new Error('no vector');
    return memory.nearest({ embedding, room, count: 100 });
  };
  let now = 0;
  const clock = () => now;
  const rest = () => {
    now += limits.breakerRestMs;
  };
  return {
    rest,
    keep: createMemoryKeeper({ ...deps, onWaiting, clock }),
    deps: { ...deps, clock },
    onWaiting,
    remembered,
    retracted,
    waiting,
  };
}

describe('what a room has played', () => {
  test('is remembered with the share of right answers, once, by any number of keepers', async () => {
    const { keep, deps, onWaiting, remembered } = keeping();
    const table = oneRound();
    await keep(room, 'one', playedAt(table));
    await keep(room, 'one', playedAt(table));
    await createMemoryKeeper({ ...deps, onWaiting })(room, 'one', playedAt(table));
    expect(await remembered()).toMatchObject([{ accuracy: 0.5, truth: 'FACT', room }]);
  });

  test('to try things out is remembered, but says nothing of how hard a question is', async () => {
    const { keep, remembered } = keeping();
    const log = oneRound().log.map((event) =>
      event.type === 'ROOM_CREATED' ? { ...event, data: { ...event.data, trial: true } } : event,
    );
    await keep(room, 'one', log.reduce(evolvePlayed, nothingPlayed));
    expect(await remembered()).toMatchObject([{ accuracy: null, truth: 'FACT', room }]);
  });

  test('is not embedded again by a keeper that comes later', async () => {
    const texts: string[] = [];
    const counting: typeof embedder.embed = (some, until) => {
      texts.push(...some);
      return embedder.embed(some, until);
    };
    const { keep, deps, onWaiting } = keeping(counting);
    const table = oneRound();
    await keep(room, 'one', playedAt(table));
    await createMemoryKeeper({ ...deps, onWaiting })(room, 'one', playedAt(table));
    expect(texts).toHaveLength(1);
  });

  test('is nothing while a question is open', async () => {
    const { keep, remembered } = keeping();
    await keep(room, 'one', playedAt(anOpenQuestion()()));
    expect(await remembered()).toEqual([]);
  });

  test('waits for the embedder and goes with the next round', async () => {
    let broken = true;
    const { keep, remembered, waiting, rest } = keeping((texts, until) =>
      broken ? Promise.reject(new Error('down')) : embedder.embed(texts, until),
    );
    const table = oneRound();
    await keep(room, 'one', playedAt(table));
    expect([await remembered(), waiting]).toMatchObject([[], [new Error('down')]]);
    broken = false;
    rest();
    ask(table);
    finish(table);
    await keep(room, 'one', playedAt(table));
    expect(await remembered()).toHaveLength(2);
  });

  test('goes in small steps when there is much of it', async () => {
    const sizes: number[] = [];
    const { keep, remembered } = keeping((texts, until) => {
      sizes.push(texts.length);
      return embedder.embed(texts, until);
    });
    const [only] = playedAt(oneRound()).questions;
    if (only === undefined) throw new Error('nothing was played');
    const many = Array.from({ length: limits.embedTextsMax + 3 }, (_, i) => ({
      rev: i + 1,
      played: { ...only.played, roundId: aRoundId() },
    }));
    await keep(room, 'one', { ...nothingPlayed, questions: many });
    expect(sizes).toEqual([limits.embedTextsMax, 3]);
    expect(await remembered()).toHaveLength(many.length);
  });

  test('begins anew when the room does', async () => {
    const { keep, remembered } = keeping();
    await keep(room, 'one', playedAt(oneRound()));
    await keep(room, 'two', playedAt(oneRound()));
    expect(await remembered()).toHaveLength(2);
  });
});

test('a retracted fact is told at once, embedder or not', async () => {
  const { keep, retracted } = keeping(() => Promise.reject(new Error('down')));
  const table = oneRound();
  const result = table.log.find((event) => event.type === 'ROUND_RESULT');
  if (!result?.roundId || !result.game) throw new Error('no result');
  const { roundId, game } = result;
  const played = { game, round: 1, factKey: 'fact:1', points: [] };
  table.act({ type: 'retractRound', roundId, reason: 'wrong', played });
  await keep(room, 'one', playedAt(table));
  expect(retracted).toEqual(new Set(['fact:1']));
});

test('a question still open when its room is folded is known', () => {
  const table = anOpenQuestion()();
  expect(playedAt(table).asked?.roundId).toBe(questionOf(table).roundId);
});
