// Rooms written by hand, past the write path: commits for tests of a log, and what every log of the game does
// with answers.

import { ulid } from 'ulid';
import { expect, test } from 'vitest';
import { answerGuards } from '../../core/effects.ts';
import type { Envelope } from '../../core/events.ts';
import type { Game } from '../../core/game.ts';
import { Epoch, PlayerId, RoomCode, RoundId } from '../../core/ids.ts';
import { defaultSettings } from '../../core/settings.ts';
import type { CommitRequest, EventLog } from '../../streams/contract/event-log.ts';
import { pace } from './engine.ts';

const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const newRoom = () =>
  RoomCode.parse(
    Array.from({ length: 6 }, () => letters[Math.floor(Math.random() * letters.length)]).join(''),
  );

type Body = Pick<Envelope, 'type' | 'data'>;

function envelope(room: RoomCode, body: Body, key: string | null = null): Envelope {
  const scope = { game: null, round: null, cycleId: null, roundId: null };
  const stamp = {
    id: ulid(),
    v: 1,
    room,
    by: 'server',
    causationId: null,
    key,
    traceparent,
  } as const;
  return { ...body, ...scope, ...stamp } as Envelope;
}

const created = (epoch = Epoch.parse(ulid())): Body => ({
  type: 'ROOM_CREATED',
  data: { epoch, settings: defaultSettings, pace },
});
export const changed = (rounds: number): Body => ({
  type: 'SETTINGS_CHANGED',
  data: { settings: { ...defaultSettings, rounds } },
});
export const answered = (playerId = PlayerId.parse(ulid())): Body => ({
  type: 'ANSWER_SUBMITTED',
  data: { playerId, answer: 'FACT' },
});

export function request(
  room: RoomCode,
  bodies: readonly Body[],
  rest: Partial<CommitRequest<Game>> = {},
): CommitRequest<Game> {
  const key = rest.key ?? null;
  const events = bodies.map((body) => envelope(room, body, key));
  return { stream: room, key, expect: { turn: 1 }, events, effects: { meta: [], timers: [] }, ...rest };
}

/** A room with its first event. */
export async function createIn(log: EventLog<Game>): Promise<RoomCode> {
  const room = newRoom();
  const epoch = Epoch.parse(ulid());
  const effects = { meta: [{ set: 'epoch', value: epoch }], timers: [] };
  const outcome = await log.commit(
    request(room, [created(epoch)], { expect: 'new', key: 'create', effects }),
  );
  expect(outcome).toMatchObject({ status: 'ok', rev: 1 });
  return room;
}

export function testAnswerGuards(name: string, open: () => EventLog<Game>): void {
  test(`${name} lets an answer in only through every guard, each with its own refusal`, async () => {
    const log = open();
    const room = await createIn(log);
    const playerId = PlayerId.parse(ulid());
    const roundId = RoundId.parse(ulid());
    let turn = 1;
    const set = async (meta: CommitRequest<Game>['effects']['meta']) => {
      await log.commit(request(room, [changed(turn)], { expect: { turn }, effects: { meta, timers: [] } }));
      turn += 1;
    };
    const submit = (key: string) => {
      const expectGuards = { guards: answerGuards({ playerId, roundId, answer: 'FACT' }) };
      return log.commit(request(room, [answered(playerId)], { key, expect: expectGuards }));
    };
    const refused = (code: string) => ({ status: 'refused', code });
    expect(await submit('1')).toEqual(refused('not_joined'));
    await set([{ set: `player:${playerId}`, rev: true }]);
    expect(await submit('2')).toEqual(refused('round_not_active'));
    await set([
      { set: 'round', value: roundId },
      { set: 'openedRev', value: '1' },
    ]);
    expect(await submit('3')).toEqual(refused('round_not_active'));
    await set([
      { set: 'openedRev', rev: true },
      { set: 'opensAt', inMs: 60_000 },
      { set: 'closesAt', inMs: 90_000 },
    ]);
    expect(await submit('4')).toEqual(refused('round_not_active'));
    await set([
      { set: 'opensAt', inMs: 0 },
      { set: 'closesAt', value: '5' },
    ]);
    expect(await submit('5')).toEqual(refused('too_late'));
    await set([{ set: 'closesAt', inMs: 60_000 }]);
    expect(await submit('6')).toMatchObject({ status: 'ok' });
    await set([{ drop: 'round' }]);
    expect(await submit('7')).toEqual(refused('round_not_active'));
    expect(await submit('6')).toMatchObject({ status: 'dup' });
  });
}
