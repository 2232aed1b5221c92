// A server that pushes what happens to a player who comes back whenever the connection is gone: each event
// is told once and in order, whatever process tells it.

import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../server/setup/embedded-valkey.ts';
import { eventsOf } from '../support/commits.ts';
import { startEngine } from '../support/engine.ts';
import { arena } from '../support/processes.ts';
import { WireClient } from '../support/wire-client.ts';
import type { World } from './world.ts';

const lookMs = 20;
/** The number of rounds, changed one after the other. */
const changes = [3, 4, 5, 6];
/** Where the page is kept that every server serves. */
const kept = fileURLToPath(new URL('../../.arena', import.meta.url));
const ports = new Map<string, number>();

export const push: World = {
  name: 'push',
  groups: [],
  program: ({ url }) => ({
    file: arena,
    args: ['serve'],
    env: {
      VALKEY_URL: url,
      PORT: String(ports.get(url)),
      HOST: '127.0.0.1',
      LOG_LEVEL: 'error',
      ARENA_DATA_DIR: kept,
    },
  }),
  async begin({ url }) {
    const engine = await startEngine(url);
    const port = await freePort();
    ports.set(url, port);
    const room = await engine.createRoom();
    const ada = new WireClient({ url: `ws://127.0.0.1:${port}/ws`, room, name: 'Ada' });
    const leaving = new AbortController();
    const staying = ada.stay(leaving.signal);
    staying.catch(() => undefined);
    const told = () => ada.frames.filter(({ t }) => t === 'SETTINGS_CHANGED').map(({ s }) => s);
    let changed: number[] = [];
    return {
      async play(signal) {
        const until = async (what: () => boolean) => {
          while (!what()) await sleep(lookMs, undefined, { signal });
        };
        await until(() => ada.joined !== null);
        for (const rounds of changes.slice(changed.length)) {
          const change = { type: 'changeSettings', change: { rounds }, requestId: String(rounds) } as const;
          const handled = await engine.rooms.handle(room, () => change, engine.context);
          const [event] = handled.status === 'done' ? handled.events : [];
          if (event !== undefined) changed = [...changed, event.rev];
          await until(() => told().includes(event?.rev));
        }
        await until(() => changed.every((rev) => told().includes(rev)));
      },
      left: async () => [],
      async judge() {
        const log = await eventsOf(engine, room);
        const written = log.filter(({ type }) => type === 'SETTINGS_CHANGED').map(({ rev }) => rev);
        const joins = log.filter(({ type }) => type === 'PLAYER_JOINED').length;
        return [
          ...(String(told()) === String(written) ? [] : [`told ${told()}, and the log has ${written}`]),
          ...(written.length === changes.length ? [] : [`${written.length} changes`]),
          ...(joins === 1 ? [] : [`Ada joined ${joins} times`]),
        ];
      },
      async end() {
        leaving.abort();
        ada.close();
        await engine.close();
      },
    };
  },
};
