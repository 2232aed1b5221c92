// Looking at rooms: which there are, what one is at any revision or moment, what changed between two of them,
// and what it waits for. Nothing here writes.

import { RoomCode } from '../../../core/ids.ts';
import { pause } from '../../../streams/backoff.ts';
import type { Config } from '../../config.ts';
import { differencesOf } from '../../operate/difference.ts';
import { type Operator, withOperator } from '../../operate/operator.ts';
import { foldTo, plain, readRoom, revisionOf } from '../../operate/room-log.ts';
import { verifyRoom } from '../../operate/verify.ts';
import { whyWaiting } from '../../operate/why.ts';
import { CannotStart } from '../explain.ts';
import { changeLine, eventLine, print, printJson, table, timeOf } from '../output.ts';

interface Json {
  readonly json?: boolean;
}

/** @throws CannotStart for what is no room's code. */
export function roomCode(text: string): RoomCode {
  const code = RoomCode.safeParse(text.toUpperCase());
  if (code.success) return code.data;
  throw new CannotStart(`"${text}" is no room: a code has six letters and digits.`);
}

export const rooms = (config: Config, { json }: Json): Promise<void> =>
  withOperator(config, async ({ connection, keys }) => {
    const lines = await Promise.all(keys.partitions.map((partition) => connection.hgetall(partition.rooms)));
    const all = lines.flatMap((of) =>
      Object.entries(of).map(([room, text]) => ({ room, ...(JSON.parse(text) as Summary) })),
    );
    const sorted = all.sort((a, b) => b.at - a.at);
    if (json) return sorted.forEach(printJson);
    const columns = [
      { title: 'room' },
      { title: 'phase' },
      { title: 'round', align: 'right' },
      { title: 'players', align: 'right' },
      { title: 'revision', align: 'right' },
      { title: 'last event' },
      { title: 'topic' },
    ] as const;
    const rows = sorted.map((one) => [
      one.room,
      one.phase,
      `${one.round}/${one.rounds}`,
      one.players,
      one.rev,
      timeOf(one.at),
      one.topic ?? 'all',
    ]);
    print(rows.length === 0 ? 'There are no rooms.' : table(columns, rows));
  });

interface Summary {
  readonly rev: number;
  readonly at: number;
  readonly phase: string;
  readonly round: number;
  readonly rounds: number;
  readonly players: number;
  readonly topic: string | null;
}

export const state = (config: Config, room: string, { at, json }: Json & { at?: string }): Promise<void> =>
  withOperator(config, async ({ log }) => {
    const events = await readRoom(log, roomCode(room));
    const folded = foldTo(events, revisionOf(events, at ?? null));
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

/** Prints a log as it happened; with `--verify` judges it instead, and fails where it is not sound. */
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
    const speed = Number(options.speed ?? Number.POSITIVE_INFINITY);
    if (!(speed > 0)) throw new CannotStart(`--speed must be a number above 0, not "${options.speed}"`);
    const first = options.from === undefined ? 1 : revisionOf(events, options.from);
    const shown = events.slice(Math.max(0, first - 1), revisionOf(events, options.to ?? null));
    for (const [index, event] of shown.entries()) {
      const waitMs = (event.at - (shown[index - 1]?.at ?? event.at)) / speed;
      if (waitMs > 0) await pause(waitMs, signal).catch(() => undefined);
      if (signal.aborted) return;
      if (options.json) printJson(event);
      else print(eventLine(event));
    }
  });

async function verify(operator: Operator, room: RoomCode, { json }: Json): Promise<void> {
  const verified = await verifyRoom(operator, room);
  if (json) printJson(verified);
  else if (verified.problems.length === 0) {
    print(
      `${room} is sound: ${verified.events} events by the rules, ${verified.documents} documents as the log has them.`,
    );
  } else print(verified.problems.join('\n'));
  if (verified.problems.length > 0) process.exitCode = 1;
}

/** Prints what happens, as it happens, until told to stop. */
export const tail = (
  config: Config,
  room: string | undefined,
  { json }: Json,
  signal: AbortSignal,
): Promise<void> =>
  withOperator(config, async ({ log, connection, keys }) => {
    const wanted = room === undefined ? null : roomCode(room);
    const reached = new Map<RoomCode, number>();
    while (!signal.aborted) {
      const known = wanted === null ? await roomsOf({ connection, keys }) : [wanted];
      for (const one of known) {
        const head = await log.head(one);
        const from = reached.get(one) ?? head?.rev ?? 0;
        const events = head !== null && head.rev > from ? await log.read(one, from) : [];
        for (const event of events) {
          if (json) printJson(event);
          else print(wanted === null ? `${one} ${eventLine(event)}` : eventLine(event));
        }
        reached.set(one, events.at(-1)?.rev ?? from);
      }
      await pause(lookMs, signal).catch(() => undefined);
    }
  });

const lookMs = 200;

async function roomsOf({ connection, keys }: Pick<Operator, 'connection' | 'keys'>): Promise<RoomCode[]> {
  const names = await Promise.all(keys.partitions.map((partition) => connection.hkeys(partition.rooms)));
  return names.flat().map((name) => RoomCode.parse(name));
}

export const why = (config: Config, room: string, { json }: Json): Promise<void> =>
  withOperator(config, async (operator) => {
    const reasons = await whyWaiting(operator, roomCode(room));
    if (json) return printJson(reasons);
    for (const line of reasons.lines) print(line);
  });
