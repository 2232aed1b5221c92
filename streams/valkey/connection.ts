// Connections to Valkey, with what was measured about the client set once: commands fail at once while the
// server is away (the write path repeats under its key, a silent resend would not know), half-open sockets
// are noticed, nothing is pipelined behind our back. Driver errors become faults here.

import { type ChainableCommander, Cluster, Redis, type RedisOptions } from 'iovalkey';
import { backoffMs } from '../consume/backoff.ts';
import { Fault } from '../contract/fault.ts';
import { limits } from '../contract/limits.ts';
import { inOurWords } from './driver-words.ts';
import { refusalIn } from './refusals.ts';

/** One server, or a cluster of them: the same commands. */
export type Valkey = Redis | Cluster;
/** One server of them. */
export type ValkeyNode = Redis;
export type ValkeyCluster = Cluster;
/** Commands that were gathered, to be sent together. */
export type Pipeline = ChainableCommander;

// A server that restarts is there again within a second: sooner than for what may be away for long.
const reconnecting = { baseMs: 40, maxMs: 1_000 };

/** Whether the client asks INFO first, and waits while a server loads; else each command is told so. */
export interface Checking {
  readonly readyCheck: boolean;
}

/**
 * A connection that comes back by itself, for ever. `name` shows in CLIENT LIST.
 * Blocking readers need one each: a blocked command holds up everything behind it.
 */
export function connect(url: string, name: string, { readyCheck }: Checking = { readyCheck: true }): Redis {
  const options = { ...optionsFor(name), enableReadyCheck: readyCheck, retryStrategy: backAfterMs };
  const connection = new Redis(url, options);
  // Every failure also reaches the command that met it; this listener keeps the process from ending.
  connection.on('error', () => undefined);
  return gathering(connection);
}

/**
 * Commands of one turn of the event loop leave in one write, in their order: a write each cost a sixth of all
 * the time of a process.
 */
export function gathering(connection: Redis): Redis {
  connection.on('connect', () => {
    const { stream } = connection;
    const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
    const flush = () => stream.uncork();
    stream.write = ((...args: unknown[]) => {
      if (stream.writableCorked === 0) {
        stream.cork();
        process.nextTick(flush);
      }
      return write(...args);
    }) as typeof stream.write;
  });
  return connection;
}

/**
 * For a few commands; does not come back. The first command connects, or `connect()`. `withinMs`: for each
 * reply. A server that loads its data is asked, too.
 */
export function connectOnce(url: string, name: string, withinMs: number): Redis {
  return new Redis(url, {
    ...optionsFor(name),
    lazyConnect: true,
    enableReadyCheck: false,
    enableOfflineQueue: true,
    connectTimeout: withinMs,
    commandTimeout: withinMs,
    retryStrategy: () => null,
  });
}

/** Whether it is one of a cluster. */
export const isCluster = (connection: Valkey): connection is Cluster => connection instanceof Cluster;

/** How long to wait before the next try to connect, in ms. */
export const backAfterMs = (times: number): number => backoffMs(times, Math.random(), reconnecting);

/** What every connection has in common, also those to the nodes of a cluster. */
export function optionsFor(name: string): RedisOptions {
  return {
    connectionName: name,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    enableAutoPipelining: false,
    socketTimeout: limits.socketTimeoutMs,
    connectTimeout: 3_000,
    // A server that holds a blocked client ends its connection late or never.
    disconnectTimeout: 100,
    noDelay: true,
  };
}

/** Resolves when commands can be sent. Rejects with the signal's reason when aborted first. */
export async function untilReady(connection: Valkey, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (connection.status === 'ready') return;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const ready = () => resolve();
  const aborted = () => reject(signal.reason);
  connection.once('ready', ready);
  signal.addEventListener('abort', aborted, { once: true });
  try {
    await promise;
  } finally {
    connection.off('ready', ready);
    signal.removeEventListener('abort', aborted);
  }
}

// Also what a server says that starts, is failed over or was emptied, has a full disk, is held up by a script
// or has not taken our password yet: it will not say so for ever. A group that is gone is made again by the
// next read.
const away =
  /^(LOADING|MASTERDOWN|READONLY|CLUSTERDOWN|UNBLOCKED|TRYAGAIN|NOREPLICAS|MISCONF|NOGROUP|OOM|BUSY|NOAUTH )|max number of clients|Connection is closed|isn't writeable|ECONN|ETIMEDOUT|EPIPE|Socket (timeout|closed)|max retries|Too many Cluster redirections|Cluster isn't ready|Cluster is ended|startup nodes|refresh slots cache/i;

/** Asks the driver; what it throws becomes a fault. */
export async function orFault<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw asFault(error);
  }
}

/**
 * Turns what the driver threw into a fault: `unavailable` when the server is away or takes no writes now,
 * `not_permitted` when our user may not do this, else `store_failed`.
 */
export function asFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  const message = error instanceof Error ? error.message : String(error);
  const name = error instanceof Error ? error.name : '';
  const refused = refusalIn(message);
  if (refused !== null) {
    const code = refused.code === 'store_rights' ? 'not_permitted' : 'unavailable';
    const said = `Valkey: ${refused.what}. ${refused.cure}`;
    return new Fault(code, said, { retryable: true, cause: error });
  }
  if (away.test(message) || name === 'MaxRetriesPerRequestError' || name === 'AbortError') {
    return new Fault('unavailable', inOurWords(message), { retryable: true, cause: error });
  }
  return new Fault('store_failed', message, { retryable: false, cause: error });
}

/**
 * Of a server that has not let us in yet, or speaks another language: without a ready check the first command
 * meets it. A start waits then, and says what it waits for.
 */
export const isOutside = (error: unknown): boolean => /WRONGPASS|NOAUTH|Protocol error/.test(String(error));

/**
 * For the edge over code that asks the driver by itself: the fault where the store is away or lets us do too
 * little, whatever else was thrown as it is.
 */
export function awayOr(error: unknown): unknown {
  const fault = asFault(error);
  return fault.code === 'store_failed' ? error : fault;
}
