// Every rule of the game: a command and a room give events or a rejection. Synchronous, without IO. An empty
// list of events means that there is nothing (or nothing more) to do. The key names the effect, never its
// cause.

import { advance, nextRound } from './advance.ts';
import { type Command, type CommandOf, requestKey } from './commands.ts';
import { type Decision, nothing, roomScope } from './decision.ts';
import { keys } from './effect-names.ts';
import { assertNever, reject } from './errors.ts';
import { joinPlayer, kickPlayer, leavePlayer } from './lobby.ts';
import { recordDraft, recordResearch, recordVerdict } from './preparing.ts';
import * as round from './round.ts';
import { changeSettings } from './settings.ts';
import type { Room, State } from './state.ts';

export function decide(command: Command, state: State): Decision {
  if (command.type === 'createRoom') return createRoom(command, state);
  if (state.phase === 'none') return reject('room_not_found');
  switch (command.type) {
    case 'changeSettings':
      return settings(command, state);
    case 'joinPlayer':
      return joinPlayer(command, state);
    case 'leavePlayer':
      return leavePlayer(command, state);
    case 'kickPlayer':
      return kickPlayer(command, state);
    case 'startGame':
      return startGame(command, state);
    case 'endGame':
      return round.endGame(command, state);
    case 'pauseGame':
      return round.pauseGame(command, state);
    case 'resumeGame':
      return round.resumeGame(state);
    case 'skipRound':
      return round.skipRound(command, state);
    case 'closeRound':
      return round.closeRound(command, state);
    case 'nextRound':
      return nextRound(command, state);
    case 'extendRound':
      return round.extendRound(command, state);
    case 'reportClaim':
      return round.reportClaim(command, state);
    case 'retractRound':
      return round.retractRound(command, state);
    case 'recordResearch':
      return recordResearch(command, state);
    case 'recordDraft':
      return recordDraft(command, state);
    case 'recordVerdict':
      return recordVerdict(command, state);
    case 'advance':
      return advance(command.world, state);
    default:
      return assertNever(command);
  }
}

function createRoom({ type: _type, ...data }: CommandOf<'createRoom'>, state: State): Decision {
  if (state.phase !== 'none') return reject('forbidden', 'this room exists');
  return { key: keys.create, events: [{ type: 'ROOM_CREATED', ...roomScope, data }] };
}

function settings(command: CommandOf<'changeSettings'>, room: Room): Decision {
  const next = changeSettings(room.settings, command.change);
  if (JSON.stringify(next) === JSON.stringify(room.settings)) return nothing;
  return {
    key: requestKey(command),
    events: [{ type: 'SETTINGS_CHANGED', ...roomScope, game: room.game, data: { settings: next } }],
  };
}

/** `after` names the game this one follows, so a request that is sent again never starts a second one. */
function startGame(command: CommandOf<'startGame'>, room: Room): Decision {
  if (room.phase !== 'lobby' && room.phase !== 'over') {
    return reject('forbidden', 'a game is running');
  }
  if (room.game !== command.after) return reject('forbidden', 'another game was played meanwhile');
  const scope = { ...roomScope, game: command.game, round: 0 };
  return {
    key: requestKey(command),
    events: [{ type: 'GAME_START', ...scope, data: { settings: room.settings } }],
  };
}
