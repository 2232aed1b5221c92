// What an operator works with: one connection to the store, and the parts that stand on it.

import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { type Game, game } from '../../core/game.ts';
import type { RoomCode } from '../../core/ids.ts';
import { noteOperation } from '../../streams/admin.ts';
import {
  awayOr,
  type CommandHandler,
  type EventLog,
  Fault,
  openStore,
  type Valkey,
} from '../../streams/engine.ts';
import { CannotStart } from '../config/cannot-start.ts';
import type { Config } from '../config/config.ts';
import { firstOf, valkeyUrl } from '../config/valkey-url.ts';
import { diskTrouble } from '../setup/disk.ts';
import { createDocuments, type Documents } from '../stores/documents.ts';
import type { GameKeys } from '../stores/keys.ts';
import { type OpenedGame, openGame } from '../wiring/game-stream.ts';
import { troubleAt } from './store-trouble.ts';

const connectMsMax = 5_000;

export interface Operator {
  readonly by: string;
  readonly connection: Valkey;
  readonly keys: GameKeys;
  readonly log: EventLog<Game>;
  readonly rooms: CommandHandler<Game>;
  readonly documents: Documents;
}

/** An operator on a connection that somebody else opens and closes. `by`: who, in what is noted. */
export function operatorOn(
  { commands, keys, log, handler }: Pick<OpenedGame, 'commands' | 'keys' | 'log' | 'handler'>,
  by: string,
): Operator {
  return { by, connection: commands, keys, log, rooms: handler, documents: createDocuments(commands, keys) };
}

/** Notes what an operator has done to a room. */
export async function note(
  { by, connection, keys }: Pick<Operator, 'by' | 'connection' | 'keys'>,
  { verb, room, about }: { verb: string; room: RoomCode; about: string },
): Promise<void> {
  const { operations } = keys.of(room);
  await noteOperation(connection, { operations, idField: game.idField }, { verb, by, stream: room, about });
}

function whoAmI(): string {
  try {
    return `${userInfo().username}@${hostname()}`;
  } catch {
    // A user of a container has no name.
    return `${process.getuid?.() ?? '?'}@${hostname()}`;
  }
}

/**
 * Runs with a connection that is closed afterwards.
 * @throws CannotStart when the store does not answer; NoValkeyYet when there is none; Fault `unavailable`
 * when it goes away meanwhile; and what the work throws.
 */
export async function withOperator<T>(config: Config, work: (operator: Operator) => Promise<T>): Promise<T> {
  const url = await valkeyUrl(config);
  const signal = AbortSignal.timeout(connectMsMax);
  const silent = async (cause: unknown) => {
    if (cause instanceof Fault && !cause.retryable) throw cause;
    // Its note is still there; whoever set no address should not be told to correct one.
    if (config.valkey.url === null) {
      const disk = await diskTrouble(join(config.valkey.dataDir, 'data'));
      const why = disk === null ? 'npm start' : `${disk}. Free some space, then: npm start`;
      throw new CannotStart(`The Valkey of this folder is not running: ${why}`, { cause });
    }
    const trouble = await troubleAt(firstOf(url));
    throw new CannotStart(trouble?.said ?? 'Valkey does not answer.', { cause });
  };
  const store = await openStore(url, signal).catch(silent);
  const opened = openGame(store, { name: 'arena-operator' });
  try {
    await opened.ready(signal).catch(silent);
    return await work(operatorOn(opened, whoAmI()));
  } catch (error) {
    throw awayOr(error);
  } finally {
    opened.close();
    store.close();
  }
}
