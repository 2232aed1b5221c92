// What every event log must do, as sentences. Run on the one in memory and on the real one.

import { ulid } from 'ulid';
import { describe, expect, test } from 'vitest';
import { answerGuards } from '../../core/effects.ts';
import type { Envelope } from '../../core/events.ts';
import type { Game } from '../../core/game.ts';
import { Epoch, PlayerId, RoomCode, RoundId } from '../../core/ids.ts';
import { defaultSettings } from '../../core/settings.ts';
import type { CommitRequest, EventLog } from '../../streams/contract/event-log.ts';
import { pace } from '../support/engine.ts';

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

/** `timersIn`: what is set in a room, by name, with the moment in ms. */
export function describeEventLog<L extends EventLog<Game>>(
  name: string,
  open: () => L,
  timersIn: (log: L, room: RoomCode) => Promise<Readonly<Record<string, number>>>,
): void {
  describe(name, () => {
    test('begins a room only where there is none', async () => {
      const log = open();
      const room = await createIn(log);
      const again = request(room, [created()], { expect: 'new' });
      expect(await log.commit(again)).toEqual({ status: 'refused', code: 'forbidden' });
      const nowhere = request(newRoom(), [changed(3)]);
      expect(await log.commit(nowhere)).toEqual({ status: 'refused', code: 'room_not_found' });
    });

    test('numbers events without a gap, in the order of the commit, at one moment that never goes back', async () => {
      const log = open();
      const room = await createIn(log);
      await log.commit(request(room, [changed(3), changed(4), changed(5)]));
      await log.commit(request(room, [changed(6)], { expect: { turn: 4 } }));
      const events = await log.read(room, 0);
      expect(events.map(({ rev }) => rev)).toEqual([1, 2, 3, 4, 5]);
      expect(new Set(events.slice(1, 4).map(({ at }) => at)).size).toBe(1);
      expect(events.every(({ at }, i) => at >= (events[i - 1]?.at ?? 0))).toBe(true);
      expect(await log.head(room)).toMatchObject({ rev: 5 });
      expect((await log.read(room, 2, 2)).map(({ rev }) => rev)).toEqual([3, 4]);
      expect(await log.head(newRoom())).toBeNull();
    });

    test('gives back what was written, to the letter', async () => {
      const log = open();
      const room = await createIn(log);
      const sent = request(room, [changed(7)], { key: 'seven' });
      const outcome = await log.commit(sent);
      const [event] = await log.read(room, 1);
      const at = outcome.status === 'ok' ? outcome.at : 0;
      expect(event).toEqual({ ...sent.events[0], rev: 2, at });
    });

    test('tells the time of a room, which is never before its last event', async () => {
      const log = open();
      const room = await createIn(log);
      const before = await log.now(room);
      const outcome = await log.commit(request(room, [changed(3)]));
      const at = outcome.status === 'ok' ? outcome.at : Number.NaN;
      expect(at).toBeGreaterThanOrEqual(before);
      expect(await log.now(room)).toBeGreaterThanOrEqual(at);
      expect(Math.abs((await log.now(newRoom())) - (await log.now(null)))).toBeLessThan(1_000);
    });

    test('refuses a commit that expects another turn, and writes nothing of it', async () => {
      const log = open();
      const room = await createIn(log);
      await log.commit(request(room, [changed(3)]));
      const late = request(room, [changed(4)], { key: 'late', settles: { group: 'writer', entryId: '1-1' } });
      expect(await log.commit(late)).toEqual({ status: 'conflict', turn: 2 });
      expect(await log.read(room, 2)).toEqual([]);
      expect(await log.noted(room, 'late')).toBeNull();
    });

    test('takes the turn of another life of the room for another turn', async () => {
      const log = open();
      const room = await createIn(log);
      const epoch = (await log.head(room))?.epoch ?? '';
      const other = request(room, [changed(3)], { expect: { turn: 1, epoch: ulid() } });
      expect(await log.commit(other)).toEqual({ status: 'conflict', turn: 1 });
      const same = request(room, [changed(3)], { expect: { turn: 1, epoch } });
      expect(await log.commit(same)).toMatchObject({ status: 'ok', rev: 2 });
    });

    test('does not count answers into the turn', async () => {
      const log = open();
      const room = await createIn(log);
      const answer = request(room, [answered()], { expect: { guards: [] } });
      expect(await log.commit(answer)).toMatchObject({ status: 'ok', rev: 2 });
      expect(await log.commit(request(room, [changed(3)]))).toMatchObject({ status: 'ok', rev: 3 });
    });

    test('answers a key that it knows with the first result, whatever is expected now', async () => {
      const log = open();
      const room = await createIn(log);
      const first = await log.commit(request(room, [changed(3)], { key: 'k', note: 'a-b-c' }));
      const again = await log.commit(
        request(room, [changed(4)], { key: 'k', note: 'other', expect: { turn: 99 } }),
      );
      expect(first.status).toBe('ok');
      const at = first.status === 'ok' ? first.at : 0;
      expect(again).toEqual({ status: 'dup', rev: 2, at, note: 'a-b-c' });
      expect(await log.noted(room, 'k')).toEqual({ rev: 2, at, note: 'a-b-c' });
      expect(await log.read(room, 2)).toEqual([]);
    });

    test('keeps one effect of many that come under one key at once', async () => {
      const log = open();
      const room = await createIn(log);
      const one = () => log.commit(request(room, [answered()], { key: 'same', expect: { guards: [] } }));
      const outcomes = await Promise.all(Array.from({ length: 20 }, one));
      expect(outcomes.filter(({ status }) => status === 'ok')).toHaveLength(1);
      expect(outcomes.filter(({ status }) => status === 'dup')).toHaveLength(19);
      expect(await log.read(room, 1)).toHaveLength(1);
    });

    test('takes a commit without events, which expects and acknowledges all the same', async () => {
      const log = open();
      const room = await createIn(log);
      const settles = { group: 'writer', entryId: '1-1' };
      expect(await log.commit(request(room, [], { settles }))).toMatchObject({ status: 'ok', rev: 1 });
      const late = request(room, [], { settles, expect: { turn: 0 } });
      expect(await log.commit(late)).toEqual({ status: 'conflict', turn: 1 });
    });

    test('counts, and gives the count', async () => {
      const log = open();
      const room = await createIn(log);
      const one = () =>
        log.commit(request(room, [answered()], { expect: { guards: [] }, count: 'answered' }));
      expect(await one()).toMatchObject({ count: 1 });
      expect(await one()).toMatchObject({ count: 2 });
    });

    test('sets alarms for their moments, moves and cancels them, and leaves those of other rooms alone', async () => {
      const log = open();
      const [room, other] = [await createIn(log), await createIn(log)];
      let turn = 1;
      const commit = async (timers: CommitRequest['effects']['timers'], where = room) => {
        const expect = where === room ? { turn } : { turn: 1 };
        const outcome = await log.commit(
          request(where, [changed(3)], { expect, effects: { meta: [], timers } }),
        );
        if (outcome.status !== 'ok') throw new Error(outcome.status);
        if (where === room) turn = outcome.rev;
        return outcome.at;
      };
      await commit([{ set: 'close|a', inMs: 60_000 }], other);
      const at = await commit([
        { set: 'close|a', inMs: 5_000 },
        { set: 'open|b', at: 77 },
        { set: 'look|c', inMs: 1 },
        { set: 'stage|d', inMs: 0 },
      ]);
      const first = { 'close|a': at + 5_000, 'open|b': 77, 'look|c': at + 1, 'stage|d': at };
      expect(await timersIn(log, room)).toEqual(first);
      const moved = await commit([
        { set: 'close|a', inMs: 9_000 },
        { cancel: 'open|b' },
        { cancel: 'never|set' },
      ]);
      const { 'open|b': _cancelled, ...left } = first;
      expect(await timersIn(log, room)).toEqual({ ...left, 'close|a': moved + 9_000 });
      await commit([{ set: 'look|c', inMs: 5 }, { cancel: 'look|c' }]);
      expect(Object.keys(await timersIn(log, room)).toSorted()).toEqual(['close|a', 'stage|d']);
      expect(Object.keys(await timersIn(log, other))).toEqual(['close|a']);
      const refused = request(room, [changed(4)], { effects: { meta: [], timers: [{ cancel: 'close|a' }] } });
      expect(await log.commit(refused)).toMatchObject({ status: 'conflict' });
      expect(Object.keys(await timersIn(log, room)).toSorted()).toEqual(['close|a', 'stage|d']);
    });

    test('lets an answer in only through every guard, each with its own refusal', async () => {
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
  });
}
