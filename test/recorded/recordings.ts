// What older versions have left in this folder, read for the tests: rooms as archives, stores as commands,
// and beside each what that version made of it.

import { readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { Truth } from '../../core/claim.ts';
import { RoomCode } from '../../core/ids.ts';

const folder = new URL('.', import.meta.url);
const read = (file: string) => readFileSync(new URL(file, folder), 'utf8');
const linesOf = (file: string): unknown[] =>
  read(file)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

const Seats = z.object({
  room: RoomCode,
  hostToken: z.string(),
  seats: z.array(z.object({ name: z.string(), playerId: z.string(), token: z.string() })),
});
const Acknowledged = z.array(z.object({ playerId: z.string(), roundId: z.string(), answer: Truth }));
const Line = z.object({
  kind: z.enum(['seats', 'acknowledged', 'folded', 'document', 'row', 'game', 'room']),
  name: z.string().optional(),
  value: z.unknown(),
});

export interface RecordedRoom {
  /** Version and game, as in the name of its file. */
  readonly name: string;
  readonly archive: string;
  readonly seats: z.infer<typeof Seats>;
  readonly acknowledged: z.infer<typeof Acknowledged>;
  readonly folded: unknown;
  /** By name; so are the rows of the boards, by game and player, and the games that were over. */
  readonly documents: ReadonlyMap<string, object>;
  readonly rows: ReadonlyMap<string, object>;
  readonly games: ReadonlyMap<string, object>;
  /** What clients were told of it, a line each; empty where that was not recorded yet. */
  readonly told: readonly string[];
}

const files = readdirSync(folder).filter((file) => file.endsWith('.ndjson'));
const namesOf = (ending: RegExp) =>
  files.filter((file) => ending.test(file)).map((file) => file.slice(0, -7));

function recordedRoom(name: string): RecordedRoom {
  const lines = z.array(Line).parse(linesOf(`${name}.expected.ndjson`));
  const one = (kind: string) => lines.find((line) => line.kind === kind)?.value;
  const named = (kind: string) =>
    new Map(
      lines
        .filter((line) => line.kind === kind)
        .map((line) => [line.name ?? '', z.looseObject({}).parse(line.value)]),
    );
  return {
    name,
    archive: read(`${name}.ndjson`),
    seats: Seats.parse(one('seats')),
    acknowledged: Acknowledged.parse(one('acknowledged')),
    folded: one('folded'),
    documents: named('document'),
    rows: named('row'),
    games: named('game'),
    told: files.includes(`${name}.frames.ndjson`) ? read(`${name}.frames.ndjson`).trimEnd().split('\n') : [],
  };
}

/** One per file that is neither a store nor what was expected. */
export const recordedRooms = namesOf(/-[a-z-]+\.ndjson$/).map(recordedRoom);

const Command = z
  .array(z.union([z.string(), z.object({ b64: z.string() })]))
  .transform((parts) =>
    parts.map((part) => (typeof part === 'string' ? part : Buffer.from(part.b64, 'base64'))),
  );
const Killed = z.object({
  kind: z.literal('room'),
  value: Seats.extend({ acknowledged: Acknowledged, rev: z.int() }),
});

export interface RecordedStore {
  readonly name: string;
  /** That make it again in an empty Valkey. */
  readonly commands: readonly (readonly (string | Buffer)[])[];
  /** `rev`: where the log of the room ended. */
  readonly rooms: readonly z.infer<typeof Killed>['value'][];
}

export const recordedStores: RecordedStore[] = namesOf(/\.store\.ndjson$/).map((name) => ({
  name,
  commands: z.array(Command).parse(linesOf(`${name}.ndjson`)),
  rooms: z
    .array(Killed)
    .parse(linesOf(`${name.replace('.store', '.expected')}.ndjson`))
    .map(({ value }) => value),
}));
