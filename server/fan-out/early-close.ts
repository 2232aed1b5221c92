// A round closes as soon as everybody who may answer and is connected has answered. Whoever sees the last
// answer asks for it; the commit closes once, however many ask.

import { everyoneAnswered } from '../../core/advance.ts';
import type { PlayerId, RoomCode } from '../../core/ids.ts';
import type { Rooms } from '../../core/ports.ts';
import type { Room } from '../../core/state.ts';
import { newTraceparent } from '../../streams/trace.ts';

export interface EarlyClose {
  readonly room: RoomCode;
  readonly rooms: Rooms;
  /** Players connected to this process. */
  readonly local: ReadonlySet<PlayerId>;
  /** Players connected anywhere; asked only when everybody here has answered. */
  readonly connected: () => Promise<ReadonlySet<PlayerId>>;
}

/** Closes the open question if nobody is waited for any more. Throws Fault. May run twice. */
export async function closeIfAllAnswered(
  state: Room | null,
  answered: ReadonlySet<PlayerId>,
  { room, rooms, local, connected }: EarlyClose,
): Promise<void> {
  if (state?.phase !== 'question') return;
  if (!everyoneAnswered(state, answered, local)) return;
  if (!everyoneAnswered(state, answered, await connected())) return;
  const { roundId } = state.question;
  const command = { type: 'closeRound', roundId, reason: 'all_answered' } as const;
  await rooms.handle(room, () => command, { by: 'server', traceparent: newTraceparent() });
}
