import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { groups } from '../../core/game.ts';
import type { RoomCode } from '../../core/ids.ts';
import { type Arena, startArena } from '../support/arena.ts';
import { checkHistory } from '../support/check-history.ts';
import { WireClient } from '../support/wire-client.ts';

// Each game has a seed of its own, seven are played at a time; meanwhile processes are killed at random
// moments. Fewer than twenty would not get round to killing every kind.
const { CHAOS_GAMES: games, CHAOS_SEED: firstSeed } = z
  .object({
    CHAOS_GAMES: z.coerce.number().int().min(20).default(20),
    CHAOS_SEED: z.coerce.number().int().min(1).default(1),
  })
  .parse(process.env);
const seeds = Array.from({ length: games }, (_, i) => firstSeed + i);
console.log(`chaos: CHAOS_GAMES=${games} CHAOS_SEED=${firstSeed}`);
const atOnce = 7;
const victims = ['server', 'valkey', ...groups] as const;
const alive: (typeof victims)[number][] = [];

// Of server and agents together, with nothing beside them. A machine that takes longer is killed as much more
// seldom: where all die before they have loaded, nobody plays.
const usualStartMs = 4_000;

let arena: Arena;
let slowness = 1;

beforeAll(async () => {
  const since = performance.now();
  arena = await startArena({ LEAD_MS: '300', INTERMISSION_MS: '300', STAGE_TIMEOUT_MS: '5000' });
  slowness = Math.max(1, (performance.now() - since) / usualStartMs);
  console.log(`kills are ${slowness.toFixed(1)} times as far apart as usual`);
}, 60_000);
afterAll(() => arena.stop());

/** mulberry32: small, fast, the same everywhere. */
function seeded(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

interface Played {
  readonly seed: number;
  readonly room: RoomCode;
  readonly clients: WireClient[];
}

async function play(seed: number): Promise<Played> {
  const chance = seeded(seed);
  const { room, hostToken } = await untilDone(() => arena.createRoom({ rounds: 3, seconds: 5 }));
  const choose = () => (chance() < 0.9 ? (chance() < 0.5 ? 'FACT' : 'FAKE') : null);
  const url = arena.ws;
  const host = new WireClient({ url, room, role: 'host', token: hostToken });
  const names = ['Ada', 'Bo', 'Cy'];
  const players = names.map((name) => new WireClient({ url, room, name, choose }));
  const over = new AbortController();
  const staying = [host, ...players].map((client) => client.stay(over.signal));
  await Promise.all([host, ...players].map((client) => client.until(() => client.joined !== null, 60_000)));
  await untilDone(async () => {
    const { ok, err } = await host.request('start', { after: null });
    if (ok === undefined && err?.retry !== false) throw new Error('start again');
    if (ok === undefined) throw new Error(`start refused: ${err?.code}`);
  });
  const clients = [host, ...players];
  await Promise.all(clients.map((client) => client.until(() => isOver(client), 120_000)));
  over.abort();
  for (const client of clients) client.close();
  await Promise.all(staying);
  return { seed, room, clients };
}

function isOver(client: WireClient): boolean {
  return client.frame('GAME_OVER') !== undefined || client.joined?.state?.phase === 'over';
}

/** Again until it works: what fails here is a process that has just been killed. */
async function untilDone<T>(work: () => Promise<T>): Promise<T> {
  for (const givenUpAt = performance.now() + 60_000; ; ) {
    try {
      return await work();
    } catch (error) {
      if (performance.now() > givenUpAt || String(error).includes('refused:')) throw error;
      await sleep(100);
    }
  }
}

/** Kills until told to stop; gives how often each was. */
async function rage(chance: () => number, signal: AbortSignal): Promise<Map<string, number>> {
  const kills = new Map<string, number>();
  while (!signal.aborted) {
    // Each kind once before any comes again, by chance: also where few are killed.
    if (alive.length === 0) alive.push(...victims);
    const [victim = 'server'] = alive.splice(Math.floor(chance() * alive.length), 1);
    await arena.kill(victim, Math.round(chance() * 400));
    kills.set(victim, (kills.get(victim) ?? 0) + 1);
    await sleep((500 + chance() * 1_500) * slowness);
  }
  return kills;
}

describe('seeded games with processes killed at random', () => {
  const kills = new Map<string, number>();
  let promised = 0;

  for (let first = 0; first < seeds.length; first += atOnce) {
    const batch = seeds.slice(first, first + atOnce);
    test(`games ${batch.join(', ')} lose nothing, count nothing twice, and end`, async () => {
      const calm = new AbortController();
      const [played, killed] = await Promise.all([
        Promise.all(batch.map(play)).finally(() => calm.abort()),
        rage(seeded(1_000 + firstSeed + first), calm.signal),
      ]);
      for (const [victim, times] of killed) kills.set(victim, (kills.get(victim) ?? 0) + times);
      for (const { seed, room, clients } of played) {
        const acknowledged = clients.flatMap(({ playerId, acknowledged: answers }) =>
          answers.map((answer) => ({ playerId: playerId ?? '', ...answer })),
        );
        const log = await untilDone(() => arena.log(room));
        expect({ seed, problems: checkHistory({ log, acknowledged }) }).toEqual({ seed, problems: [] });
        promised += acknowledged.length;
        const over = log.findLast(({ type }) => type === 'GAME_OVER');
        await expect
          .poll(() => arena.document(`game:leaderboard:${room}`).catch(() => null), { timeout: 30_000 })
          .toMatchObject({ entries: over?.type === 'GAME_OVER' ? over.data.entries : null });
      }
    }, 240_000);
  }

  test('every kind of process was killed, and when all is calm no group has anything left to do', async () => {
    console.log(`answers acknowledged and scored once: ${promised}`);
    console.log(`kills: ${[...kills].map(([victim, times]) => `${victim} ${times}`).join(', ')}`);
    expect([...kills.keys()].sort()).toEqual([...victims].sort());
    const ended = [...arena.processes.values()].filter(({ runs }) => !runs);
    expect(ended.map(({ name, output }) => `${name}: ${output()}`)).toEqual([]);
    await expect
      .poll(async () => [...(await arena.groups()).values()], { timeout: 30_000 })
      .toEqual(groups.map(() => ({ lag: 0, pending: 0 })));
  }, 60_000);
});
