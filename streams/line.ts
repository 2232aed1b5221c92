// How a reader of a partition's streams waits for what is new. On one Valkey the server holds the read. On a
// cluster that would take a connection for each of hundreds of readers: there it waits for the doorbell, and
// then a read only asks.

import { pause } from './backoff.ts';
import type { Bell } from './bell.ts';
import { orFault, untilReady, type Valkey } from './connection.ts';

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

export interface Line {
  /** Resolves when a read can be sent. */
  ready(signal: AbortSignal): Promise<void>;
  /** Resolves when a read may find something, or after `ms`; at once where the server holds the read. */
  woken(ms: number): Promise<void>;
  /** The server's reply; null: there is nothing, or nothing came within `ms` where it waits. Throws Fault. */
  read(wanted: Wanted, ms: number): Promise<unknown>;
  /** Whoever waits comes back, and nobody waits any more. */
  end(): void;
}

/** `connection` is for this line alone: a read that waits holds up everything behind it. */
export function blockingLine(connection: Valkey): Line {
  return {
    ready: (signal) => untilReady(connection, signal),
    woken: async () => undefined,
    read: ({ command, options, streams, after }, ms) =>
      orFault(() => connection.call(command, ...options, 'BLOCK', ms, 'STREAMS', ...streams, ...after)),
    end: () => connection.disconnect(),
  };
}

/** `connection` may be shared: nothing waits on it. `place`: the stream whose bell rings for all of them. */
export function belledLine(connection: Valkey, bell: Bell, place: string): Line {
  const over = new AbortController();
  // Rings up to the last read that found nothing. Where one found something, or failed, there may be more.
  let heard: number | null = null;
  return {
    ready: (signal) => untilReady(connection, signal),
    async woken(ms) {
      if (heard !== null) await bell.wait(place, { heard, ms, signal: over.signal });
    },
    async read({ command, options, streams, after }) {
      if (over.signal.aborted) return null;
      const rung = bell.rung(place);
      heard = null;
      const reply = await orFault(() =>
        connection.call(command, ...options, 'STREAMS', ...streams, ...after),
      );
      if (reply === null) heard = rung;
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
  (bell: Bell, place: string): Idle =>
  async (ms, signal) => {
    await bell.wait(place, { heard: bell.rung(place), ms, signal });
    signal.throwIfAborted();
  };
