// A room with nobody in it and one claim ready: what a new room comes to by itself.

import { expect } from 'vitest';
import type { EventType, RecordedEvent } from '../../core/events.ts';
import { RoomCode } from '../../core/ids.ts';
import type { Valkey } from '../../streams/connection.ts';
import { createEventLog } from '../../streams/event-log.ts';
import { createKeys } from '../../streams/keys.ts';
import { readAfter } from '../../streams/task.ts';
import type { Serving } from './serving.ts';

export interface EmptyRoom {
  readonly room: RoomCode;
  log(): Promise<RecordedEvent[]>;
  /** The first event of a type. */
  first(type: EventType): RecordedEvent;
}

export async function createEmptyRoom(
  arena: Pick<Serving, 'makeRoom'>,
  commands: Valkey,
): Promise<EmptyRoom> {
  const room = RoomCode.parse((await arena.makeRoom({ rounds: 1 })).room);
  const log = () => readAfter(createEventLog(commands, createKeys()), room, 0);
  await expect
    .poll(async () => (await log()).some(({ type }) => type === 'VALIDATION_COMPLETE'), { timeout: 30_000 })
    .toBe(true);
  const events = await log();
  return {
    room,
    log,
    first(type) {
      const found = events.find((event) => event.type === type);
      if (found === undefined) throw new Error(`no ${type} in ${room}`);
      return found;
    },
  };
}
