// How a reader of a partition's streams waits for what is new. On one Valkey the server holds the read. On a
// cluster that would take a connection for each of hundreds of readers: there it waits for a wake-up, and
// then a read only asks.

import { pause } from '../consume/backoff.ts';
import { orFault, untilReady, type Valkey } from './connection.ts';
import type { WakeUps } from './wake-ups.ts';

export interface Wanted {
  /** In small letters: in capitals the client does not find the keys, and asks any node of a cluster. */
  readonly command: 'xread' | 'xreadgroup';
  /** What stands before BLOCK and STREAMS. */
  readonly options: readonly (string | number)[];
  /** All in one slot. */
  readonly streams: readonly string[];
  /** An id for each stream. */
  readonly after: readonly string[];
}

export interface StreamReader {
  /** Resolves when a read can be sent. */
  ready(signal: AbortSignal): Promise<void>;
  /** Resolves when a read may find something, or after `ms`; at once where the server holds the read. */
  woken(ms: number): Promise<void>;
  /** The server's reply; null: there is nothing, or nothing came within `ms` where it waits. Throws Fault. */
  read(wanted: Wanted, ms: number): Promise<unknown>;
  /** Every call of `woken` and `read` returns, and later ones do not wait. */
  end(): void;
}

/** `connection` is for this reader alone: a read that waits holds up everything behind it. */
export function blockingReader(connection: Valkey): StreamReader {
  return {
    ready: (signal) => untilReady(connection, signal),
    woken: async () => undefined,
    read: ({ command, options, streams, after }, ms) =>
      orFault(() => connection.call(command, ...options, 'BLOCK', ms, 'STREAMS', ...streams, ...after)),
    end: () => connection.disconnect(),
  };
}

/** `connection` may be shared: nothing waits on it. `stream`: whose wake-ups count for all that are read. */
export function wokenReader(connection: Valkey, wakeUps: WakeUps, stream: string): StreamReader {
  const over = new AbortController();
  // Wake-ups up to the last read that found nothing. Where one found something, or failed, there may be more.
  let heard: number | null = null;
  return {
    ready: (signal) => untilReady(connection, signal),
    async woken(ms) {
      if (heard !== null) await wakeUps.wait(stream, { heard, ms, signal: over.signal });
    },
    async read({ command, options, streams, after }) {
      if (over.signal.aborted) return null;
      const before = wakeUps.heard(stream);
      heard = null;
      const reply = await orFault(() =>
        connection.call(command, ...options, 'STREAMS', ...streams, ...after),
      );
      if (reply === null) heard = before;
      return reply;
    },
    end: () => over.abort(),
  };
}

/** Waits until something may be due: at most `ms`, and not for longer than a loss may stay unseen. */
export type Idle = (ms: number, signal: AbortSignal) => Promise<void>;

export const pausing =
  (msMax: number): Idle =>
  (ms, signal) =>
    pause(Math.min(ms, msMax), signal);

export const listening =
  (wakeUps: WakeUps, stream: string): Idle =>
  async (ms, signal) => {
    await wakeUps.wait(stream, { heard: wakeUps.heard(stream), ms, signal });
    signal.throwIfAborted();
  };
