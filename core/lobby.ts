// Who belongs to a room: joining, leaving, being sent away.

import { type CommandOf, requestKey } from './commands.ts';
import { type Decision, gameScope, nothing } from './decision.ts';
import { keys } from './effect-names.ts';
import { type Rejection, reject } from './errors.ts';
import { limits } from './limits.ts';
import { type NameProblem, nameProblems, parseName } from './names.ts';
import type { Room } from './state.ts';

export function joinPlayer(command: CommandOf<'joinPlayer'>, room: Room): Decision {
  const parsed = parseName(command.name);
  if ('problem' in parsed) return nameInvalid(parsed.problem);
  const { nameKey } = parsed;
  const { exact, folded, reserved } = command.looks ?? {
    exact: parsed.name,
    folded: nameKey,
    reserved: false,
  };
  if (reserved) return nameInvalid('reserved');
  // A look may be longer than any name that is kept.
  if (Math.max(exact.length, folded.length) > limits.looksCharsMax) return nameInvalid('length');
  const looks = { exact, folded };
  if ([nameKey, exact, folded].some((key) => room.banned.has(key))) return reject('forbidden', 'banned');
  if (room.settings.locked) return reject('room_locked');
  // A player who has left still stands on the board until the next game, and in the result of each round.
  const { players } = room;
  if (players.onBoardCount >= limits.playersMax) return reject('room_full');
  if (players.isTaken(nameKey)) return reject('name_taken');
  if (players.isAlike(looks)) {
    return { ...reject('name_taken', 'it looks like a name that is taken'), reason: 'alike' };
  }
  const { playerId } = command;
  return {
    key: requestKey(command),
    note: playerId,
    events: [{ type: 'PLAYER_JOINED', ...gameScope(room), data: { playerId, ...parsed, looks } }],
  };
}

const nameInvalid = (reason: NameProblem): Rejection => ({
  ...reject('name_invalid', nameProblems[reason]),
  reason,
});

export function leavePlayer({ playerId }: CommandOf<'leavePlayer'>, room: Room): Decision {
  const player = room.players.get(playerId);
  if (player === undefined || player.gone !== null) return nothing;
  const data = { playerId, name: player.name };
  return { key: keys.leave(playerId), events: [{ type: 'PLAYER_LEFT', ...gameScope(room), data }] };
}

export function kickPlayer(command: CommandOf<'kickPlayer'>, room: Room): Decision {
  const { playerId, ban } = command;
  const player = room.players.get(playerId);
  if (player === undefined) return reject('invalid_payload', 'playerId: nobody here has this id');
  // One who was removed may come back under the name until the host bans it, too.
  if (player.gone === 'kicked' && (!ban || room.banned.has(player.nameKey))) return nothing;
  const data = { playerId, name: player.name, banned: ban };
  return { key: requestKey(command), events: [{ type: 'PLAYER_KICKED', ...gameScope(room), data }] };
}
