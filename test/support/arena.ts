// A whole arena of processes on a Valkey of its own, for end-to-end tests that kill what they like.

import { setTimeout as sleep } from 'node:timers/promises';
import type { RecordedEvent } from '../../core/events.ts';
import { groups } from '../../core/game.ts';
import { RoomCode } from '../../core/ids.ts';
import { MadeRoom } from '../../core/messages.ts';
import { createGameKeys } from '../../server/stores/keys.ts';
import { gameStream } from '../../server/wiring/game-stream.ts';
import { groupInfos } from '../../streams/admin/group-infos.ts';
import { readAfter } from '../../streams/handle/follow.ts';
import { createEventLog } from '../../streams/log/event-log.ts';
import { freePort } from './ports.ts';
import { type ArenaProcess, startProcess, untilOk } from './processes.ts';
import { connectTo, startTestValkey } from './valkey.ts';

export interface Arena {
  readonly http: string;
  readonly ws: string;
  readonly valkeyUrl: string;
  /** Server and agents by name; `valkey` is killed by `killValkey`. */
  readonly processes: ReadonlyMap<string, ArenaProcess>;
  /** SIGKILL, and a new life after `downMs`. Rejects where it had ended by itself: that is a bug. */
  kill(name: string, downMs?: number): Promise<void>;
  createRoom(settings: object): Promise<{ room: RoomCode; hostToken: string }>;
  /** The whole log of a room. */
  log(room: RoomCode): Promise<RecordedEvent[]>;
  /** A JSON document by its key; null where there is none. */
  document(key: string): Promise<Record<string, unknown> | null>;
  /** Lag and pending entries of each group of the feed. */
  groups(): Promise<Map<string, { lag: number | null; pending: number }>>;
  stop(): Promise<void>;
}

/** `password`: of its Valkey, which has none otherwise. */
export async function startArena(
  env: Readonly<Record<string, string>> = {},
  password?: string,
): Promise<Arena> {
  const valkey = await startTestValkey([], password);
  const port = await freePort();
  const http = `http://127.0.0.1:${port}`;
  const shared = { VALKEY_URL: valkey.url, PORT: String(port), HOST: '127.0.0.1', LOG_LEVEL: 'warn', ...env };
  const processes = new Map<string, ArenaProcess>([['server', startProcess('server', ['serve'], shared)]]);
  for (const group of groups) {
    const slot = { ...shared, ARENA_SLOT: `${group}-0` };
    processes.set(group, startProcess(group, ['agents', group], slot));
  }
  const commands = await connectTo(valkey.url);
  await untilOk(`${http}/ready`);
  const eventLog = createEventLog(commands, createGameKeys(), gameStream);
  return {
    http,
    ws: `${http.replace('http', 'ws')}/ws`,
    valkeyUrl: valkey.url,
    processes,
    async kill(name, downMs = 0) {
      if (name === 'valkey') {
        await valkey.kill();
        await sleep(downMs);
        return valkey.restart();
      }
      const victim = processes.get(name);
      if (victim === undefined) throw new Error(`no process ${name}`);
      if (!victim.runs) throw new Error(`${name} had ended by itself: ${victim.output()}`);
      await victim.kill();
      await sleep(downMs);
      victim.start();
    },
    createRoom: (settings) => createRoom(http, settings),
    log: (room) => readAfter(eventLog, room, 0),
    async document(key) {
      const text = await commands.get(key);
      return text === null ? null : JSON.parse(text);
    },
    async groups() {
      const infos = await groupInfos(commands, 'game:feed');
      return new Map(infos.map(({ name, lag, pending }) => [name, { lag, pending }]));
    },
    async stop() {
      commands.disconnect();
      await Promise.all([...processes.values()].map((process) => process.kill()));
      await valkey.stop();
    },
  };
}

async function createRoom(http: string, settings: object): Promise<{ room: RoomCode; hostToken: string }> {
  const headers = { 'content-type': 'application/json' };
  const init = { method: 'POST', headers, body: JSON.stringify(settings) };
  const reply = await fetch(`${http}/api/rooms`, init);
  if (reply.status !== 201) throw new Error(`no room: ${reply.status} ${await reply.text()}`);
  const { room, hostToken } = MadeRoom.parse(await reply.json());
  return { room: RoomCode.parse(room), hostToken };
}
