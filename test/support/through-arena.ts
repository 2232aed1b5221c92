// A game played to its end in an arena of processes, by one player who never answers: every round lasts as
// long as it can.

import type { RecordedEvent } from '../../core/events.ts';
import type { Arena } from './arena.ts';
import { WireClient } from './wire-client.ts';

/** The whole log of a game of these settings. */
export async function playThrough(
  arena: Arena,
  settings: object,
  withinMs: number,
): Promise<RecordedEvent[]> {
  const { room, hostToken } = await arena.createRoom(settings);
  const host = new WireClient({ url: arena.ws, room, role: 'host', token: hostToken });
  const player = new WireClient({ url: arena.ws, room, name: 'Ada' });
  await host.connect();
  await player.connect();
  await host.request('start', { after: null });
  await player.until(() => player.frame('GAME_OVER') !== undefined, withinMs);
  host.close();
  player.close();
  return arena.log(room);
}

/** From each round's end to the next question, in ms. */
export function pauses(log: readonly RecordedEvent[]): number[] {
  return log
    .filter(({ type }) => type === 'NEW_QUESTION')
    .slice(1)
    .map(
      ({ at, rev }) =>
        at - (log.findLast((event) => event.type === 'ROUND_COMPLETE' && event.rev < rev)?.at ?? 0),
    );
}
