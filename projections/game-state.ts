// `game:state:<room>`: what all may see of a room, as the join reply has it.

import type { RecordedEvent } from '../core/events.ts';
import { stateView } from '../core/player-view.ts';
import type { Projection } from './projection.ts';

export const gameState: Projection<RecordedEvent<'ROUND_RESULT'> | null> = {
  initial: null,
  evolve: (result, event) => (event.type === 'ROUND_RESULT' ? event : result),
  documents: (result, room) => new Map([[`game:state:${room.room}`, stateView(room, result)]]),
};
