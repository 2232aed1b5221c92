// `npm run bench -- answers [--json]`: answers of 500 and 2,000 players in 20 rooms through a real server
// process, beside a bare `ws` server that writes each message with one XADD. The load keeps to its timetable
// (open loop) and comes from a process of its own, which shares the cores with the server and the store. How
// many answers a second it bears is what is answered while far more are due; the delay is measured at half of
// that.

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { subprotocol } from '../../core/protocol.ts';
import { freePort } from '../../server/setup/embedded-valkey.ts';
import { connect, untilReady, type Valkey } from '../../streams/parts.ts';
import { startTestValkey } from '../support/valkey.ts';
import { processCpuUs, valkeyCpuUs } from './support/cost.ts';
import { atLeast, atMost, median, percentile, type Row, rowOf } from './support/figures.ts';
import { interleaved } from './support/interleaved.ts';
import { publish } from './support/publish.ts';
import { startChild } from './wire/child.ts';
import { type LedRoom, leadRooms, serveOn } from './wire/game.ts';
import type { LoadOrder, LoadResult } from './wire/load.ts';

const roomCount = 20;
const playerCounts = [500, 2_000];
// No machine answers so many: they all are due at once, and what is answered a second is all that can be.
const flood = 100_000;
const answersSampled = 2_000;

/** A server under load: ours, or the floor. */
interface Contender {
  readonly pid: number;
  /** For each player the request to be sent next. */
  requests(): Promise<readonly string[]>;
  send(requests: readonly string[], rate: number): Promise<LoadResult>;
  stop(): Promise<void>;
}

/** What came of some thousand answers. */
interface Sampled {
  /** Of each answer, from the moment at which it was due. */
  readonly waitsMs: readonly number[];
  readonly rate: number;
  /** CPU of each process in us for an answer. */
  readonly serverUs: number;
  readonly valkeyUs: number;
  readonly loadUs: number;
}

async function ours(valkeyUrl: string, players: number): Promise<Contender> {
  const { port, process: server } = await serveOn(valkeyUrl);
  const rooms = await leadRooms(port, roomCount);
  const roomOf = (at: number) => rooms[at % roomCount] as LedRoom;
  const load = startChild<LoadOrder>('load.ts');
  const join = (at: number) => ({
    room: roomOf(at).room,
    name: `Player ${at}`,
    nonce: `nonce-of-player-${at}`,
  });
  const first = Array.from({ length: players }, (_, at) => JSON.stringify({ id: 1, t: 'join', d: join(at) }));
  await load.order({ order: 'open', port, path: '/ws', protocol: subprotocol, first }).done;
  return {
    pid: server.pid,
    async requests() {
      const rounds = await Promise.all(rooms.map((room) => room.ask()));
      const answer = (at: number) => ({ roundId: rounds[at % roomCount], answer: at % 2 ? 'FACT' : 'FAKE' });
      return first.map((_, at) => JSON.stringify({ id: 2, t: 'answer', d: answer(at) }));
    },
    send: (requests, rate) => load.order<LoadResult>({ order: 'send', requests, rate }).done,
    async stop() {
      load.stop();
      for (const { host } of rooms) host.close();
      await server.stop();
    },
  };
}

async function floor(valkeyUrl: string, players: number): Promise<Contender> {
  const port = await freePort();
  const program = fileURLToPath(new URL('wire/floor-server.ts', import.meta.url));
  const server: ChildProcess = fork(program, [valkeyUrl, String(port)]);
  await once(server, 'message');
  const load = startChild<LoadOrder>('load.ts');
  const first = Array.from({ length: players }, () => '');
  await load.order({ order: 'open', port, path: '/', first }).done;
  const roundId = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
  const request = JSON.stringify({ id: 2, t: 'answer', d: { roundId, answer: 'FACT' } });
  return {
    pid: server.pid ?? 0,
    requests: async () => Array.from({ length: players }, () => request),
    send: (requests, rate) => load.order<LoadResult>({ order: 'send', requests, rate }).done,
    async stop() {
      load.stop();
      server.kill();
    },
  };
}

