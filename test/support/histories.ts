// Histories with names, for the tests of the rules. Each call gives a fresh one.

import { ulid } from 'ulid';
import type { World } from '../../core/commands.ts';
import { CycleId, GameId, PlayerId, RoundId } from '../../core/ids.ts';
import type { Settings } from '../../core/settings.ts';
import type { Question, Room } from '../../core/state.ts';
import { answer, ask, finish, join, newTable, type Table } from './played-game.ts';
import { newEmbeddedClaim, openWorld } from './world.ts';

export const aRoundId = () => RoundId.parse(ulid());
export const aCycleId = () => CycleId.parse(ulid());
export const aGameId = () => GameId.parse(ulid());
export const aPlayerId = () => PlayerId.parse(ulid());

export const aRoom =
  (settings: Partial<Settings> = {}) =>
  () =>
    newTable(settings);

export const aLobbyWith =
  (names: readonly string[], settings: Partial<Settings> = {}) =>
  (): Table => {
    const table = newTable(settings);
    for (const name of names) join(table, name);
    return table;
  };

export const aStartedGame =
  (names: readonly string[] = ['Ada', 'Bo'], settings: Partial<Settings> = {}) =>
  (): Table => {
    const table = aLobbyWith(names, settings)();
    table.act({ type: 'startGame', after: null, game: aGameId() });
    return table;
  };

/** The clock stands at the opening. */
export const anOpenQuestion =
  (names: readonly string[] = ['Ada', 'Bo'], settings: Partial<Settings> = {}) =>
  (): Table => {
    const table = aStartedGame(names, settings)();
    ask(table);
    table.now = questionOf(table).opensAt;
    return table;
  };

/** Ada answered FACT after two seconds; the round has just been closed. */
export const aClosedRound =
  (settings: Partial<Settings> = {}) =>
  (): Table => {
    const table = anOpenQuestion(['Ada', 'Bo'], settings)();
    answer(table, playerOf(table, 'Ada'), 'FACT', 2_000);
    table.now = questionOf(table).closesAt + 1;
    table.act({ type: 'advance', world: openWorld(table.now) });
    return table;
  };

/** After the first round, the next question due. */
export const anIntermission =
  (settings: Partial<Settings> = {}) =>
  (): Table => {
    const table = anOpenQuestion(['Ada', 'Bo'], settings)();
    answer(table, playerOf(table, 'Ada'), 'FACT', 2_000);
    finish(table);
    return table;
  };

export function roomOf(table: Table): Room {
  const { state } = table.folded();
  if (state.phase === 'none') throw new Error('no room');
  return state;
}

export function questionOf(table: Table): Question {
  const state = roomOf(table);
  if (state.phase === 'question' || state.phase === 'closed') return state.question;
  if (state.phase === 'paused' && state.was.phase === 'question') return state.was.question;
  throw new Error(`no question in ${state.phase}`);
}

export function playerOf(table: Table, name: string): PlayerId {
  const found = [...roomOf(table).players.values()].find((player) => player.name === name);
  if (found === undefined) throw new Error(`nobody is called ${name}`);
  return found.id;
}

export function gameOf(table: Table): GameId {
  const { game } = roomOf(table);
  if (game === null) throw new Error('no game');
  return game;
}

/** The world now, with this different. */
export const worldOf = (table: Table, change: Partial<World> = {}): World => ({
  ...openWorld(table.now, newEmbeddedClaim('FACT')),
  ...change,
});

/** The game master, with the world as it is. */
export const advance =
  (change: Partial<World> = {}) =>
  (table: Table) =>
    ({ type: 'advance', world: worldOf(table, change) }) as const;
