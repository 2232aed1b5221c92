// What a room waits for, and who should do it: its phase, its timers, the feed entries about it that nobody
// has acknowledged with what they failed of, the claims in the making, its models and its dead letters.

import { groups } from '../../core/game.ts';
import type { RoomCode } from '../../core/ids.ts';
import type { Preparation, Room } from '../../core/state.ts';
import { type PendingEntry, pendingOf, timersOf } from '../../streams/admin.ts';
import { readAfter } from '../../streams/parts.ts';
import { readLetters } from './dead-letters.ts';
import { groupsOf, overall, silenceOf } from './groups.ts';
import {
  lastModelFailure,
  lastModelNotes,
  type ModelFailure,
  type ModelNotes,
  troubleLines,
} from './model-trouble.ts';
import { administered, type Operator } from './operator.ts';
import { roomUnknown } from './room-log.ts';

export interface Why {
  readonly phase: string;
  /** Of agents that nobody is at work for. */
  readonly silent: readonly string[];
  /** Names and moments (ms) of what is set to happen. */
  readonly timers: readonly { readonly name: string; readonly dueAt: number }[];
  /** Entries that a group was given and has not finished. */
  readonly pending: readonly PendingEntry[];
  readonly modelFailure: ModelFailure | null;
  readonly modelNotes: ModelNotes | null;
  readonly deadLetters: readonly { readonly id: string; readonly group: string; readonly message: string }[];
  readonly lines: readonly string[];
}

/** @throws Fault `room_unknown`. */
export async function whyWaiting(operator: Operator, room: RoomCode): Promise<Why> {
  const { log, rooms } = operator;
  const { state } = await rooms.load(room);
  if (state.phase === 'none') throw roomUnknown(room);
  const now = await log.now(room);
  const opened = administered(operator);
  const timers = (await timersOf(opened, room)).map(({ name, dueAt }) => ({ name, dueAt }));
  const pending = (await Promise.all(groups.map((group) => pendingOf(opened, room, { group })))).flat();
  const letters = (await readLetters(operator)).filter((letter) => letter.room === room);
  const deadLetters = letters.map(({ id, group, message }) => ({ id, group, message }));
  const silent = (await looksOf(operator)).flatMap((look) => silenceOf(look) ?? []);
  const events = await readAfter(log, room, 0);
  const [modelFailure, modelNotes] = [lastModelFailure(events), lastModelNotes(events)];
  const lines = [
    phaseLine(state, now),
    ...silent,
    ...timers.map(({ name, dueAt }) => `timer ${name}: ${moment(dueAt - now)}`),
    ...state.preparing.map(claimLine),
    ...pending.map(pendingLine),
    ...troubleLines(modelFailure, modelNotes),
    ...deadLetters.map(({ id, group, message }) => `dead letter ${id} of ${group}: ${message}`),
  ];
  return { phase: state.phase, silent, timers, pending, modelFailure, modelNotes, deadLetters, lines };
}

/** Every agent that a game needs, also one that has never run. */
async function looksOf(operator: Operator) {
  const looks = overall(await groupsOf(operator));
  return groups.map((group) => looks.find((look) => look.group === group) ?? { group, heardMs: null });
}

function moment(inMs: number): string {
  const seconds = (Math.abs(inMs) / 1_000).toFixed(1);
  return inMs > 0 ? `in ${seconds} s` : `${seconds} s late`;
}

const workers = { research: 'the researcher', draft: 'the writer', review: 'the editor' } as const;

function claimLine({ slot, attempt, work }: Preparation): string {
  const claim = `claim ${slot}, try ${attempt}`;
  if (work.stage === 'ready') return `${claim}: ready`;
  if (work.stage === 'rejected') return `${claim}: rejected (${work.reason})`;
  return `${claim}: waits for ${workers[work.stage]}`;
}

function pendingLine({
  group,
  entry,
  consumer,
  idleMs,
  starts,
  exceptions,
  lastError,
}: PendingEntry): string {
  const held = `${group} has ${entry}, held by ${consumer}, silent for ${idleMs} ms, started ${starts} times`;
  return exceptions === 0 ? held : `${held}, failed ${exceptions} times, last: ${lastError}`;
}

function phaseLine(room: Room, now: number): string {
  switch (room.phase) {
    case 'lobby':
      return 'The room waits in the lobby for its host to start.';
    case 'waiting':
      if (room.nextAt === null) return 'The host decides when to go on.';
      return `The next question is due: ${moment(room.nextAt - now)}.`;
    case 'question':
      return room.question.closesAt > now
        ? `A question is open: it closes ${moment(room.question.closesAt - now)}, or when everybody has answered.`
        : `A question is open whose close is ${moment(room.question.closesAt - now)}.`;
    case 'closed':
      return 'A round is closed and waits for its result.';
    case 'paused':
      return `The game is paused (${room.reason}).`;
    case 'over':
      return 'The game is over.';
  }
}
