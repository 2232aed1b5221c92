// Past games and the boards over all rooms: any number of projectors publish a game, late, twice and out of
// order, and what stands is what its newest revision says.

import { ulid } from 'ulid';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { GameId, PlayerId, RoomCode } from '../../../core/ids.ts';
import { limits } from '../../../core/limits.ts';
import type { BoardStore, PastGame } from '../../../core/past-game.ts';
import { createBoardStore } from '../../../server/stores/boards.ts';
import { type Engine, startEngine } from '../../support/engine.ts';
import { startTestValkey, type TestValkey } from '../../support/valkey.ts';

let valkey: TestValkey;
let engine: Engine;
let boardStore: BoardStore;

beforeAll(async () => {
  valkey = await startTestValkey();
  engine = await startEngine(valkey.url);
  boardStore = createBoardStore(engine.commands, engine.keys);
});
beforeEach(() => engine.commands.flushdb());
afterAll(async () => {
  await engine.close();
  await valkey.stop();
});

const ids = new Map<string, PlayerId>();

/** A player's name is one player in all games of a test. */
function idOf(name: string): PlayerId {
  const id = ids.get(name) ?? PlayerId.parse(ulid());
  ids.set(name, id);
  return id;
}

/** A game that ended today, with scores by name. */
async function aGame(scores: Readonly<Record<string, number>>, change: Partial<PastGame> = {}) {
  const endedAt = await engine.log.now(null);
  const entries = Object.entries(scores).map(([name, score]) => {
    return { playerId: idOf(name), name, score, rank: 1, change: 0 };
  });
  const game: PastGame = {
    game: GameId.parse(ulid()),
    room: RoomCode.parse('AAAAAA'),
    trial: false,
    startedAt: endedAt - 1_000,
    endedAt,
    settings: { topic: null, difficulty: 'normal', rounds: 3, seconds: 15 },
    entries,
    playerCount: entries.length,
    rounds: [],
  };
  return { ...game, ...change };
}

type Changed = Readonly<Record<string, number>>;

/** The same game with other scores: points were taken back. */
async function changed(game: PastGame, scores: Changed): Promise<PastGame> {
  const { entries } = await aGame(scores);
  return { ...game, entries };
}

/** Both boards; they must agree while all games are of today. */
async function rows(): Promise<Changed> {
  const { today, allTime } = await boardStore.boards();
  expect(today).toEqual(allTime);
  return Object.fromEntries(allTime.map(({ name, score }) => [name, score]));
}

describe('a game that is published', () => {
  test('stands on both boards, best first, and can be read', async () => {
    const game = await aGame({ Ada: 500, Bo: 900 });
    await boardStore.publish(game, 7);
    expect(Object.entries(await rows())).toEqual([
      ['Bo', 900],
      ['Ada', 500],
    ]);
    expect(await boardStore.game(game.game)).toEqual(game);
    expect(await boardStore.game(GameId.parse(ulid()))).toBeNull();
  });

  test('by a projector that is late is not taken back to an older revision', async () => {
    const old = await aGame({ Ada: 900 });
    const taken = await changed(old, { Ada: 400 });
    await boardStore.publish(taken, 9);
    await boardStore.publish(old, 7);
    expect(await rows()).toEqual({ Ada: 400 });
    expect(await boardStore.game(old.game)).toEqual(taken);
  });

  test('twice at one revision stands as it stood', async () => {
    const game = await aGame({ Ada: 900 });
    await boardStore.publish(game, 7);
    await boardStore.publish(await changed(game, { Ada: 1 }), 7);
    expect(await rows()).toEqual({ Ada: 900 });
  });

  test('in any order by many at once ends at its newest revision', async () => {
    const game = await aGame({ Ada: 0 });
    const revisions = [3, 9, 1, 8, 2, 7, 4, 6, 5];
    const all = await Promise.all(
      revisions.map(async (rev) => [await changed(game, { Ada: rev }), rev] as const),
    );
    await Promise.all(all.map(([one, rev]) => boardStore.publish(one, rev)));
    expect(await rows()).toEqual({ Ada: 9 });
  });

  test('anew replaces what it left, also the places of players who are no longer among its first', async () => {
    const game = await aGame({ Ada: 900, Bo: 500 });
    await boardStore.publish(await aGame({ Cy: 700 }), 7);
    await boardStore.publish(game, 7);
    await boardStore.publish(await changed(game, { Bo: 500, Dee: 300 }), 9);
    expect(await rows()).toEqual({ Cy: 700, Bo: 500, Dee: 300 });
    expect(await engine.commands.hlen(engine.keys.boards.rows)).toBe(3);
  });

  test('that cannot be read any more is as good as forgotten', async () => {
    const game = await aGame({ Ada: 900 });
    await engine.commands.set(
      engine.keys.boards.history(game.game),
      JSON.stringify({ ...game, rounds: 'many' }),
    );
    expect(await boardStore.game(game.game)).toBeNull();
  });

  test('to try things out is kept, and stands on no board', async () => {
    const game = await aGame({ Ada: 900 }, { trial: true });
    await boardStore.publish(game, 7);
    expect(await rows()).toEqual({});
    expect(await boardStore.game(game.game)).toEqual(game);
  });
});

