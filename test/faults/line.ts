// The line between the processes and Valkey: a proxy that resets, holds, delays and drips, and cuts off
// replies to commands that got through. `support/tcp-proxy.ts` does one thing to every connection at a
// time; here some connections are ill while others are well, and illnesses overlap.

import { connect, createServer, type Socket } from 'node:net';
import { createFlow, type Flow } from './line-flow.ts';
import type { Random } from './random.ts';
import type { LineFault } from './schedule.ts';

/** Of each direction. */
const latencyMsMax = 1_000;
/** So many of the replies to commits are cut off while they are. */
const repliesCut = 0.3;

export interface Line {
  readonly port: number;
  /**
   * Begins a fault; gives what ends it, which gives how often it took hold: connections that were reset or
   * held, pieces that were late, replies that were cut off.
   */
  begin(fault: LineFault, chance: number): () => number;
  /** From now on no reply arrives, until `release`; connections end with the server's own. */
  freeze(): void;
  release(): void;
  stop(): Promise<void>;
}

interface Pair {
  readonly client: Socket;
  readonly upstream: Socket;
  readonly up: Flow;
  readonly down: Flow;
  /** A commit was sent whose reply has not come. */
  commits: boolean;
}

interface Illness {
  readonly fault: LineFault;
  readonly pairs: Set<Pair>;
  readonly isFor: () => boolean;
  readonly delayMs: number;
  held: number;
}

export async function startLine(target: number, random: Random): Promise<Line> {
  const pairs = new Set<Pair>();
  const ward = createWard(pairs, random);
  let frozen = false;
  const accept = (client: Socket) => {
    const upstream = connect(target, '127.0.0.1');
    const pair = { client, upstream, up: createFlow(upstream), down: createFlow(client), commits: false };
    const gone = () => {
      if (client.destroyed && upstream.destroyed) pairs.delete(pair);
    };
    pairs.add(pair);
    ward.admit(pair);
    client.on('data', (data: Buffer) => ward.up(pair, data));
    upstream.on('data', (data: Buffer) => frozen || ward.down(pair, data));
    client.on('error', () => undefined);
    upstream.on('error', () => undefined);
    client.on('close', () => {
      pair.up.end();
      gone();
    });
    upstream.on('close', () => {
      pair.up.drop();
      pair.down.end();
      gone();
    });
  };
  const server = createServer({ noDelay: true }, accept);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    begin: ward.begin,
    freeze() {
      frozen = true;
    },
    release() {
      frozen = false;
    },
    stop() {
      for (const pair of pairs) reset(pair);
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** Who is ill of what, and what comes of it. */
function createWard(pairs: ReadonlySet<Pair>, random: Random) {
  const illnesses = new Set<Illness>();
  /** What all illnesses of a pair come to. */
  const apply = (pair: Pair) => {
    const own = [...illnesses].filter((illness) => illness.pairs.has(pair));
    const holds = own.some(({ fault }) => fault === 'line half-open');
    const drips = own.some(({ fault }) => fault === 'line drip');
    const delayMs = Math.max(0, ...own.map((illness) => illness.delayMs));
    for (const flow of [pair.up, pair.down]) flow.set({ holds, drips, delayMs });
  };
  const fallIll = (illness: Illness, pair: Pair) => {
    illness.pairs.add(pair);
    if (illness.fault === 'line half-open') illness.held += 1;
    apply(pair);
  };
  return {
    admit(pair: Pair) {
      for (const illness of illnesses) {
        if (illness.fault !== 'line cut reply' && illness.isFor()) fallIll(illness, pair);
      }
    },
    up(pair: Pair, data: Buffer) {
      if (data.includes('commit')) pair.commits = true;
      for (const illness of illnesses) {
        if (illness.fault !== 'line half-open' && illness.pairs.has(pair)) illness.held += 1;
      }
      pair.up.push(data);
    },
    down(pair: Pair, data: Buffer) {
      const cutting = [...illnesses].find(({ fault }) => fault === 'line cut reply');
      const cuts = pair.commits && cutting !== undefined && random.next() < repliesCut;
      pair.commits = false;
      if (!cuts) return void pair.down.push(data);
      cutting.held += 1;
      reset(pair);
    },
    begin(fault: LineFault, chance: number): () => number {
      const share = 0.3 + 0.7 * chance;
      const isFor = () => random.next() < share;
      const delayMs = fault === 'line slow' ? Math.ceil(latencyMsMax * (0.1 + 0.9 * chance)) : 0;
      const illness: Illness = { fault, pairs: new Set(), isFor, delayMs, held: 0 };
      if (fault === 'line reset') return () => resetSome(pairs, isFor);
      illnesses.add(illness);
      if (fault !== 'line cut reply') for (const pair of pairs) if (isFor()) fallIll(illness, pair);
      return () => {
        illnesses.delete(illness);
        for (const pair of illness.pairs) {
          // Some of the silent connections come to life with all they were told; others never do.
          if (fault === 'line half-open' && random.next() < 0.5) reset(pair);
          else apply(pair);
        }
        return illness.held;
      };
    },
  };
}

function resetSome(pairs: Iterable<Pair>, isFor: () => boolean): number {
  const hit = [...pairs].filter(isFor);
  for (const pair of hit) reset(pair);
  return hit.length;
}

function reset({ client, upstream, up, down }: Pair): void {
  up.drop();
  down.drop();
  client.resetAndDestroy();
  upstream.resetAndDestroy();
}
