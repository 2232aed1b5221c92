// A room as a file that proves itself: a line per event, each with a hash that takes in all lines before it,
// and a last line with the count and the last hash. What stands beside the log (guards, timers, idempotency
// keys) is not in the file: it follows from the events. Works between any two stores, clustered or not.

import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { RecordedEvent } from '../../core/events.ts';
import { type Game, game } from '../../core/game.ts';
import { RoomCode } from '../../core/ids.ts';
import { hashOf, rawEntries } from '../../streams/admin.ts';
import { Fault, type Folded } from '../../streams/engine.ts';
import type { Pipeline } from '../../streams/parts.ts';
import { asFault, engineLimits, orFault, unfolded } from '../../streams/parts.ts';
import { gameCodec } from '../wiring/game-stream.ts';
import { besideTheLog } from './beside-the-log.ts';
import { note, type Operator } from './operator.ts';
import { roomUnknown } from './room-log.ts';

const format = 'agent-arena-room';
const Header = z.object({
  format: z.literal(format),
  v: z.literal(1),
  room: RoomCode,
  secrets: z.record(z.string(), z.string()),
});
const Line = z.object({
  rev: z.int().positive(),
  at: z.number(),
  type: z.string(),
  e: z.string(),
  hash: z.string(),
});
const Footer = z.object({ events: z.int(), hash: z.string() });

const chained = (before: string, text: string): string =>
  createHash('sha256').update(before).update(text).digest('hex');

/** Lines of an archive, in order. Throws Fault `room_unknown`. */
export async function* exportRoom({ connection, keys }: Operator, room: RoomCode): AsyncGenerator<string> {
  const of = keys.of(room);
  // Before the first line: a caller that writes them to a file should not be left with the beginning of one.
  if ((await connection.exists(of.log)) === 0) throw roomUnknown(room);
  const header = JSON.stringify({ format, v: 1, room, secrets: await connection.hgetall(of.tokens) });
  let hash = chained('', header);
  let events = 0;
  yield header;
  for await (const { seal: _seal, ...line } of rawEntries(connection, of.log)) {
    hash = chained(hash, JSON.stringify(line));
    events += 1;
    yield JSON.stringify({ ...line, hash });
  }
  yield JSON.stringify({ events, hash });
}

export interface Archive {
  readonly room: RoomCode;
  readonly secrets: Readonly<Record<string, string>>;
  readonly entries: readonly {
    readonly rev: number;
    readonly at: number;
    readonly type: string;
    readonly e: string;
  }[];
  readonly events: readonly RecordedEvent[];
}

/** @throws Fault `archive_broken` naming the line where an archive stops being what was written. */
export function readArchive(text: string): Archive {
  const broken = (line: number, why: string) =>
    new Fault('archive_broken', `line ${line}: ${why}`, { retryable: false });
  const lines = text.trimEnd().split('\n');
  const parse = <T>(schema: z.ZodType<T>, index: number): T => {
    try {
      return schema.parse(JSON.parse(lines[index] ?? ''));
    } catch {
      const cut = index === lines.length - 1 && index > 0;
      throw broken(index + 1, cut ? 'the archive ends in the middle' : 'this is not a line of an archive');
    }
  };
  const { room, secrets } = parse(Header, 0);
  let hash = chained('', lines[0] ?? '');
  const entries = lines.slice(1, -1).map((_, at) => {
    const { hash: told, ...line } = parse(Line, at + 1);
    hash = chained(hash, JSON.stringify(line));
    if (hash !== told) throw broken(at + 2, `revision ${line.rev} or one before it was changed`);
    if (line.rev !== at + 1) throw broken(at + 2, `revision ${line.rev} is not the next one`);
    return line;
  });
  const footer = parse(Footer, lines.length - 1);
  if (footer.events !== entries.length || footer.hash !== hash)
    throw broken(lines.length, 'lines are missing');
  const events = entries.map(gameCodec.decode);
  const strange = events.findIndex((event) => event.room !== room);
  if (strange >= 0) throw broken(strange + 2, `revision ${strange + 1} is of another room`);
  return { room, secrets, entries, events };
}

/**
 * Writes an archive into the store as the room it was, and wakes the projectors. An import that was
 * interrupted can be run again.
 * @throws Fault `room_exists` when the code is taken.
 */
export async function importRoom(
  operator: Operator,
  { room, secrets, entries, events }: Archive,
): Promise<Folded<Game>> {
  const { connection, keys } = operator;
  const of = keys.of(room);
  if ((await connection.exists(of.meta)) === 1) {
    throw new Fault('room_exists', `room ${room} is there already`, { retryable: false });
  }
  await connection.del(of.log, of.done, of.tokens);
  let seal = '';
  for (let from = 0; from < entries.length; from += engineLimits.readPageEntries) {
    const batch = connection.pipeline();
    for (const entry of entries.slice(from, from + engineLimits.readPageEntries)) {
      const { rev, at, type, e } = entry;
      seal = hashOf(seal, entry);
      batch.xadd(of.log, `${rev}-0`, 'type', type, 'at', at, 'e', e, 'seal', seal);
    }
    await everyOne(batch);
  }
  // A primary that was replaced meanwhile may have taken a part along that no replica had.
  if ((await orFault(() => connection.xlen(of.log))) !== entries.length) {
    throw new Fault('unavailable', 'a part of the log was lost on the way; import it again', {
      retryable: true,
    });
  }
  const { meta, timers, done, folded } = besideTheLog(events);
  const last = events.at(-1);
  if (last === undefined) return unfolded(game);
  const beside = connection.multi();
  if (Object.keys(secrets).length > 0) beside.hset(of.tokens, { ...secrets });
  if (done.size > 0) beside.hset(of.done, Object.fromEntries(done));
  for (const [name, dueAt] of timers) {
    beside.zadd(of.timers, dueAt, `${room}|${name}`);
    beside.zadd(of.timerNames, 0, `${room}|${name}`);
  }
  // The room exists from here on: guards come last.
  beside.hset(of.meta, { ...Object.fromEntries(meta), seal });
  const pointer = [
    'room',
    room,
    'first',
    folded.turn,
    'last',
    folded.turn,
    'types',
    last.type,
    'traceparent',
    last.traceparent,
  ];
  beside.xadd(of.feed, '*', ...pointer);
  await everyOne(beside);
  await note(operator, { verb: 'import', room, about: `${entries.length} events` });
  return folded;
}

/**
 * Runs commands that were gathered, and throws what any of them came to: by itself a pipeline only says of
 * each how it went, and a log with a hole would be the room from then on.
 */
async function everyOne(commands: Pick<Pipeline, 'exec'>): Promise<void> {
  const replies = await orFault(() => commands.exec());
  for (const [error] of replies ?? []) if (error !== null) throw asFault(error);
}