test('a board keeps its best rows, and nothing of those that fell off', async () => {
  const { boardRowsKept, boardRowsShown } = limits;
  for (let from = 0; from < boardRowsKept + 10; from += 10) {
    const scores = Array.from({ length: 10 }, (_, index) => [`Player ${from + index}`, from + index + 1]);
    await boardStore.publish(await aGame(Object.fromEntries(scores)), 7);
  }
  const best = boardRowsKept + 10;
  const { allTime } = await boardStore.boards();
  expect(allTime.map(({ score }) => score)).toEqual(
    Array.from({ length: boardRowsShown }, (_, index) => best - index),
  );
  const { allTime: board, rows: texts } = engine.keys.boards;
  expect(await engine.commands.zcard(board)).toBe(boardRowsKept);
  expect(await engine.commands.zscore(board, (await engine.commands.zrange(board, 0, 0))[0] ?? '')).toBe(
    '11',
  );
  expect(await engine.commands.hlen(texts)).toBe(boardRowsKept);
});

describe('of past games', () => {
  const few = () => createBoardStore(engine.commands, engine.keys, 3);
  const isKept = async ({ game }: PastGame) => (await boardStore.game(game)) !== null;

  test('the newest are kept, and of one that is forgotten nothing stays', async () => {
    const games = [];
    for (let n = 0; n < 6; n++) {
      const game = await aGame({}, { game: GameId.parse(ulid(1_000 + n)) });
      games.push(game);
      await few().publish(game, 7);
    }
    expect(await Promise.all(games.map(isKept))).toEqual([false, false, false, true, true, true]);
    const { revisions, games: order } = engine.keys.boards;
    expect(await engine.commands.hlen(revisions)).toBe(3);
    expect(await engine.commands.zcard(order)).toBe(3);
    // A projector that comes to it again, since its room is still there, forgets it at once.
    await few().publish(games[0] ?? (await aGame({})), 8);
    expect(await Promise.all(games.map(isKept))).toEqual([false, false, false, true, true, true]);
  });

  test('one that stands on a board is not forgotten', async () => {
    const best = await aGame({ Ada: 900 }, { game: GameId.parse(ulid(1)) });
    await few().publish(best, 7);
    for (let n = 0; n < 5; n++) await few().publish(await aGame({}), 7);
    expect(await isKept(best)).toBe(true);
    expect(await engine.commands.hlen(engine.keys.boards.revisions)).toBe(3);
  });

  test('those of older versions, which kept no order, are forgotten like the rest', async () => {
    const games = [];
    for (let n = 0; n < 6; n++) {
      games.push(await aGame({}, { game: GameId.parse(ulid(1_000 + n)) }));
      await boardStore.publish(games[n] ?? (await aGame({})), 7);
    }
    await engine.commands.del(engine.keys.boards.games);
    await few().publish(await aGame({}), 7);
    expect(await Promise.all(games.map(isKept))).toEqual([false, false, false, false, true, true]);
  });
});
