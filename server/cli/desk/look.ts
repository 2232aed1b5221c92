// Verbs that look at rooms and write nothing: which rooms there are, a room at any revision or time, what
// changed between two of them, and what a room waits for.

import { RoomCode } from '../../../core/ids.ts';
import { isAway } from '../../../streams/engine.ts';
import { awayOr, pause, repeat } from '../../../streams/parts.ts';
import { CannotStart } from '../../config/cannot-start.ts';
import type { Config } from '../../config/config.ts';
import { differencesOf } from '../../operate/difference.ts';
import type { Operator } from '../../operate/operator.ts';
import { type ListedRoom, listRooms, roomCodes } from '../../operate/room-list.ts';
import { foldTo, plain, readRoom, revisionOf, roomUnknown } from '../../operate/room-log.ts';
import { verifyRoom } from '../../operate/verify.ts';
import { whyWaiting } from '../../operate/why.ts';
import { numberOption } from '../terminal/number-option.ts';
import { changeLine, counted, eventLine, print, printJson, table, timeOf } from '../terminal/output.ts';
import { withOperator } from './with-operator.ts';

interface Json {
  readonly json?: boolean;
}

/** @throws CannotStart when the text is no code of a room. */
export function roomCode(text: string): RoomCode {
  const code = RoomCode.safeParse(text);
  if (code.success) return code.data;
  throw new CannotStart(`"${text}" is no room: a code has six letters and digits.`);
}

export const rooms = (config: Config, { json }: Json): Promise<void> =>
  withOperator(config, async (operator) => {
    const all = await listRooms(operator);
    if (json) return all.forEach(printJson);
    print(all.length === 0 ? 'There are no rooms.' : roomTable(all));
  });

export function roomTable(all: readonly ListedRoom[]): string {
  const columns = [
    { title: 'room' },
    { title: 'phase' },
    { title: 'round', align: 'right' },
    { title: 'players', align: 'right' },
    { title: 'revision', align: 'right' },
    { title: 'last event' },
    { title: 'trial' },
    { title: 'topic' },
  ] as const;
  const rows = all.map((one) => [
    one.room,
    one.phase,
    `${one.round}/${one.rounds}`,
    one.players,
    one.rev,
    timeOf(one.at),
    one.trial === true ? 'yes' : '',
    one.topic ?? 'all',
  ]);
  return table(columns, rows);
}

export const state = (config: Config, room: string, { at, json }: Json & { at?: string }): Promise<void> =>
  withOperator(config, async ({ log }) => {
    const events = await readRoom(log, roomCode(room));
    const folded = foldTo(events, revisionOf(events, at ?? null));
    if (folded.rev === 0)
      throw new CannotStart(`${room.toUpperCase()} begins at revision 1, ${timeOf(events[0]?.at ?? 0)}.`);
    if (json) return printJson({ ...folded, state: plain(folded.state) });
    print(`${room.toUpperCase()} at revision ${folded.rev}, ${timeOf(folded.at)}`);
    print(JSON.stringify(plain(folded.state), null, 2));
  });

export const diff = (config: Config, room: string, from: string, to: string, { json }: Json): Promise<void> =>
  withOperator(config, async ({ log }) => {
    const events = await readRoom(log, roomCode(room));
    const [a, b] = [from, to].map((meant) => foldTo(events, revisionOf(events, meant)));
    const changes = differencesOf(plain(a?.state), plain(b?.state));
    if (json) return changes.forEach(printJson);
    print(changes.length === 0 ? 'Nothing has changed.' : changes.map(changeLine).join('\n'));
  });

interface ReplayOptions extends Json {
  readonly from?: string;
  readonly to?: string;
  readonly speed?: string;
  readonly verify?: boolean;
}

