// Who belongs to a room: joining, leaving, being sent away.

import { type CommandOf, requestKey } from './commands.ts';
import { type Decision, gameScope, nothing } from './decision.ts';
import { keys } from './effect-names.ts';
import { reject } from './errors.ts';
import { limits } from './limits.ts';
import { parseName } from './names.ts';
import { onBoard } from './scoring.ts';
import { membersOf, type Room } from './state.ts';

export function joinPlayer(command: CommandOf<'joinPlayer'>, room: Room): Decision {
  const parsed = parseName(command.name);
  if (parsed === null) return reject('name_invalid');
  if (room.banned.has(parsed.nameKey)) return reject('forbidden', 'banned');
  if (room.settings.locked) return reject('room_locked');
  // Whoever has left still stands on the board until the next game, and in the result of each round.
  if (onBoard(room).length >= limits.playersMax) return reject('room_full');
  if (membersOf(room).some((player) => player.nameKey === parsed.nameKey)) return reject('name_taken');
  const { playerId } = command;
  return {
    key: requestKey(command),
    note: playerId,
    events: [{ type: 'PLAYER_JOINED', ...gameScope(room), data: { playerId, ...parsed } }],
  };
}

export function leavePlayer({ playerId }: CommandOf<'leavePlayer'>, room: Room): Decision {
  const player = room.players.get(playerId);
  if (player === undefined || player.gone !== null) return nothing;
  const data = { playerId, name: player.name };
  return { key: keys.leave(playerId), events: [{ type: 'PLAYER_LEFT', ...gameScope(room), data }] };
}

export function kickPlayer({ playerId, ban }: CommandOf<'kickPlayer'>, room: Room): Decision {
  const player = room.players.get(playerId);
  if (player === undefined) return reject('invalid_payload', 'playerId: nobody here has this id');
  if (player.gone === 'kicked') return nothing;
  const data = { playerId, name: player.name, banned: ban };
  return { key: keys.kick(playerId), events: [{ type: 'PLAYER_KICKED', ...gameScope(room), data }] };
}
