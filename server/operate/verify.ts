// `replay --verify`: each entry against its hash, each event against the rules, each result against a fresh
// fold, and the documents that stand against what the log comes to.

import { setImmediate as aBreath } from 'node:timers/promises';
import type { RecordedEvent } from '../../core/events.ts';
import type { RoomCode } from '../../core/ids.ts';
import { canonical, createVerifier } from '../../core/verify.ts';
import { documentsOf, project, unprojected } from '../../projections/projector.ts';
import { hashOf, type RawEntry, rawEntries } from '../../streams/admin.ts';
import { Fault } from '../../streams/engine.ts';
import { gameCodec } from '../wiring/game-stream.ts';
import type { Operator } from './operator.ts';
import { revisionOf, roomUnknown } from './room-log.ts';

export interface Verified {
  readonly events: number;
  readonly documents: number;
  /** Each in a sentence that names its revision or its document. */
  readonly problems: readonly string[];
}

/**
 * Reads a room's log and its documents. `to`: up to this revision or moment alone, and no documents, which
 * are of the end.
 * @throws Fault `room_unknown`, and `no_such_revision` for a `to` that is not in the log.
 */
export async function verifyRoom(
  { connection, keys, documents }: Pick<Operator, 'connection' | 'keys' | 'documents'>,
  room: RoomCode,
  to: string | null = null,
): Promise<Verified> {
  const of = keys.of(room);
  // First, so that what is appended meanwhile does no harm.
  const [rev, seal] = await connection.hmget(of.meta, 'rev', 'seal');
  const entries: RawEntry[] = [];
  for await (const entry of rawEntries(connection, of.log)) entries.push(entry);
  if (entries.length === 0) throw roomUnknown(room);
  if (to !== null) {
    const last = revisionOf(entries, to);
    if (last === 0) throw new Fault('no_such_revision', `${room} begins after ${to}`, { retryable: false });
    const { events, problems } = await judge(entries.filter(({ rev }) => rev <= last));
    return { events: events.length, documents: 0, problems };
  }
  const { events, problems } = await judge(entries);
  if (entries[Number(rev) - 1]?.seal !== seal) {
    problems.push(`${rev}-0: the log does not end as the room remembers it`);
  }
  if (events.length < entries.length) return { events: events.length, documents: 0, problems };
  let projected = unprojected;
  for (let from = 0; from < events.length; from += eventsAtOnce) {
    projected = project(projected, events.slice(from, from + eventsAtOnce));
    await aBreath();
  }
  const expected = documentsOf(projected);
  for (const [name, value] of expected) {
    const stands = await documents.get(room, name);
    if (stands === null) problems.push(`${name}: is missing`);
    else if (canonical(stands) !== canonical(value)) problems.push(`${name}: is not what the log comes to`);
  }
  return { events: events.length, documents: expected.size, problems };
}

// Some 30 ms of work; a server has players to serve meanwhile.
const eventsAtOnce = 200;

async function judge(entries: readonly RawEntry[]) {
  const verifier = createVerifier();
  const problems: string[] = [];
  const events: RecordedEvent[] = [];
  for (const [index, entry] of entries.entries()) {
    if (index % eventsAtOnce === 0) await aBreath();
    const place = `${entry.rev}-0 ${entry.type}`;
    if (entry.seal !== hashOf(entries[index - 1]?.seal ?? '', entry)) {
      problems.push(`${place}: its hash does not fit, so this is not what was written`);
    }
    // What follows an entry that cannot be read cannot be judged.
    if (events.length < index) continue;
    const event = readable(entry);
    if (event === null) {
      problems.push(`${place}: cannot be read`);
      continue;
    }
    problems.push(...verifier.next(event));
    events.push(event);
  }
  return { events, problems };
}

function readable(entry: RawEntry): RecordedEvent | null {
  try {
    return gameCodec.decode(entry);
  } catch {
    // Why not is told by whatever shows the entry; here it counts that it cannot be read.
    return null;
  }
}
