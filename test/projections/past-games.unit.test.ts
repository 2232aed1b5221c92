import { expect, test } from 'vitest';
import type { RecordedEvent } from '../../core/events.ts';
import type { Game } from '../../core/game.ts';
import { createProjector } from '../../projections/projector.ts';
import { readArchive } from '../../server/operate/archive.ts';
import { recordedRooms } from '../recorded/recordings.ts';
import { looking } from '../support/looking.ts';

function roomOfTwoGames() {
  const archive = recordedRooms.find(({ name }) => name.includes('whole-game'))?.archive ?? '';
  const { room, events } = readArchive(archive);
  const games = events.filter(({ type }) => type === 'GAME_OVER').map(({ game }) => game);
  expect(games).toHaveLength(2);
  return { room, events, games };
}

/** A projector that finds as much of the log as it is given, and what it published. */
function projecting(events: readonly RecordedEvent[]) {
  let upTo = 0;
  const epoch = events.flatMap((event) => (event.type === 'ROOM_CREATED' ? [event.data.epoch] : []))[0] ?? '';
  const log = looking<Game>({
    head: async () => ({ rev: upTo, epoch }),
    read: async (_room, after, max) => events.slice(after, upTo).slice(0, max),
  });
  const published: (string | null)[] = [];
  const boardStore = { publish: async ({ game }: { game: string }) => void published.push(game) };
  const run = createProjector(log, { put: async () => 1 }, { keepMemory: async () => undefined, boardStore });
  return {
    published,
    async readTo(rev: number) {
      upTo = rev;
      const { room } = events[0] ?? {};
      if (room !== undefined) await run(room);
      return published.splice(0);
    },
  };
}

test('a projector that comes late publishes each game that ended meanwhile, oldest first', async () => {
  const { events, games } = roomOfTwoGames();
  expect(await projecting(events).readTo(events.length)).toEqual(games);
});

test('a game that a newer one has left behind is published once, and as it was in the end', async () => {
  const { events, games } = roomOfTwoGames();
  const starts = events.filter(({ type }) => type === 'GAME_START').map(({ rev }) => rev);
  const late = projecting(events);
  expect(await late.readTo(starts[1] ?? 0)).toEqual([games[0]]);
  expect(await late.readTo((starts[1] ?? 0) + 1)).toEqual([]);
  expect(await late.readTo(events.length)).toEqual([games[1]]);
});
