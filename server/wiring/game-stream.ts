// The game as a stream of the engine: its definition, its codec, and opening it on a store.

import { type Game, game } from '../../core/game.ts';
import { createCodec } from '../../streams/admin.ts';
import type { Store } from '../../streams/engine.ts';
import { defineStreamAs, type OpenedStream, openStream } from '../../streams/parts.ts';
import { createGameKeys, type GameKeys } from '../stores/keys.ts';

export const gameStream = defineStreamAs<Game>(game);

/** Reads entries of a room's log as they are stored. */
export const gameCodec = createCodec(gameStream);

/** The game on a connection of its own. */
export interface OpenedGame extends OpenedStream<Game> {
  readonly keys: GameKeys;
}

export function openGame(store: Store, options: Parameters<typeof openStream<Game>>[2]): OpenedGame {
  return { ...openStream(store, gameStream, options), keys: createGameKeys(store) };
}
