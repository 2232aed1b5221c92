// Thousands of clients in a process of their own, which only count what they are told.

import { clientFrame, openRawSocket, type RawSocket } from './raw-socket.ts';

/** What the benchmark asks of this process, one thing at a time. */
export type CrowdOrder =
  | {
      readonly order: 'open';
      readonly port: number;
      readonly path: string;
      readonly protocol?: string;
      /** So many sockets, the first message of each, and the beginning of its reply. */
      readonly count: number;
      readonly first: string | null;
      readonly welcome: string;
      /** The beginning of the messages that are counted. */
      readonly counted: string;
    }
  /** Is done when so many more messages have come. */
  | { readonly order: 'hear'; readonly messages: number };

const openAtOnce = 50;
const hearMsMax = 30_000;
const sockets: RawSocket[] = [];
let heard = 0;
let awaited = 0;
let done: (() => void) | null = null;

async function open(order: Extract<CrowdOrder, { order: 'open' }>): Promise<void> {
  const { port, path, protocol, count, first, welcome, counted } = order;
  const offered = protocol === undefined ? {} : { protocol };
  const beginning = Buffer.from(counted);
  const one = async () => {
    while (sockets.length < count) {
      const at = sockets.push({} as RawSocket) - 1;
      const raw = await openRawSocket({ port, path, localAddress: `127.0.0.${2 + (at % 20)}`, ...offered });
      sockets[at] = raw;
      if (first !== null) await welcomed(raw, first, welcome);
      raw.onText = (payload) => {
        if (payload.length < beginning.length) return;
        if (payload.compare(beginning, 0, beginning.length, 0, beginning.length) !== 0) return;
        heard += 1;
        if (heard === awaited) done?.();
      };
    }
  };
  await Promise.all(Array.from({ length: openAtOnce }, one));
}

function welcomed(raw: RawSocket, first: string, welcome: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  raw.onText = (payload) => {
    if (payload.toString().startsWith(welcome)) resolve();
  };
  raw.socket.write(clientFrame(first));
  return promise;
}

async function hear({ messages }: Extract<CrowdOrder, { order: 'hear' }>): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  awaited = heard + messages;
  done = resolve;
  process.send?.({ listens: true });
  const late = setTimeout(() => reject(new Error(`${awaited - heard} messages are missing`)), hearMsMax);
  await promise.finally(() => clearTimeout(late));
}

process.on('message', async (order: CrowdOrder) => {
  try {
    await (order.order === 'open' ? open(order) : hear(order));
    process.send?.({ done: true });
  } catch (error) {
    process.send?.({ failed: String(error) });
  }
});
process.on('disconnect', () => process.exit(0));
