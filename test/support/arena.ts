// A whole arena of processes on a Valkey of its own, for end-to-end tests that kill what they like.

import { setTimeout as sleep } from 'node:timers/promises';
import type { RecordedEvent } from '../../core/events.ts';
import { RoomCode } from '../../core/ids.ts';
import { connect, untilReady } from '../../streams/connection.ts';
import { createEventLog } from '../../streams/event-log.ts';
import { createKeys, groups } from '../../streams/keys.ts';
import { type ArenaProcess, freePort, startProcess, untilOk } from './processes.ts';
import { startTestValkey } from './valkey.ts';

export interface Arena {
  readonly http: string;
  readonly ws: string;
  readonly valkeyUrl: string;
  /** Server and agents by name; `valkey` is killed by `killValkey`. */
  readonly processes: ReadonlyMap<string, ArenaProcess>;
  /** SIGKILL, and a new life after `downMs`. */
  kill(name: string, downMs?: number): Promise<void>;
  createRoom(settings: object): Promise<{ room: RoomCode; hostToken: string }>;
  /** The whole log of a room. */
  log(room: RoomCode): Promise<RecordedEvent[]>;
  /** A JSON document by its key; null where there is none. */
  document(key: string): Promise<Record<string, unknown> | null>;
  /** Lag and pending entries of each group of the feed. */
  groups(): Promise<Map<string, { lag: number; pending: number }>>;
  stop(): Promise<void>;
}

export async function startArena(env: Readonly<Record<string, string>> = {}): Promise<Arena> {
  const valkey = await startTestValkey();
  const port = await freePort();
  const http = `http://127.0.0.1:${port}`;
  const shared = { VALKEY_URL: valkey.url, PORT: String(port), HOST: '127.0.0.1', LOG_LEVEL: 'warn', ...env };
  const processes = new Map<string, ArenaProcess>([['server', startProcess('server', ['serve'], shared)]]);
  for (const group of groups) {
    const slot = { ...shared, ARENA_SLOT: `${group}-0` };
    processes.set(group, startProcess(group, ['agents', group], slot));
  }
  const commands = connect(valkey.url, 'test');
  await untilReady(commands, AbortSignal.timeout(10_000));
  await untilOk(`${http}/ready`);
  const eventLog = createEventLog(commands, createKeys());
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
      await victim.kill();
      await sleep(downMs);
      victim.start();
    },
    async createRoom(settings) {
      const headers = { 'content-type': 'application/json' };
      const reply = await fetch(`${http}/api/rooms`, {
        method: 'POST',
        headers,
        body: JSON.stringify(settings),
      });
      if (reply.status !== 201) throw new Error(`no room: ${reply.status} ${await reply.text()}`);
      const { room, hostToken } = (await reply.json()) as { room: string; hostToken: string };
      return { room: RoomCode.parse(room), hostToken };
    },
    async log(room) {
      const all: RecordedEvent[] = [];
      for (;;) {
        const page = await eventLog.read(room, all.at(-1)?.rev ?? 0);
        if (page.length === 0) return all;
        all.push(...page);
      }
    },
    async document(key) {
      const text = await commands.get(key);
      return text === null ? null : JSON.parse(text);
    },
    async groups() {
      const infos = (await commands.xinfo('GROUPS', 'game:feed')) as unknown[][];
      return new Map(
        infos.map((info) => {
          const field = (name: string) => info[info.indexOf(name) + 1];
          return [String(field('name')), { lag: Number(field('lag')), pending: Number(field('pending')) }];
        }),
      );
    },
    async stop() {
      commands.disconnect();
      await Promise.all([...processes.values()].map((process) => process.kill()));
      await valkey.stop();
    },
  };
}
