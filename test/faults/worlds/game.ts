// The game as a world of `npm run faults`: two servers, the agents and the projector as in production, rooms
// full of people who do not wait for each other, and a judge who reads what they saw and the raw log.

import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../../server/setup/embedded-valkey.ts';
import { createRandom } from '../random.ts';
import type { Given, Running, World } from '../world.ts';
import { judgeGames } from './game/judge/verdict.ts';
import { bundleProgram, type Plan, startTroupe } from './game/processes.ts';
import { type PlayedRoom, playRoom, type Stage } from './game/room.ts';
import { readStore, stillToDo } from './game/store-reader.ts';

const agents = ['researcher', 'writer', 'editor', 'game-master', 'projector'] as const;
const servers = ['server-0', 'server-1'] as const;
const opsToken = 'operator-of-the-faults';
/** Rooms that are played at the same time. */
const roomsAtOnce = 5;
const lookMs = 200;

let program: string | null = null;

export const world: World = {
  name: 'game',
  kinds: ['server', ...agents],
  commands: [
    ...['make room', 'join', 'join as host', 'join as screen', 'come back', 'second socket', 'ping'],
    ...['answer', 'answer again', 'answer other', 'answer late', 'answer early', 'report', 'leave'],
    ...['start', 'again', 'next', 'skip', 'close', 'extend', 'pause', 'resume', 'settings'],
    ...['kick', 'ban', 'end', 'retract'],
  ],
  // Each of its processes takes a second of CPU to start.
  bears: { kills: 45, restarts: 6 },
  async prepare() {
    program = await bundleProgram();
  },
  start,
};

async function start(given: Given): Promise<Running> {
  const ports = await Promise.all(servers.map(() => freePort()));
  const troupe = startTroupe(program ?? (await bundleProgram()), plansOf(given, ports), given.folder);
  const rooms: PlayedRoom[] = [];
  const games = new Set<Promise<void>>();
  let calm = false;
  const stage: Stage = {
    servers: ports.map((port) => `http://127.0.0.1:${port}`),
    opsToken,
    note: given.note,
    opened: (room) => void rooms.push(room),
    calm: () => calm,
  };
  return {
    pids: troupe.pids,
    async work(signal) {
      signal.addEventListener('abort', () => {
        calm = true;
      });
      const lanes = Array.from({ length: roomsAtOnce }, async (_, lane) => {
        const chance = createRandom(given.seed * 1_000 + lane).next;
        while (!signal.aborted) {
          const playing = playRoom(stage, Math.floor(chance() * 1e9));
          games.add(playing);
          await Promise.race([playing, aborted(signal)]);
          if (!signal.aborted) games.delete(playing);
        }
      });
      await Promise.all(lanes);
    },
    async settle(signal) {
      calm = true;
      await within(Promise.all(games), signal, () => stuckRooms(rooms));
      await drained(given.direct, signal);
    },
    async judge() {
      const store = await readStore(given.direct, agents);
      return judgeGames({ rooms: rooms.map(({ history }) => history), store, oddities: troupe.oddities() });
    },
    async stop() {
      for (const { seats } of rooms) for (const seat of seats) seat.leave();
      await troupe.stop();
      for (const { history } of rooms) await history.write(`${given.folder}/history.ndjson`);
    },
  };
}

function plansOf(given: Given, ports: readonly number[]): Plan[] {
  const shared = {
    VALKEY_URL: given.url,
    HOST: '127.0.0.1',
    LOG_LEVEL: 'warn',
    LEAD_MS: '300',
    INTERMISSION_MS: '300',
    STAGE_TIMEOUT_MS: '5000',
    ARENA_OPS_TOKEN: opsToken,
    // So that rooms come from addresses of their own, as behind a proxy.
    TRUSTED_PROXIES: '127.0.0.1',
  };
  return [
    ...servers.map((name, index) => ({
      name,
      kind: 'server',
      args: ['serve'],
      env: { ...shared, ...given.environment('server'), PORT: String(ports[index]) },
    })),
    ...agents.map((name) => ({
      name,
      kind: name,
      args: ['agents', name],
      env: { ...shared, ...given.environment(name), ARENA_SLOT: `${name}-0` },
    })),
  ];
}

function stuckRooms(rooms: readonly PlayedRoom[]): string {
  const stuck = rooms.flatMap(({ history, seats }) =>
    seats
      .filter(({ gone, view, isHere }) => gone === null && (view.phase !== 'over' || !isHere))
      .map(({ options, view, isHere }) => {
        const { phase, round, closed, paused, byHand } = view;
        return `${history.room} ${options.who}: ${JSON.stringify({ isHere, phase, round, closed, paused, byHand })}`;
      }),
  );
  return `games do not end: ${stuck.join('; ')}`;
}

async function drained(url: string, signal: AbortSignal): Promise<void> {
  let left = await stillToDo(url);
  while (left.length > 0) {
    if (signal.aborted) throw new Error(`not drained: ${left.join('; ')}`);
    await sleep(lookMs);
    left = await stillToDo(url);
  }
}

/** Rejects with what is stuck where the signal comes first. */
async function within<T>(work: Promise<T>, signal: AbortSignal, stuck: () => string): Promise<T> {
  const late = aborted(signal).then(() => {
    throw new Error(stuck());
  });
  return Promise.race([work, late]);
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
