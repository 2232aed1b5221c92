// The engine on one Valkey, for tests: a room to act on, and consumers around handlers that misbehave as
// told.

import { ulid } from 'ulid';
import type { EventType } from '../../core/events.ts';
import { Epoch, RoomCode } from '../../core/ids.ts';
import type { Agent, Context, Task } from '../../core/ports.ts';
import { defaultSettings, type Settings } from '../../core/settings.ts';
import { noTelemetry, type Telemetry } from '../../core/telemetry.ts';
import { connect, untilReady, type Valkey } from '../../streams/connection.ts';
import { runConsumer } from '../../streams/consumer.ts';
import { createEventLog } from '../../streams/event-log.ts';
import { createFeed, type FeedEntry } from '../../streams/feed.ts';
import { createGate } from '../../streams/gate.ts';
import { createKeys, type Group, type PartitionKeys } from '../../streams/keys.ts';
import { blockingLine } from '../../streams/line.ts';
import { observedLog } from '../../streams/observed-log.ts';
import type { Report } from '../../streams/report.ts';
import { createRooms } from '../../streams/rooms.ts';
import type { RunDeps } from '../../streams/run-entry.ts';
import { createSlots } from '../../streams/slots.ts';
import { newTraceparent } from '../../streams/trace.ts';

export const pace = { leadMs: 0, intermissionMs: 0, stageMs: 60_000, claimsAhead: 1 };

export interface Engine {
  readonly commands: Valkey;
  readonly keys: ReturnType<typeof createKeys>;
  readonly partition: PartitionKeys;
  readonly log: ReturnType<typeof createEventLog>;
  readonly rooms: ReturnType<typeof createRooms>;
  readonly context: Context;
  /** A room that nobody else in the test has. */
  createRoom(settings?: Partial<Settings>): Promise<RoomCode>;
  consume(options: ConsumeOptions): Consumer;
  /** Reads as this consumer and then is never heard of again: what a killed process leaves behind. */
  readAndDie(name: string, count: number): Promise<readonly FeedEntry[]>;
  close(): Promise<void>;
}

export interface ConsumeOptions {
  readonly name: string;
  readonly handle: (task: Task) => Promise<void>;
  /** `researcher` if none is named. */
  readonly group?: Exclude<Group, 'projector'>;
  readonly wakes?: readonly EventType[];
  readonly alarms?: boolean;
  readonly concurrency?: number;
  readonly handlerMsMax?: number;
  readonly telemetry?: Telemetry;
  readonly burying?: RunDeps['burying'];
}

export interface Consumer {
  readonly reports: { what: Parameters<Report>[0]; detail: Readonly<Record<string, unknown>> }[];
  /** Resolves at the first report of this kind from now on, or one that was made before. */
  reported(what: Parameters<Report>[0]): Promise<Readonly<Record<string, unknown>>>;
  stop(): Promise<void>;
}

const usualGroup = 'researcher';
let rooms = 0;

/** Room codes in order: AAAAAA, AAAAAB, … */
function nextRoom(): RoomCode {
  const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZ';
  let rest = rooms++;
  let code = '';
  for (let i = 0; i < 6; i++) {
    code = (letters[rest % letters.length] ?? 'A') + code;
    rest = Math.floor(rest / letters.length);
  }
  return RoomCode.parse(code);
}

/** The alarms that are set in a room, by name, with their moments in ms. */
export async function alarmsOf(
  commands: Engine['commands'],
  keys: Engine['keys'],
  room: RoomCode,
): Promise<Record<string, number>> {
  const pairs = await commands.zrange(keys.of(room).timers, 0, -1, 'WITHSCORES');
  const mine = pairs.flatMap((name, index) => {
    const isMine = index % 2 === 0 && name.startsWith(`${room}|`);
    return isMine ? [[name.slice(room.length + 1), Number(pairs[index + 1])] as const] : [];
  });
  return Object.fromEntries(mine);
}

export async function startEngine(url: string): Promise<Engine> {
  const commands = connect(url, 'test');
  await untilReady(commands, AbortSignal.timeout(5_000));
  const keys = createKeys();
  const [partition] = keys.partitions;
  if (partition === undefined) throw new Error('no partition');
  const log = createEventLog(commands, keys);
  const context: Context = { by: 'server', traceparent: newTraceparent() };
  const consumers: Consumer[] = [];
  const engineRooms = createRooms(log);
  return {
    commands,
    keys,
    partition,
    log,
    rooms: engineRooms,
    context,
    async createRoom(changes = {}) {
      const room = nextRoom();
      const epoch = Epoch.parse(ulid());
      const settings = { ...defaultSettings, ...changes };
      const created = { type: 'createRoom', epoch, settings, pace } as const;
      const handled = await engineRooms.handle(room, () => created, context);
      if (handled.status !== 'done') throw new Error(`room not created: ${handled.status}`);
      return room;
    },
    consume(options) {
      const consumer = startConsumer(url, partition, options);
      consumers.push(consumer);
      return consumer;
    },
    async readAndDie(name, count) {
      const blocking = connect(url, name);
      await untilReady(blocking, AbortSignal.timeout(5_000));
      const feed = createFeed({
        line: blockingLine(blocking),
        commands,
        keys: partition,
        group: usualGroup,
        consumer: name,
      });
      await feed.open();
      const entries = await feed.read(count, 1_000);
      blocking.disconnect();
      return entries;
    },
    async close() {
      await Promise.all(consumers.map((consumer) => consumer.stop()));
      commands.disconnect();
    },
  };
}

function startConsumer(url: string, partition: PartitionKeys, options: ConsumeOptions): Consumer {
  const {
    name,
    handle,
    group = usualGroup,
    wakes = ['ROOM_CREATED'],
    alarms = false,
    concurrency = 4,
    handlerMsMax = 60_000,
    telemetry = noTelemetry,
    burying = async () => undefined,
  } = options;
  const commands = connect(url, `${name}-commands`);
  const blocking = connect(url, `${name}-blocking`);
  const log = observedLog(createEventLog(commands, createKeys()), telemetry);
  const agent: Agent = { group, wakes: new Set(wakes), alarms, handle };
  const stop = new AbortController();
  const reports: Consumer['reports'] = [];
  const waiting = new Map<string, (detail: Readonly<Record<string, unknown>>) => void>();
  const report: Report = (what, detail) => {
    reports.push({ what, detail });
    waiting.get(what)?.(detail);
  };
  const running = runConsumer(
    {
      agent,
      group,
      by: group,
      consumer: name,
      feed: createFeed({ line: blockingLine(blocking), commands, keys: partition, group, consumer: name }),
      commands,
      keys: partition,
      gate: createGate(),
      log,
      rooms: createRooms(log),
      chance: () => 0,
      clock: Date.now,
      report,
      telemetry,
      burying,
      slots: createSlots(concurrency),
      handlerMsMax,
    },
    stop.signal,
  );
  return {
    reports,
    reported(what) {
      const before = reports.find((each) => each.what === what);
      if (before !== undefined) return Promise.resolve(before.detail);
      return new Promise((resolve) => waiting.set(what, resolve));
    },
    async stop() {
      stop.abort(new Error('the test is over'));
      await running;
      commands.disconnect();
      blocking.disconnect();
    },
  };
}
