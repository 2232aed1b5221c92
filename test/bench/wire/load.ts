// The process that makes the load on a server of answers. It keeps to its timetable whatever the server does
// (open loop): how long an answer takes counts from the moment at which it was due. Told what to do by the
// benchmark over IPC.

import { setTimeout as sleep } from 'node:timers/promises';
import { clientFrame, openRawSocket, type RawSocket } from './raw-socket.ts';

/** What the benchmark asks of this process, one thing at a time. */
export type LoadOrder =
  | {
      readonly order: 'open';
      readonly port: number;
      readonly path: string;
      readonly protocol?: string;
      /** For each socket its first request, '' for none. */
      readonly first: readonly string[];
    }
  | {
      readonly order: 'send';
      /** For each socket its request. */
      readonly requests: readonly string[];
      /** Requests a second. */
      readonly rate: number;
    };

/** What came of it. */
export interface LoadResult {
  /** Of all requests in ms, from the moment at which each was due. */
  readonly waitsMs: readonly number[];
  /** From the first that was due to the last reply. */
  readonly tookMs: number;
  /** CPU of this process in us. */
  readonly cpuUs: number;
  /** Of the first reply that was no `ok`. */
  readonly refused: string | null;
}

const openAtOnce = 50;
const replyMsMax = 30_000;
const isReply = Buffer.from('{"id":');
const sockets: RawSocket[] = [];

async function open({ port, path, protocol, first }: Extract<LoadOrder, { order: 'open' }>): Promise<null> {
  let next = 0;
  const one = async () => {
    for (let at = next++; at < first.length; at = next++) {
      const localAddress = `127.0.0.${2 + (at % 20)}`;
      const raw = await openRawSocket({
        port,
        path,
        localAddress,
        ...(protocol === undefined ? {} : { protocol }),
      });
      sockets[at] = raw;
      const request = first[at] ?? '';
      if (request === '') continue;
      const text = await replyTo(raw, request);
      if (!text.includes('"ok"')) throw new Error(`refused: ${text}`);
    }
  };
  await Promise.all(Array.from({ length: openAtOnce }, one));
  return null;
}

function replyTo(raw: RawSocket, request: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  raw.onText = (payload) => {
    if (isReplyTo(payload)) resolve(payload.toString());
  };
  raw.socket.write(clientFrame(request));
  return promise;
}

const isReplyTo = (payload: Buffer): boolean => payload.subarray(0, isReply.length).equals(isReply);

async function send({ requests, rate }: Extract<LoadOrder, { order: 'send' }>): Promise<LoadResult> {
  const frames = requests.map(clientFrame);
  const waitsMs = new Array<number>(requests.length).fill(0);
  const done = Promise.withResolvers<void>();
  let refused: string | null = null;
  let missing = requests.length;
  const startedAt = performance.now() + 5;
  const dueAt = (at: number): number => startedAt + (at * 1_000) / rate;
  for (const [at, raw] of sockets.entries()) {
    raw.onText = (payload) => {
      if (!isReplyTo(payload)) return;
      waitsMs[at] = performance.now() - dueAt(at);
      if (payload.indexOf('"err"') >= 0) refused ??= payload.toString();
      missing -= 1;
      if (missing === 0) done.resolve();
    };
  }
  const cpu = process.cpuUsage();
  let next = 0;
  while (next < frames.length) {
    const now = performance.now();
    for (; next < frames.length && dueAt(next) <= now; next++)
      sockets[next]?.socket.write(frames[next] ?? '');
    if (next < frames.length) await sleep(Math.max(1, Math.floor(dueAt(next) - performance.now())));
  }
  const late = setTimeout(() => done.reject(new Error(`${missing} replies are missing`)), replyMsMax);
  await done.promise.finally(() => clearTimeout(late));
  const { user, system } = process.cpuUsage(cpu);
  const tookMs = Math.max(...waitsMs.map((wait, at) => dueAt(at) + wait)) - startedAt;
  return { waitsMs, tookMs, cpuUs: user + system, refused };
}

process.on('message', async (order: LoadOrder) => {
  try {
    process.send?.({ done: order.order === 'open' ? await open(order) : await send(order) });
  } catch (error) {
    process.send?.({ failed: String(error) });
  }
});
process.on('disconnect', () => process.exit(0));
