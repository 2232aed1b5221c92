// A failover may take back the last events of a log, when no replica had them, and the game goes on without
// them. Whoever had read them must not go on from what never was.

import { expect, test } from 'vitest';
import type { Game } from '../../core/game.ts';
import { createProjector, type Projected } from '../../projections/projector.ts';
import { createFollower } from '../../server/fan-out/follower.ts';
import { gameStream } from '../../server/wiring/game-stream.ts';
import type { EventLog } from '../../streams/contract/event-log.ts';
import { Fault } from '../../streams/contract/fault.ts';
import { createCommandHandler } from '../../streams/handle/command-handler.ts';
import { createMemoryLog } from '../../streams/testing/memory-log.ts';
import { changed, createIn, request } from '../support/room-log.ts';

/** A log that is cut back to its first event at `cut`, and goes on with what is committed then. */
async function logThatIsCut() {
  const [before, after] = [createMemoryLog(gameStream), createMemoryLog(gameStream)];
  let now: EventLog<Game> = before;
  const log: EventLog<Game> = {
    commit: (wish) => now.commit(wish),
    commitInOrder: (requests) => requests.map((request) => log.commit(request)),
    look: (...of) => now.look(...of),
    read: (...of) => now.read(...of),
    firstResult: (...of) => now.firstResult(...of),
    head: (of) => now.head(of),
    now: (of) => now.now(of),
  };
  const both = {
    ...log,
    async commit(wish: Parameters<EventLog<Game>['commit']>[0]) {
      await after.commit(wish);
      return before.commit(wish);
    },
  };
  const room = await createIn(both);
  const change = (rounds: number) => log.commit(request(room, [changed(rounds)]));
  const cut = () => {
    now = after;
  };
  return { log, room, change, cut };
}

const roundsIn = ({ state }: Projected['folded']) => (state.phase === 'none' ? null : state.settings.rounds);

test('a room is folded anew where another event came in the place of one that was lost', async () => {
  const { log, room, change, cut } = await logThatIsCut();
  const rooms = createCommandHandler(log, gameStream);
  await change(3);
  expect(roundsIn(await rooms.load(room))).toBe(3);
  cut();
  expect((await rooms.load(room)).rev).toBe(1);
  await change(7);
  expect(await rooms.load(room)).toMatchObject({ rev: 2, turn: 2 });
  expect(roundsIn(await rooms.load(room))).toBe(7);
});

test('a room is folded anew though as many events came as were lost', async () => {
  const { log, room, change, cut } = await logThatIsCut();
  const rooms = createCommandHandler(log, gameStream);
  await change(3);
  await rooms.load(room);
  cut();
  await change(7);
  expect(roundsIn(await rooms.load(room))).toBe(7);
});

test('who follows a room is told so once, and nobody catches up by frames of another past', async () => {
  const { log, room, change, cut } = await logThatIsCut();
  const follower = createFollower(log, room);
  await follower.pull();
  await change(3);
  expect(await follower.pull()).toBe('there');
  expect(follower.fresh()).toMatchObject([{ rev: 2 }]);
  expect(follower.history().reaches(2)).toBe(true);
  cut();
  await change(7);
  expect(await follower.pull()).toBe('cutBack');
  expect(roundsIn(follower.folded())).toBe(7);
  expect(follower.history().reaches(2)).toBe(false);
  expect(follower.history().head()).toBe(2);
  expect(await follower.pull()).toBe('there');
  expect(follower.fresh()).toEqual([]);
});

test('who follows a room is told so though the store went away before it was read anew', async () => {
  const { log, room, change, cut } = await logThatIsCut();
  const loss = new Fault('unavailable', 'no', { retryable: true });
  let readsLeft = Number.POSITIVE_INFINITY;
  const failing: EventLog<Game>['read'] = async (...of) => {
    readsLeft -= 1;
    if (readsLeft === -1) throw loss;
    return log.read(...of);
  };
  const follower = createFollower({ ...log, read: failing }, room);
  await change(3);
  await follower.pull();
  cut();
  await change(7);
  // A look finds out, the first page is to read it anew.
  readsLeft = 0;
  await expect(follower.pull()).rejects.toBe(loss);
  expect(await follower.pull()).toBe('cutBack');
  expect(await follower.pull()).toBe('there');
});

test('documents are those of the log that is', async () => {
  const { log, room, change, cut } = await logThatIsCut();
  const seen: unknown[] = [];
  const project = createProjector(
    log,
    {
      async put({ documents }) {
        seen.push(documents.get(`game:state:${room}`));
        return documents.size;
      },
    },
    { keepMemory: async () => undefined, boardStore: { publish: async () => undefined } },
  );
  await change(3);
  await project(room);
  cut();
  await change(7);
  await project(room);
  expect(seen).toMatchObject([{ settings: { rounds: 3 } }, { settings: { rounds: 7 } }]);
});
