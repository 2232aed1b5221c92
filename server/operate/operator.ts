// What an operator works with: one connection to the store, and the parts that stand on it.

import { type Game, game } from '../../core/game.ts';
import type { RoomCode } from '../../core/ids.ts';
import { type Administered, noteOperation } from '../../streams/admin.ts';
import type { CommandHandler, EventLog, Valkey } from '../../streams/parts.ts';
import { createDocuments, type Documents } from '../stores/documents.ts';
import type { GameKeys } from '../stores/keys.ts';
import type { OpenedGame } from '../wiring/game-stream.ts';

export interface Operator {
  readonly by: string;
  readonly connection: Valkey;
  readonly keys: GameKeys;
  readonly log: EventLog<Game>;
  readonly rooms: CommandHandler<Game>;
  readonly documents: Documents;
}

/** An operator on a connection that the caller opens and closes. `by`: who, in what is recorded. */
export function operatorOn(
  { commands, keys, log, handler }: Pick<OpenedGame, 'commands' | 'keys' | 'log' | 'handler'>,
  by: string,
): Operator {
  return { by, connection: commands, keys, log, rooms: handler, documents: createDocuments(commands, keys) };
}

/** What the engine's functions for operators take. */
export const administered = ({
  connection: commands,
  keys,
}: Pick<Operator, 'connection' | 'keys'>): Administered => ({ commands, keys, definition: game });

/** Notes what an operator has done to a room. */
export async function note(
  { by, connection, keys }: Pick<Operator, 'by' | 'connection' | 'keys'>,
  { verb, room, about }: { verb: string; room: RoomCode; about: string },
): Promise<void> {
  const { operations } = keys.of(room);
  await noteOperation(connection, { operations, idField: game.idField }, { verb, by, stream: room, about });
}