/** All players answer, as often as it takes for a sample, at so many answers a second. */
async function play(contender: Contender, commands: Valkey, rate: number): Promise<Sampled> {
  const waitsMs: number[] = [];
  const sum = { tookMs: 0, serverUs: 0, valkeyUs: 0, loadUs: 0 };
  while (waitsMs.length < answersSampled) {
    const requests = await contender.requests();
    const [server, valkey] = [processCpuUs(contender.pid), await valkeyCpuUs(commands)];
    const result = await contender.send(requests, rate);
    if (result.refused !== null) throw new Error(`an answer was refused: ${result.refused}`);
    waitsMs.push(...result.waitsMs);
    sum.tookMs += result.tookMs;
    sum.loadUs += result.cpuUs;
    sum.serverUs += processCpuUs(contender.pid) - server;
    sum.valkeyUs += (await valkeyCpuUs(commands)) - valkey;
  }
  const each = (us: number) => us / waitsMs.length;
  return {
    waitsMs,
    rate: (waitsMs.length * 1_000) / sum.tookMs,
    serverUs: each(sum.serverUs),
    valkeyUs: each(sum.valkeyUs),
    loadUs: each(sum.loadUs),
  };
}

async function measure(valkeyUrl: string, commands: Valkey, players: number): Promise<Row[]> {
  const contenders = { ours: await ours(valkeyUrl, players), floor: await floor(valkeyUrl, players) };
  const sample = (what: string, rates: Readonly<Record<'ours' | 'floor', number>>, warmUps: number) =>
    interleaved(
      `${players} sockets, ${what}`,
      {
        ours: () => play(contenders.ours, commands, rates.ours),
        floor: () => play(contenders.floor, commands, rates.floor),
      },
      { warmUps },
    );
  const half = (some: readonly Sampled[]) => median(some.map(({ rate }) => rate)) / 2;
  try {
    const flooded = await sample('saturation', { ours: flood, floor: flood }, 4);
    const steady = await sample('at half of it', { ours: half(flooded.ours), floor: half(flooded.floor) }, 1);
    return rowsOf(players, flooded, steady);
  } finally {
    await Promise.all([contenders.ours.stop(), contenders.floor.stop()]);
  }
}

type Played = Readonly<Record<'ours' | 'floor', readonly Sampled[]>>;

function rowsOf(players: number, flooded: Played, steady: Played): Row[] {
  const both = (some: Played, of: (sampled: Sampled) => number) => ({
    ours: some.ours.map(of),
    floor: some.floor.map(of),
  });
  const costs = (some: readonly Sampled[]) =>
    some.map(({ rate, serverUs, valkeyUs }) => ({ rate, clientUs: serverUs, serverUs: valkeyUs }));
  const name = (what: string) => `${players.toLocaleString('en-US')} sockets: ${what}`;
  const waits = (share: number) => both(steady, ({ waitsMs }) => percentile(waitsMs, share));
  return [
    rowOf({
      name: name('answers a second'),
      unit: '/s',
      samples: { ours: costs(flooded.ours), floor: costs(flooded.floor) },
      bounds: [atLeast(0.6, 'floor')],
    }),
    rowOf({ name: name('CPU of the load'), unit: 'us', samples: both(flooded, ({ loadUs }) => loadUs) }),
    rowOf({ name: name('p50 at half of it'), unit: 'ms', samples: waits(0.5) }),
    rowOf({ name: name('p99 at half of it'), unit: 'ms', samples: waits(0.99), bounds: [atMost(25)] }),
    rowOf({ name: name('CPU at half of it'), unit: 'us', samples: both(steady, ({ serverUs }) => serverUs) }),
    rowOf({
      name: name('CPU of Valkey at half of it'),
      unit: 'us',
      samples: both(steady, ({ valkeyUs }) => valkeyUs),
    }),
  ];
}

/** Prints a table, and one line of JSON behind it where that is wanted. */
export async function bench(json: boolean): Promise<void> {
  const rows: Row[] = [];
  const counts = process.env['PLAYERS'] === undefined ? playerCounts : [Number(process.env['PLAYERS'])];
  for (const players of counts) {
    const valkey = await startTestValkey();
    const commands = connect(valkey.url, 'bench');
    try {
      await untilReady(commands, AbortSignal.timeout(10_000));
      rows.push(...(await measure(valkey.url, commands, players)));
    } finally {
      commands.disconnect();
      await valkey.stop();
    }
  }
  await publish('answers', rows, json);
}