/** Prints a log as it happened. With `--verify` it checks the log instead, and fails when it is not sound. */
export const replay = (
  config: Config,
  room: string,
  options: ReplayOptions,
  signal: AbortSignal,
): Promise<void> =>
  withOperator(config, async (operator) => {
    const code = roomCode(room);
    if (options.verify === true) return verify(operator, code, options);
    const events = await readRoom(operator.log, code);
    const speed =
      options.speed === undefined
        ? Number.POSITIVE_INFINITY
        : numberOption('speed', options.speed, { what: 'a number above 0', isSo: (value) => value > 0 });
    const first = options.from === undefined ? 1 : revisionOf(events, options.from);
    const last = revisionOf(events, options.to ?? null);
    if (first > last) throw new CannotStart(`--from ${options.from} comes after --to ${options.to}.`);
    const shown = events.slice(Math.max(0, first - 1), last);
    for (const [index, event] of shown.entries()) {
      const waitMs = (event.at - (shown[index - 1]?.at ?? event.at)) / speed;
      if (waitMs > 0) await pause(waitMs, signal).catch(() => undefined);
      if (signal.aborted) return;
      if (options.json) printJson(event);
      else print(eventLine(event));
    }
  });

async function verify(
  operator: Operator,
  room: RoomCode,
  { json, from, to, speed }: ReplayOptions,
): Promise<void> {
  if (from !== undefined) throw new CannotStart('--verify judges from the first event on: leave --from out.');
  if (speed !== undefined) throw new CannotStart('--verify judges at once: leave --speed out.');
  const verified = await verifyRoom(operator, room, to ?? null);
  if (json) printJson(verified);
  else if (verified.problems.length === 0) {
    const events = `${counted(verified.events, 'event')} by the rules`;
    print(
      to === undefined
        ? `${room} is sound: ${events}, ${counted(verified.documents, 'document')} as the log has them.`
        : `${room} is sound to ${to}: ${events}. What comes later, and documents, which are of the end, were not judged.`,
    );
  } else print(verified.problems.join('\n'));
  if (verified.problems.length > 0) process.exitCode = 1;
}

/** Prints events as they happen, until the signal. */
export const tail = (
  config: Config,
  room: string | undefined,
  { json }: Json,
  signal: AbortSignal,
): Promise<void> =>
  withOperator(config, async (operator) => {
    const { log } = operator;
    const wanted = room === undefined ? null : roomCode(room);
    if (wanted !== null && (await log.head(wanted)) === null) throw roomUnknown(wanted);
    const reached = new Map<RoomCode, number>();
    const look = async (first: boolean) => {
      const known = wanted === null ? await roomCodes(operator) : [wanted];
      for (const one of known) {
        const head = await log.head(one);
        // All events of a room that is made later have happened since this verb began.
        const begin = first ? Math.max(0, (head?.rev ?? 0) - (wanted === null ? 0 : shownBefore)) : 0;
        const from = reached.get(one) ?? begin;
        const events = head !== null && head.rev > from ? await log.read(one, from) : [];
        for (const event of events) {
          if (json) printJson(event);
          else print(wanted === null ? `${one} ${eventLine(event)}` : eventLine(event));
        }
        reached.set(one, events.at(-1)?.rev ?? from);
      }
    };
    await look(true);
    let away = false;
    const again = async () => {
      const lost = await look(false).then(() => null, awayOr);
      if (lost !== null && !isAway(lost)) throw lost;
      // The store is away. It goes on: an operator wants to see above all what comes after a failover.
      if (lost !== null && !away)
        process.stderr.write('arena: Valkey is away; what happens is told when it is back\n');
      away = lost !== null;
      return lookMs;
    };
    await repeat(signal, again, { firstMs: lookMs });
  });

const lookMs = 200;
// How many past events of a named room are printed first, to show where it stands.
const shownBefore = 10;

export const why = (config: Config, room: string, { json }: Json): Promise<void> =>
  withOperator(config, async (operator) => {
    const reasons = await whyWaiting(operator, roomCode(room));
    if (json) return printJson(reasons);
    for (const line of reasons.lines) print(line);
  });
