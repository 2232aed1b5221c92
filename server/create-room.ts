// A new room: its code, its host's token, its first event.

import { randomBytes, randomInt } from 'node:crypto';
import { ulid } from 'ulid';
import { Epoch, RoomCode, roomCodeAlphabet } from '../core/ids.ts';
import { limits } from '../core/limits.ts';
import { Fault, type Rooms } from '../core/ports.ts';
import type { Pace, Settings } from '../core/settings.ts';
import type { Tracer } from '../core/telemetry.ts';
import { secretHash } from './live/join.ts';
import { requestContext } from './live/session.ts';

const triesMax = 20;

function newCode(): RoomCode {
  const letters = Array.from(
    { length: limits.roomCodeChars },
    () => roomCodeAlphabet[randomInt(roomCodeAlphabet.length)],
  );
  return RoomCode.parse(letters.join(''));
}

/** @throws Fault `unavailable`, or `no_free_code` when chance will not find one. */
export async function createRoom(
  { rooms, tracer }: { rooms: Rooms; tracer: Tracer },
  { settings, pace, trial }: { settings: Settings; pace: Pace; trial?: boolean },
): Promise<{ room: RoomCode; hostToken: string }> {
  const hostToken = randomBytes(16).toString('base64url');
  for (let tries = 0; tries < triesMax; tries++) {
    const room = newCode();
    const epoch = Epoch.parse(ulid());
    const command = { type: 'createRoom', epoch, settings, pace, ...(trial ? { trial } : {}) } as const;
    const context = requestContext(tracer, { [secretHash(hostToken)]: 'host' });
    const handled = await rooms.handle(room, () => command, context);
    if (handled.status === 'done') return { room, hostToken };
  }
  throw new Fault('no_free_code', `no free room code in ${triesMax} tries`, { retryable: true });
}
