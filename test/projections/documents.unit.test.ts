// The documents of a room as they stand after each event of two whole games: what players receive holds no
// field but those that are allowed, and a new game begins with nothing of the one before.

import { describe, expect, test } from 'vitest';
import type { Game } from '../../core/game.ts';
import {
  createProjector,
  type DocumentSink,
  documentsOf,
  type Projected,
  project,
  unprojected,
} from '../../projections/projector.ts';
import { engineLimits } from '../../streams/parts.ts';
import { documentFields, strayFields, verdictsTooEarly } from '../support/fields-allowed.ts';
import { advance, aGameId, gameOf, roomOf } from '../support/histories.ts';
import { looking } from '../support/looking.ts';
import { answer, ask, finish, join, newTable, room, type Table } from '../support/played-game.ts';

/** A round that Ada gets right; everything that may move a question happens to it on the way. */
function playRound(table: Table, ada: ReturnType<typeof join>): void {
  const roundId = ask(table);
  answer(table, ada, 'FACT', 100);
  table.act({ type: 'pauseGame', reason: 'host', now: table.now });
  table.act({ type: 'resumeGame' });
  table.act({ type: 'extendRound', roundId, ms: 1_000, requestId: roundId });
  finish(table);
}

/** Two games of two rounds; the second round of each is skipped. */
function twoGames(): Table {
  const table = newTable({ rounds: 2 });
  const [ada] = [join(table, 'Ada'), join(table, 'Bo')];
  for (let games = 0; games < 2; games++) {
    table.act({ type: 'startGame', after: games === 0 ? null : gameOf(table), game: aGameId() });
    playRound(table, ada);
    table.act({ type: 'skipRound', roundId: ask(table), reason: 'host' });
    table.now += 2_000;
    table.act(advance()(table));
  }
  expect(roomOf(table).phase).toBe('over');
  return table;
}

/** After each event: what it was, the documents by name, and the rounds that have a result. */
function standing({ log }: Table) {
  let projected: Projected = unprojected;
  const revealed = new Set<string>();
  return log.map((event) => {
    projected = project(projected, [event]);
    if (event.type === 'ROUND_RESULT') revealed.add(String(event.roundId));
    // As they are stored.
    const documents = JSON.parse(JSON.stringify(Object.fromEntries(documentsOf(projected))));
    return { event, documents: documents as Record<string, object>, revealed: new Set(revealed) };
  });
}

const shapeOf = (name: string) => documentFields[name.split(`:${room}`)[0] ?? ''];
const isForPeople = (name: string) => !name.startsWith('agent:');

describe('documents', () => {
  const all = standing(twoGames());

  test('for players have no field but those that may be told, and no verdict before its result', () => {
    const wrong = all.flatMap(({ event, documents, revealed }) =>
      Object.entries(documents)
        .filter(([name]) => isForPeople(name))
        .flatMap(([name, value]) => [
          ...strayFields(value, shapeOf(name) ?? {}),
          ...verdictsTooEarly(value, revealed),
        ])
        .map((what) => `${what} after ${event.type}`),
    );
    expect([...new Set(wrong)]).toEqual([]);
    const kinds = new Set(
      all.flatMap(({ documents }) => Object.keys(documents).map((name) => name.split(`:${room}`)[0])),
    );
    const agents = ['agent:researcher:output', 'agent:writer:draft', 'agent:editor:review'];
    expect([...kinds].toSorted()).toEqual([...Object.keys(documentFields), ...agents].toSorted());
  });

  test('tell the verdict once there is a result', () => {
    const results = all.filter(({ event }) => event.type === 'ROUND_RESULT');
    expect(results).toHaveLength(2);
    for (const { documents } of results) {
      for (const name of [`game:state:${room}`, `game:round:${room}:1`])
        expect(documents[name]).toMatchObject({ result: { truth: 'FACT' } });
    }
  });

  test('of a new game have no rows and no rounds of the one before', () => {
    const starts = all.filter(({ event }) => event.type === 'GAME_START');
    expect(starts).toHaveLength(2);
    for (const { event, documents } of starts) {
      const { game } = event;
      expect(documents[`game:leaderboard:${room}`]).toMatchObject({ game, entries: [], playerCount: 0 });
      expect(Object.keys(documents).filter((name) => name.startsWith('game:round:'))).toEqual([]);
    }
    // There was something to forget: eleven seconds long, answered within half of the first.
    const over = all.find(({ event }) => event.type === 'GAME_OVER');
    expect(over?.documents[`game:leaderboard:${room}`]).toMatchObject({
      entries: [{ score: 977 }, { score: 0 }],
    });
  });

  test('say how each round ended', () => {
    const last = all.at(-1)?.documents ?? {};
    expect(last[`game:round:${room}:1`]).toMatchObject({ status: 'complete', round: 1 });
    expect(last[`game:round:${room}:2`]).toMatchObject({ status: 'skipped', result: null });
  });
});

test('documents of a new room under an old code are its own, however far the old one had come', async () => {
  const short = newTable();
  const tables = { now: twoGames() };
  const log = looking<Game>({
    head: async () => {
      const { state, rev } = tables.now.folded();
      return state.phase === 'none' ? null : { rev, epoch: state.epoch };
    },
    read: async (_room: unknown, after: number, max = engineLimits.readPageEntries) =>
      tables.now.log.filter(({ rev }) => rev > after).slice(0, max),
  });
  const batches: Parameters<DocumentSink['put']>[0][] = [];
  const sink: DocumentSink = {
    put: async (batch) => batches.push(batch),
  };
  const beside = { keepMemory: async () => undefined, boardStore: { publish: async () => undefined } };
  const bring = createProjector(log, sink, beside);
  for (const table of [tables.now, short]) {
    tables.now = table;
    await bring(room);
    const state = roomOf(table);
    expect(batches.at(-1)).toMatchObject({ epoch: state.epoch, rev: table.folded().turn });
    expect(batches.at(-1)?.documents).toEqual(documentsOf(project(unprojected, table.log)));
  }
  expect(batches).toHaveLength(2);
});
