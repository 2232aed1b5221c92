// What an operator works with: one connection to the store, and the parts that stand on it.

import { hostname, userInfo } from 'node:os';
import type { RoomCode } from '../../core/ids.ts';
import { connect, untilReady, type Valkey } from '../../streams/connection.ts';
import { createDocuments } from '../../streams/documents.ts';
import { createEventLog } from '../../streams/event-log.ts';
import { createKeys } from '../../streams/keys.ts';
import { noteOperation, type Operation } from '../../streams/operations.ts';
import { createRooms } from '../../streams/rooms.ts';
import { CannotStart } from '../cli/explain.ts';
import type { Config } from '../config.ts';
import { valkeyUrl } from '../valkey-url.ts';

const connectMsMax = 5_000;

export type Operator = ReturnType<typeof operatorOn>;

/** An operator on a connection that somebody else opens and closes. `by`: who, in what is noted. */
export function operatorOn(connection: Valkey, by: string) {
  const keys = createKeys();
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
 * @throws CannotStart when the store does not answer; NoValkeyYet when there is none.
 */
export async function withOperator<T>(config: Config, work: (operator: Operator) => Promise<T>): Promise<T> {
  const connection = connect(await valkeyUrl(config), 'arena-operator');
  try {
    await untilReady(connection, AbortSignal.timeout(connectMsMax)).catch((cause: unknown) => {
      throw new CannotStart('Valkey does not answer.', { cause });
    });
    return await work(operatorOn(connection, whoAmI()));
  } finally {
    connection.disconnect();
  }
}
