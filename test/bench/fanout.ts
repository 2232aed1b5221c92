// `npm run bench -- fanout [--json]`: what it costs a server to tell the events of a log to 1,000 and 8,000
// sockets, one by one and five within a tick. Ours is a real server process with one room, whose sockets are
// screens. Beside it stand processes that read the same texts from a stream of the same Valkey: a frame that
// is made once and written straight to all sockets (the floor), a loop over `ws`, and Socket.IO. Counted is
// the CPU of the whole process for each message that has arrived.

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { RoomCode } from '../../core/ids.ts';
import { MadeRoom } from '../../core/messages.ts';
import { subprotocol } from '../../core/protocol.ts';
import { freePort } from '../../server/setup/embedded-valkey.ts';
import { type OpenedGame, openGame } from '../../server/wiring/game-stream.ts';
import { openStore, silentReport } from '../../streams/engine.ts';
import { connect, untilReady, type Valkey } from '../../streams/parts.ts';
import { type ArenaProcess, startProcess, untilOk } from '../support/processes.ts';
import { startTestValkey } from '../support/valkey.ts';
import { atMost, type Row, rowOf } from './support/figures.ts';
import { interleaved } from './support/interleaved.ts';
import { loadPeer } from './support/peers.ts';
import { publish } from './support/publish.ts';
import { startChild } from './wire/child.ts';
import type { CrowdOrder } from './wire/crowd.ts';
import { serveOn } from './wire/game.ts';
import { cpuUsOf, heldBytesOf, usageTold } from './wire/usage.ts';

const crowdSizes = [1_000, 8_000];
const burst = 5;
// Of a sample: enough that the CPU for each is no matter of a few system calls.
const deliveriesSampled = 40_000;
// All are told at one pace, which leaves ours its tick: what rests between two events finds its caches cold.
const paceMs = 100;

/** A server with all its sockets open. */
interface Contender {
  readonly server: ArenaProcess;
  /** What a socket holds in it, in bytes. */
  readonly socketBytes: number;
  /** Writes so many events where the server reads them; resolves when all sockets were told. */
  tell(messages: number): Promise<void>;
  stop(): Promise<void>;
}

/** A server that runs, and how a client comes to it. */
interface Started {
  readonly server: ArenaProcess;
  readonly door: Omit<Extract<CrowdOrder, { order: 'open' }>, 'order' | 'count'>;
  write(messages: number): Promise<unknown>;
}

interface Stores {
  readonly url: string;
  readonly commands: Valkey;
  readonly game: OpenedGame;
}

async function startOurs({ url, game }: Stores): Promise<Started> {
  const { port, process: server } = await serveOn(url, usageTold);
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };
  const made = MadeRoom.parse(await (await fetch(`http://127.0.0.1:${port}/api/rooms`, init)).json());
  const room = RoomCode.parse(made.room);
  const first = JSON.stringify({ id: 1, t: 'join', d: { room, role: 'screen' } });
  const context = { by: 'server', traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` } as const;
  let rounds = 0;
  const change = () => {
    rounds = (rounds % 200) + 1;
    const command = { type: 'changeSettings', change: { rounds }, requestId: randomUUID() } as const;
    return game.handler.handle(room, () => command, context);
  };
  return {
    server,
    door: { port, path: '/ws', protocol: subprotocol, first, welcome: '{"id":1,"ok"', counted: '{"s":' },
    write: (messages) => Promise.all(Array.from({ length: messages }, change)),
  };
}

// As long as what ours tells.
const text = JSON.stringify({
  s: 412,
  t: 'SETTINGS_CHANGED',
  at: 1_800_000_000_000,
  d: {
    settings: {
      ...{ topic: null, difficulty: 'adaptive', rounds: 12, seconds: 15, streaks: true },
      ...{ speedPoints: true, autoAdvance: true, locked: false },
    },
  },
});
const program = fileURLToPath(new URL('wire/crowd-server.ts', import.meta.url));
const ioDoor = { path: '/socket.io/?EIO=4&transport=websocket', first: '40', welcome: '40', counted: '42' };
const wsDoor = { path: '/', first: null, welcome: '', counted: '{"s":' };

const startOther =
  (way: string, door: Omit<Started['door'], 'port'>) =>
  async ({ url, commands }: Stores): Promise<Started> => {
    const port = await freePort();
    const stream = `${way}:${port}`;
    const env = { NODE_OPTIONS: usageTold };
    const server = startProcess(way, [way, url, String(port), stream], env, program);
    await untilOk(`http://127.0.0.1:${port}/`);
    const write = () => commands.xadd(stream, '*', 'e', text);
    return {
      server,
      door: { port, ...door },
      write: (messages) => Promise.all(Array.from({ length: messages }, write)),
    };
  };

