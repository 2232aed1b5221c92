// One direction of a connection of the line: what comes in goes out in order, at once, late, in drops, or
// not yet.

import type { Socket } from 'node:net';

const dropBytes = 48;
const dropEveryMs = 3;

export interface Manner {
  /** Nothing goes out, and all of it stays. */
  readonly holds: boolean;
  readonly drips: boolean;
  readonly delayMs: number;
}

export interface Flow {
  push(data: Buffer): void;
  set(manner: Manner): void;
  /** No more comes: the target is ended once all has gone out. What is on its way still arrives. */
  end(): void;
  /** What has not gone out is lost. */
  drop(): void;
}

export function createFlow(to: Socket): Flow {
  let waiting: { readonly data: Buffer; readonly dueAt: number }[] = [];
  let manner: Manner = { holds: false, drips: false, delayMs: 0 };
  let timer: NodeJS.Timeout | undefined;
  let ends = false;
  const later = (ms: number) => {
    timer ??= setTimeout(() => {
      timer = undefined;
      pump();
    }, ms);
  };
  const pump = () => {
    for (let [first] = waiting; first !== undefined; [first] = waiting) {
      if (manner.holds) return;
      const leftMs = manner.delayMs === 0 ? 0 : first.dueAt - performance.now();
      if (leftMs > 0) return later(leftMs);
      waiting.shift();
      const drop = manner.drips ? first.data.subarray(0, dropBytes) : first.data;
      if (to.writable) to.write(drop);
      if (drop.length === first.data.length) continue;
      waiting.unshift({ data: first.data.subarray(drop.length), dueAt: 0 });
      return later(dropEveryMs);
    }
    if (ends) to.destroy();
  };
  return {
    push(data) {
      waiting.push({ data, dueAt: performance.now() + manner.delayMs });
      pump();
    },
    set(next) {
      manner = next;
      clearTimeout(timer);
      timer = undefined;
      pump();
    },
    end() {
      ends = true;
      pump();
    },
    drop() {
      waiting = [];
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
