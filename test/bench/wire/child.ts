// A process that does for a benchmark what it is told, one order after the other.

import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What such a process says: first that it has begun, where it says so, then what came of it. */
interface Said {
  readonly listens?: boolean;
  readonly done?: unknown;
  readonly failed?: string;
}

export interface Ordered<R> {
  /** Resolves when it has begun, for orders that say so. */
  readonly begun: Promise<void>;
  readonly done: Promise<R>;
}

export interface Child<Order> {
  order<R = unknown>(what: Order): Ordered<R>;
  stop(): void;
}

/** `program`: a file beside this one. */
export function startChild<Order extends object>(program: string): Child<Order> {
  const file = fileURLToPath(new URL(program, import.meta.url));
  const child = fork(file, { serialization: 'advanced' });
  return {
    order<R>(what: Order) {
      const begun = Promise.withResolvers<void>();
      const done = Promise.withResolvers<R>();
      const listen = (said: Said) => {
        if (said.listens === true) return begun.resolve();
        child.off('message', listen);
        if (said.failed === undefined) done.resolve(said.done as R);
        else done.reject(new Error(`${program}: ${said.failed}`));
      };
      child.on('message', listen);
      child.send(what);
      return { begun: begun.promise, done: done.promise };
    },
    stop: () => void child.kill(),
  };
}