const starts = {
  ours: startOurs,
  floor: startOther('framed', wsDoor),
  'ws loop': startOther('loop', wsDoor),
  'Socket.IO': startOther('socket.io', ioDoor),
};
type Name = keyof typeof starts;

async function gather({ server, door, write }: Started, size: number): Promise<Contender> {
  const crowd = startChild<CrowdOrder>('crowd.ts');
  const alone = await heldBytesOf(server);
  await crowd.order({ order: 'open', count: size, ...door }).done;
  const full = await heldBytesOf(server);
  return {
    server,
    socketBytes: (full - alone) / size,
    async tell(messages) {
      const told = crowd.order({ order: 'hear', messages: messages * size });
      await told.begun;
      await Promise.all([write(messages), told.done]);
    },
    async stop() {
      crowd.stop();
      await server.kill();
    },
  };
}

/** CPU in us for each message that has arrived, of so many told at once. */
async function costOf({ server, tell }: Contender, size: number, messages: number): Promise<number> {
  const times = Math.ceil(deliveriesSampled / (size * messages));
  const before = await cpuUsOf(server);
  for (let time = 0; time < times; time++) {
    const pace = sleep(paceMs);
    await tell(messages);
    await pace;
  }
  return ((await cpuUsOf(server)) - before) / (times * messages * size);
}

async function measure(stores: Stores, size: number): Promise<Row[]> {
  const all = new Map<Name, Contender>();
  try {
    for (const name of Object.keys(starts) as Name[]) {
      all.set(name, await gather(await starts[name](stores), size));
    }
    const of = (name: Name) => all.get(name) as Contender;
    const costs = (what: string, messages: number) => {
      const run = (name: Name) => () => costOf(of(name), size, messages);
      const contenders = { ours: run('ours'), floor: run('floor') };
      const peers = { 'ws loop': run('ws loop'), 'Socket.IO': run('Socket.IO') };
      return interleaved(`${size} sockets, ${what}`, { ...contenders, ...peers });
    };
    const single = await costs('one by one', 1);
    const bursts = await costs('five at once', burst);
    const memory = { ours: [of('ours').socketBytes], 'ws loop': [of('ws loop').socketBytes] };
    return rowsOf(size, { single, bursts, memory });
  } finally {
    await Promise.all([...all.values()].map((one) => one.stop()));
  }
}

type Samples = Readonly<Record<'single' | 'bursts' | 'memory', Readonly<Record<string, readonly number[]>>>>;

function rowsOf(size: number, { single, bursts, memory }: Samples): Row[] {
  const name = (what: string) => `${size.toLocaleString('en-US')} sockets: ${what}`;
  const unit = 'us';
  return [
    rowOf({ name: name('one message'), unit, samples: single, bounds: [atMost(1.05, 'floor')] }),
    rowOf({
      name: name('a message of five'),
      unit,
      samples: bursts,
      bounds: [atMost(0.3, 'ws loop'), atMost(0.25, 'Socket.IO')],
    }),
    rowOf({ name: name('memory'), unit: 'bytes', samples: memory, bounds: [atMost(1.3, 'ws loop')] }),
  ];
}

/** Prints a table, and one line of JSON behind it where that is wanted. */
export async function bench(json: boolean): Promise<void> {
  const { SOCKETS } = process.env;
  // Installed before a process of its own looks for it.
  await loadPeer('socket.io');
  const valkey = await startTestValkey();
  const store = await openStore(valkey.url, AbortSignal.timeout(10_000), silentReport);
  const commands = connect(valkey.url, 'bench');
  const game = openGame(store, { name: 'bench' });
  const rows: Row[] = [];
  try {
    await Promise.all([commands, game.commands].map((one) => untilReady(one, AbortSignal.timeout(10_000))));
    for (const size of SOCKETS === undefined ? crowdSizes : [Number(SOCKETS)]) {
      rows.push(...(await measure({ url: valkey.url, commands, game }, size)));
    }
  } finally {
    game.close();
    commands.disconnect();
    store.close();
    await valkey.stop();
  }
  await publish('fanout', rows, json);
}
