// Past games and the boards of all rooms on Valkey: `game:history:<game>`, `game:boards` and a board per day.

import { limits } from '../../core/limits.ts';
import { BoardRow, type BoardStore, PastGame } from '../../core/past-game.ts';
import { dayMs, dayOf, nowOf, orFault, type Valkey } from '../../streams/parts.ts';
import { callStore } from './functions.ts';
import type { GameKeys } from './keys.ts';

const Row = BoardRow.omit({ score: true });

/** `gamesMax`: how many past games are kept beside those that stand on a board. */
export function createBoardStore(
  connection: Valkey,
  keys: GameKeys,
  gamesMax: number = limits.pastGamesKept,
): BoardStore {
  const names = keys.boards;

  async function read(board: string): Promise<BoardRow[]> {
    const pairs = await connection.zrange(board, 0, limits.boardRowsShown - 1, 'REV', 'WITHSCORES');
    const members = pairs.filter((_, index) => index % 2 === 0);
    if (members.length === 0) return [];
    const rows = await connection.hmget(names.rows, ...members);
    return rows.flatMap((text, index) => {
      const row = Row.safeParse(JSON.parse(text ?? 'null'));
      return row.success ? [{ ...row.data, score: Number(pairs[2 * index + 1]) }] : [];
    });
  }

  return {
    async publish(past, rev) {
      const { game, endedAt, trial, settings } = past;
      const entries = trial ? [] : past.entries;
      const row = (name: string) => JSON.stringify({ name, rounds: settings.rounds, game, at: endedAt });
      const rows = entries.flatMap(({ playerId, name, score }) => [`${game}|${playerId}`, score, row(name)]);
      const targets = [
        names.history(game),
        names.revisions,
        names.rows,
        names.allTime,
        names.day(dayOf(endedAt)),
        names.day(dayOf(await nowOf(connection))),
        names.games,
      ];
      const kept = [limits.boardRowsKept, 3 * dayMs, gamesMax, names.history('')];
      await callStore(connection, 'publish', targets, [game, rev, JSON.stringify(past), ...kept, ...rows]);
    },
    async game(game) {
      const text = await orFault(() => connection.get(names.history(game)));
      // What cannot be read is as good as forgotten.
      return PastGame.safeParse(JSON.parse(text ?? 'null')).data ?? null;
    },
    boards: () =>
      orFault(async () => {
        const today = names.day(dayOf(await nowOf(connection)));
        return { today: await read(today), allTime: await read(names.allTime) };
      }),
  };
}
