// A room that its one player has left open, with one claim ready: what a room comes to by itself once
// somebody sat down.

import { ulid } from 'ulid';
import { expect } from 'vitest';
import type { EventType, RecordedEvent } from '../../core/events.ts';
import { PlayerId, RoomCode } from '../../core/ids.ts';
import { readAfter } from '../../streams/handle/follow.ts';
import { newTraceparent } from '../../streams/trace/traceparent.ts';
import type { Valkey } from '../../streams/valkey/connection.ts';
import { gameOn } from './game-on.ts';
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
  const { log: eventLog, handler } = gameOn(commands);
  const playerId = PlayerId.parse(ulid());
  const joins = { type: 'joinPlayer', playerId, name: 'Ada', nonceHash: playerId } as const;
  await handler.handle(room, () => joins, { by: 'server', traceparent: newTraceparent() });
  const log = () => readAfter(eventLog, room, 0);
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
