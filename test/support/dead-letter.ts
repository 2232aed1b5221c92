// A dead letter that stands there without anybody having failed.

import { RoomCode } from '../../core/ids.ts';
import { createGameKeys } from '../../server/stores/keys.ts';
import type { Valkey } from '../../streams/valkey/connection.ts';
import type { Keys } from '../../streams/valkey/keys.ts';

interface Planted {
  readonly room: string;
  readonly fingerprint: string;
  readonly message: string;
  /** How often it was put back before. */
  readonly requeues?: number;
  /** Those of one Valkey if none are given. */
  readonly keys?: Keys;
}

/** Of the writer, about an alarm that nobody has set: put back, it is done with at once. */
export async function plantLetter(commands: Valkey, planted: Planted): Promise<void> {
  const { room, fingerprint, message, requeues = 0, keys = createGameKeys() } = planted;
  const pointer = JSON.stringify({ kind: 'alarm', name: `look|${fingerprint}`, dueAt: 1 });
  const letter = {
    reason: 'exceptions',
    errorClass: 'Error',
    message,
    stack: `Error: ${message}\n    at write (writer.ts:1:1)`,
    fingerprint,
    group: 'writer',
    room,
    pointer,
    lastAt: String(Date.now()),
  };
  const { dead, attempts } = keys.of(RoomCode.parse(room));
  await commands.xadd(dead, '*', ...Object.entries(letter).flat());
  await commands.hset(attempts, `requeued:writer:${room}:${pointer}`, requeues);
}
