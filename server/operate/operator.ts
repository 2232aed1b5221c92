// What an operator works with: one connection to the store, and the parts that stand on it.

import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import type { RoomCode } from '../../core/ids.ts';
import { Fault } from '../../core/ports.ts';
import { awayOr, untilReady, type Valkey } from '../../streams/connection.ts';
import { diskTrouble } from '../../streams/disk.ts';
import { createDocuments } from '../../streams/documents.ts';
import { createEventLog } from '../../streams/event-log.ts';
import type { Keys } from '../../streams/keys.ts';
import { noteOperation, type Operation } from '../../streams/operations.ts';
import { createRooms } from '../../streams/rooms.ts';
import { openStore } from '../../streams/store.ts';
import { CannotStart } from '../cannot-start.ts';
import type { Config } from '../config.ts';
import { firstOf, valkeyUrl } from '../valkey-url.ts';
import { troubleAt } from './store-trouble.ts';

const connectMsMax = 5_000;

export type Operator = ReturnType<typeof operatorOn>;

/** An operator on a connection that somebody else opens and closes. `by`: who, in what is noted. */
export function operatorOn(connection: Valkey, keys: Keys, by: string) {
  const log = createEventLog(connection, keys);
  const documents = createDocuments(connection, keys);
  return { by, connection, keys, log, rooms: createRooms(log), documents };
}

/** Notes what an operator has done to a room. */
export async function note(
  { by, connection, keys }: Pick<Operator, 'by' | 'connection' | 'keys'>,
  { verb, room, about }: { verb: Operation['verb']; room: RoomCode; about: string },
): Promise<void> {
  await noteOperation(connection, keys.of(room).operations, { verb, by, room, about });
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
  const connection = store.connect('arena-operator');
  try {
    await untilReady(connection, signal).catch(silent);
    return await work(operatorOn(connection, store.keys, whoAmI()));
  } catch (error) {
    throw awayOr(error);
  } finally {
    connection.disconnect();
    store.close();
  }
}
