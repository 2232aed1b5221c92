// The engine on one Valkey, for tests: a room to act on, and consumers around handlers that misbehave as
// told.

import { ulid } from 'ulid';
import type { EventType } from '../../core/events.ts';
import type { Game, Group } from '../../core/game.ts';
import { Epoch, RoomCode } from '../../core/ids.ts';
import { defaultSettings, type Settings } from '../../core/settings.ts';
import { createGameKeys, type GameKeys, type GamePartition } from '../../server/stores/keys.ts';
import { gameStream } from '../../server/wiring/game-stream.ts';
import { runConsumer } from '../../streams/consume/consumer.ts';
import { createExclusion } from '../../streams/consume/exclusion.ts';
import { createFeed } from '../../streams/consume/feed.ts';
import type { Report } from '../../streams/consume/report.ts';
import type { RunDeps } from '../../streams/consume/run-entry.ts';
import { createSemaphore } from '../../streams/consume/semaphore.ts';
import type { EventLog } from '../../streams/contract/event-log.ts';
import type { Agent, CommandHandler, Context, Task } from '../../streams/contract/task.ts';
import { createCommandHandler } from '../../streams/handle/command-handler.ts';
import { createEventLog } from '../../streams/log/event-log.ts';
import type { FeedEntry } from '../../streams/log/feed-entry.ts';
import { observedLog } from '../../streams/log/observed-log.ts';
import { noTelemetry, type Telemetry } from '../../streams/trace/telemetry.ts';
import { newTraceparent } from '../../streams/trace/traceparent.ts';
import { connect, untilReady, type Valkey } from '../../streams/valkey/connection.ts';
import { blockingReader } from '../../streams/valkey/stream-reader.ts';
import { connectTo } from './valkey.ts';

export const pace = { leadMs: 0, intermissionMs: 0, stageMs: 60_000, claimsAhead: 1 };

export interface Engine {
  readonly commands: Valkey;
  readonly keys: GameKeys;
  readonly partition: GamePartition;
  readonly log: EventLog<Game>;
  readonly rooms: CommandHandler<Game>;
  readonly context: Context<Game>;
  /** A room that nobody else in the test has. */
  createRoom(settings?: Partial<Settings>): Promise<RoomCode>;
  consume(options: ConsumeOptions): Consumer;
  /** Reads as this consumer and then is never heard of again: what a killed process leaves behind. */
  readAndDie(name: string, count: number): Promise<readonly FeedEntry[]>;
  close(): Promise<void>;
}

export interface ConsumeOptions {
  readonly name: string;
  readonly handle: (task: Task<Game>) => Promise<void>;
  /** `researcher` if none is named. */
  readonly group?: Exclude<Group, 'projector'>;
  readonly wakes?: readonly EventType[];
  readonly timers?: boolean;
  readonly concurrency?: number;
  readonly handlerMsMax?: number;
  readonly telemetry?: Telemetry;
  readonly beforeDeadLetter?: RunDeps<Game>['beforeDeadLetter'];
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
export async function timersOf(
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
  const commands = await connectTo(url);
  const keys = createGameKeys();
  const [partition] = keys.partitions;
  if (partition === undefined) throw new Error('no partition');
  const log = createEventLog(commands, keys, gameStream);
  const context: Context<Game> = { by: 'server', traceparent: newTraceparent() };
  const consumers: Consumer[] = [];
  const engineRooms = createCommandHandler(log, gameStream);
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
        definition: gameStream,
        reader: blockingReader(blocking),
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

function startConsumer(url: string, partition: GamePartition, options: ConsumeOptions): Consumer {
  const {
    name,
    handle,
    group = usualGroup,
    wakes = ['ROOM_CREATED'],
    timers = false,
    concurrency = 4,
    handlerMsMax = 60_000,
    telemetry = noTelemetry,
    beforeDeadLetter = async () => undefined,
  } = options;
  const commands = connect(url, `${name}-commands`);
  const blocking = connect(url, `${name}-blocking`);
  const log = observedLog(createEventLog(commands, createGameKeys(), gameStream), gameStream, telemetry);
  const agent: Agent<Game> = { group, wakes: new Set(wakes), timers, handle };
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
      feed: createFeed({
        definition: gameStream,
        reader: blockingReader(blocking),
        commands,
        keys: partition,
        group,
        consumer: name,
      }),
      commands,
      keys: partition,
      exclusion: createExclusion(),
      log,
      definition: gameStream,
      handler: createCommandHandler(log, gameStream),
      chance: () => 0,
      clock: Date.now,
      report,
      telemetry,
      beforeDeadLetter,
      semaphore: createSemaphore(concurrency),
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
