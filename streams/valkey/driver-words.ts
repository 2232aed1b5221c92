// What the driver says of a connection, in words that help its caller: whether the command may have been
// done, and what to do next. The driver's own sentence stays the cause of the fault.

import { limits } from '../contract/limits.ts';

const unknown = 'it may have been done: send it again under the same key';
const seconds = limits.socketTimeoutMs / 1_000;

const sentences: readonly (readonly [driver: RegExp, ours: string])[] = [
  [
    /isn't (writeable|ready) and enableOfflineQueue/i,
    'the connection to the store is not open, so nothing was sent: await engine.ready(signal) before the first command, and send none after engine.close(); one that was lost opens again by itself',
  ],
  [
    /Connection is closed|Cluster is ended/i,
    `this program has closed its connection to the store. A command sent from now on is not done; of one that was under way ${unknown}`,
  ],
  [
    /max retries per request/i,
    `the connection to the store was lost before the command had its reply, so ${unknown}. The store went away or was silent for ${seconds} s, or this program kept its event loop busy for as long`,
  ],
  [
    /startup nodes|refresh slots cache/i,
    'no node of the cluster replies, so nothing was sent; it is looked for again by itself',
  ],
];

/** In our words; the driver's where it has said something else, such as why it cannot connect. */
export const inOurWords = (driver: string): string =>
  sentences.find(([pattern]) => pattern.test(driver))?.[1] ?? `the store is away: ${driver}`;
