import { expect, test } from 'vitest';
import { unfolded } from '../../core/evolve.ts';
import { RoomCode } from '../../core/ids.ts';
import { Fault, type PresenceBook, type Rooms } from '../../core/ports.ts';
import { noTracer } from '../../core/telemetry.ts';
import type { Member } from '../../server/fan-out/audience.ts';
import type { Follower } from '../../server/fan-out/follower.ts';
import { createHistory } from '../../server/fan-out/history.ts';
import { createHub } from '../../server/fan-out/hub.ts';

const nobody = async () => ({ connected: new Set<never>(), silentMs: 0 });
const presence: PresenceBook = { look: nobody, touch: nobody };

/** A hub with one socket; each pull of its room ends as the next of these says. */
function hubThat(...pulls: (() => Promise<[]>)[]) {
  const closes: string[] = [];
  const history = createHistory(0);
  const pulled = Promise.withResolvers<void>();
  const follower: Follower = {
    folded: () => unfolded,
    history: () => history,
    result: () => null,
    answers: () => new Map(),
    pull() {
      const next = pulls.shift();
      if (pulls.length === 0) pulled.resolve();
      return next === undefined ? Promise.resolve([]) : next();
    },
  };
  const hub = createHub({
    room: RoomCode.parse('AAAAAA'),
    follower,
    presence,
    tracer: noTracer,
    rooms: {} as Rooms,
    serverTime: () => 0,
    clock: () => 0,
    report: () => undefined,
  });
  const outlet: Member['outlet'] = {
    write: () => undefined,
    writeVolatile: () => undefined,
    send: () => undefined,
    close: (reason) => closes.push(reason),
  };
  hub.admit({ outlet, role: 'screen', playerId: null, s: 0 });
  return { hub, closes, allPulled: pulled.promise };
}

const fails = (code: string, retryable: boolean) => () =>
  Promise.reject(new Fault(code, 'no', { retryable }));

test('people stay while the store is away, and the room is read again without another ring', async () => {
  const { hub, closes, allPulled } = hubThat(fails('unavailable', true), async () => []);
  await hub.ring();
  await allPulled;
  expect(closes).toEqual([]);
  expect(hub.members.size).toBe(1);
  hub.close();
});

test.each([
  ['a store that refuses', fails('store_failed', false)],
  ['a bug', () => Promise.reject(new TypeError('a bug'))],
])('people are asked to come back when a room cannot be read for %s', async (_why, pull) => {
  const { hub, closes } = hubThat(pull);
  await hub.ring();
  expect(closes).toEqual(['comeBack']);
  expect(hub.members.size).toBe(0);
  hub.close();
});
