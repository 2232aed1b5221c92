// What a room waits for, and who should do it: its phase, its timers, the feed entries about it that nobody
// has acknowledged, and its dead letters.

import { z } from 'zod';
import type { RoomCode } from '../../core/ids.ts';
import { Fault } from '../../core/ports.ts';
import type { Room } from '../../core/state.ts';
import { groups } from '../../streams/keys.ts';
import { readLetters } from './dead-letters.ts';
import type { Operator } from './operator.ts';

export interface Why {
  readonly phase: string;
  /** Names and moments (ms) of what is set to happen. */
  readonly timers: readonly { readonly name: string; readonly dueAt: number }[];
  /** Entries that a group was given and has not finished. */
  readonly pending: readonly {
    readonly group: string;
    readonly entry: string;
    readonly consumer: string;
    readonly idleMs: number;
  }[];
  readonly deadLetters: readonly { readonly id: string; readonly group: string; readonly message: string }[];
  readonly lines: readonly string[];
}

const Pending = z.array(z.tuple([z.string(), z.string(), z.number(), z.number()]));
const pendingLookedAt = 1_000;

/** @throws Fault `room_unknown`. */
export async function whyWaiting({ connection, keys, log, rooms }: Operator, room: RoomCode): Promise<Why> {
  const { state } = await rooms.load(room);
  if (state.phase === 'none')
    throw new Fault('room_unknown', `there is no room ${room}`, { retryable: false });
  const of = keys.of(room);
  const now = await log.now();
  const due = await connection.zrange(of.timers, 0, -1, 'WITHSCORES');
  const timers = due.flatMap((member, index) => {
    const [owner, ...name] = member.split('|');
    return index % 2 === 0 && owner === room ? [{ name: name.join('|'), dueAt: Number(due[index + 1]) }] : [];
  });
  const pending = (
    await Promise.all(
      groups.map(async (group) => {
        const raw = await connection.xpending(of.feed, group, '-', '+', pendingLookedAt).catch(() => []);
        const entries = Pending.parse(raw);
        const ours = await Promise.all(entries.map(([id]) => isAbout(connection, of.feed, id, room)));
        return entries
          .filter((_, index) => ours[index])
          .map(([entry, consumer, idleMs]) => ({ group, entry, consumer, idleMs }));
      }),
    )
  ).flat();
  const letters = (await readLetters({ connection, keys })).filter((letter) => letter.room === room);
  const deadLetters = letters.map(({ id, group, message }) => ({ id, group, message }));
  const lines = [
    phaseLine(state, now),
    ...timers.map(
      ({ name, dueAt }) =>
        `timer ${name}: ${dueAt <= now ? `${now - dueAt} ms late` : `in ${dueAt - now} ms`}`,
    ),
    ...pending.map(
      ({ group, entry, consumer, idleMs }) =>
        `${group} has ${entry}, held by ${consumer}, silent for ${idleMs} ms`,
    ),
    ...deadLetters.map(({ id, group, message }) => `dead letter ${id} of ${group}: ${message}`),
    ...state.preparing.map(
      ({ slot, attempt, work }) =>
        `claim ${slot}, try ${attempt}: ${work.stage}${work.stage === 'rejected' ? ` (${work.reason})` : ''}`,
    ),
  ];
  return { phase: state.phase, timers, pending, deadLetters, lines };
}

async function isAbout(
  connection: Operator['connection'],
  feed: string,
  id: string,
  room: RoomCode,
): Promise<boolean> {
  const [entry] = await connection.xrange(feed, id, id);
  const fields = entry?.[1] ?? [];
  return fields[fields.indexOf('room') + 1] === room;
}

function phaseLine(room: Room, now: number): string {
  switch (room.phase) {
    case 'lobby':
      return 'The room waits in the lobby for its host to start.';
    case 'waiting':
      if (room.nextAt === null) return 'The host decides when to go on.';
      return room.nextAt > now
        ? `The next question is due in ${room.nextAt - now} ms.`
        : `The next question is ${now - room.nextAt} ms late.`;
    case 'question':
      return `A question is open until ${room.question.closesAt - now} ms from now, or until everybody has answered.`;
    case 'closed':
      return 'A round is closed and waits for its result.';
    case 'paused':
      return `The game is paused (${room.reason}).`;
    case 'over':
      return 'The game is over.';
  }
}
