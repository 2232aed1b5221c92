// What an operator works with: one connection to the store, and the parts that stand on it.

import { connect, untilReady, type Valkey } from '../../streams/connection.ts';
import { createDocuments } from '../../streams/documents.ts';
import { createEventLog } from '../../streams/event-log.ts';
import { createKeys } from '../../streams/keys.ts';
import { createRooms } from '../../streams/rooms.ts';
import { CannotStart } from '../cli/explain.ts';
import type { Config } from '../config.ts';
import { valkeyUrl } from '../valkey-url.ts';

const connectMsMax = 5_000;

export type Operator = ReturnType<typeof operatorOn>;

/** An operator on a connection that somebody else opens and closes. */
export function operatorOn(connection: Valkey) {
  const keys = createKeys();
  const log = createEventLog(connection, keys);
  return { connection, keys, log, rooms: createRooms(log), documents: createDocuments(connection, keys) };
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
    return await work(operatorOn(connection));
  } finally {
    connection.disconnect();
  }
}
