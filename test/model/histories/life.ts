// One life of a process of the histories: the whole engine with its agents. In the test's own process it dies
// by the cut of all of its connections: what was on its way may arrive, nothing comes after, and nothing that
// it knew is known any more.

import { createEngine, type Store, silentReport } from '../../../streams/engine.ts';
import type { Valkey, ValkeyNode } from '../../../streams/valkey/connection.ts';
import { blockingReader } from '../../../streams/valkey/stream-reader.ts';
import { carry, defineErrands, type Outside, type Sent, work } from './errands.ts';

export interface Life {
  /** What came of it; `unknown` where it may have been done or not. */
  send(sent: Sent): Promise<string>;
  /**
   * Resolves when its consumers of a group have seen that it is paused; they take nothing from then on. A
   * life whose calls cannot be watched has no such thing.
   */
  untilPaused?(group: string): Promise<void>;
  /** SIGKILL, or what comes to the same; resolves when it is over. */
  kill(): Promise<void>;
  /** In order. */
  end(): Promise<void>;
}

export interface Beginning {
  /** Of the kind of stream. */
  readonly name: string;
  /** The same in every life of a process. */
  readonly consumer: string;
}

const readyMsMax = 30_000;

export async function beginHere(
  store: Store,
  { name, consumer }: Beginning,
  outside: Outside,
): Promise<Life> {
  const death = new AbortController();
  const { connected, connect, untilPaused } = watchedConnections(store);
  const own: Store = {
    ...store,
    connect,
    reader: (_partition, _commands, as) => blockingReader(connect(as)),
  };
  const definition = defineErrands(name);
  const engine = createEngine({ store: own, streams: [definition], consumer, report: silentReport });
  const errands = engine.stream(definition);
  work(errands, {
    met: (met) => orDead(death.signal, outside.met(met)),
    paid: (n, key) => orDead(death.signal, outside.paid(n, key)),
  });
  await errands.opened.ready(AbortSignal.timeout(readyMsMax));
  const stop = new AbortController();
  const running = engine.run(stop.signal);
  running.catch(() => undefined);
  return {
    async send(sent) {
      try {
        return await carry(errands, sent);
      } catch (error) {
        if (death.signal.aborted) return 'unknown';
        throw error;
      }
    },
    untilPaused,
    async kill() {
      death.abort(new Error('the process is dead'));
      for (const connection of connected) {
        connection.disconnect();
        connection.stream?.destroy();
      }
      await Promise.all([running, engine.close()]);
    },
    async end() {
      stop.abort();
      await running;
      await engine.close();
    },
  };
}

function watchedConnections(store: Store) {
  const connected: ValkeyNode[] = [];
  const waiting = new Map<string, PromiseWithResolvers<void>>();
  return {
    connected,
    connect(as: string): Valkey {
      const connection = store.connect(as) as ValkeyNode;
      const hexists = connection.hexists.bind(connection);
      connection.hexists = (async (key: string, field: string) => {
        const there = await hexists(key, field);
        if (there === 1) waiting.get(field)?.resolve();
        return there;
      }) as typeof connection.hexists;
      connected.push(connection);
      return connection;
    },
    untilPaused(group: string): Promise<void> {
      const wait = Promise.withResolvers<void>();
      waiting.set(group, wait);
      return wait.promise;
    },
  };
}

function orDead<T>(death: AbortSignal, work: Promise<T>): Promise<T> {
  const dies = Promise.withResolvers<never>();
  const die = () => dies.reject(death.reason);
  if (death.aborted) die();
  death.addEventListener('abort', die, { once: true });
  return Promise.race([work, dies.promise]).finally(() => death.removeEventListener('abort', die));
}
