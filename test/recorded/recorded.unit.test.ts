// What older versions wrote is read as they meant it: every recorded log proves itself, is allowed by the
// rules, and comes to the room and the documents that its own version made of it. New fields may be added;
// what was there stays what it was.

import { describe, expect, test } from 'vitest';
import { eventData } from '../../core/events.ts';
import { PastGame } from '../../core/past-game.ts';
import { createVerifier } from '../../core/verify.ts';
import { documentsOf, project, unprojected } from '../../projections/projector.ts';
import { version } from '../../server/config/version.ts';
import { readArchive } from '../../server/operate/archive.ts';
import { plain } from '../../server/operate/room-log.ts';
import { gameStream } from '../../server/wiring/game-stream.ts';
import { checked } from '../../streams/engine.ts';
import { fold, unfolded } from '../../streams/parts.ts';
import { recordedRooms, recordedStores } from './recordings.ts';
import { toldOf } from './told.ts';

const asJson = (value: unknown) => JSON.parse(JSON.stringify(plain(value)));

describe.each(recordedRooms)(
  'the log $name',
  ({ name: recording, archive, folded, documents, games, told }) => {
    const { events } = readArchive(archive);
    const projected = project(unprojected, events);

    test('is what was written: each other byte is noticed', () => {
      const middle = archive.indexOf('"at":', archive.length / 2) + 8;
      const other = archive[middle] === '1' ? '2' : '1';
      expect(() => readArchive(archive.slice(0, middle) + other + archive.slice(middle + 1))).toThrow(
        'line ',
      );
    });

    test('is allowed by the rules, event by event', () => {
      const verifier = createVerifier();
      expect(events.flatMap((event) => verifier.next(event))).toEqual([]);
    });

    test('comes to the room that it came to when it was recorded', () => {
      const { state, ...where } = projected.folded;
      expect(asJson({ ...where, state })).toMatchObject(folded as object);
    });

    test('is folded the same twice, on states and events that cannot be changed', () => {
      const { state, ...where } = fold(checked(gameStream), unfolded(gameStream), events);
      expect(asJson({ ...where, state })).toMatchObject(folded as object);
    });

    test('comes to the documents and the games that it came to when it was recorded', () => {
      const now = documentsOf(projected);
      for (const [name, value] of documents) expect(asJson(now.get(name)), name).toMatchObject(value);
      for (const [game, value] of games) {
        expect(projected.past.over?.game.game).toBe(game);
        expect(asJson(projected.past.over?.game)).toMatchObject(value);
        // What is read from the store goes through the schema, and comes out as it went in.
        const kept = JSON.stringify(projected.past.over?.game);
        expect(JSON.stringify(PastGame.parse(JSON.parse(kept)))).toBe(kept);
        expect(PastGame.safeParse(value).success).toBe(true);
      }
    });

    test('is told to clients as it was then: byte by byte by its own version, nothing less by later ones', () => {
      const now = toldOf(events);
      expect(told.length).toBeGreaterThan(0);
      if (recording.startsWith(`${version}-`)) return expect(now).toEqual(told);
      const parsed = (lines: readonly string[]) =>
        lines.map((line) =>
          JSON.parse(line).map((part: string, index: number) => (index === 0 ? part : JSON.parse(part))),
        );
      expect(parsed(now)).toMatchObject(parsed(told));
    });
  },
);

test('between them the logs hold every type of event', () => {
  const types = recordedRooms.flatMap(({ archive }) => readArchive(archive).events.map(({ type }) => type));
  expect(new Set(types)).toEqual(new Set(Object.keys(eventData)));
});

test('there are logs of a whole game, of a game on models and of an unfinished one, and a store', () => {
  for (const game of ['whole-game', 'models-game', 'unfinished'])
    expect(recordedRooms.map(({ name }) => name)).toContainEqual(expect.stringContaining(game));
  expect(recordedStores).not.toEqual([]);
});
