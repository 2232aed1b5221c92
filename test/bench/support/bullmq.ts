// BullMQ on the Valkey that ours runs on, set up for speed as its documentation has it: connections that
// pipeline by themselves, workers with as much concurrency as there is work at once, finished jobs removed
// at once, a short stream of events.

import { loadPeer } from './peers.ts';

/** What is used of it. */
interface Queue {
  waitUntilReady(): Promise<unknown>;
  add(name: string, data: object): Promise<unknown>;
  addBulk(jobs: readonly { readonly name: string; readonly data: object }[]): Promise<unknown>;
}

interface Worker {
  waitUntilReady(): Promise<unknown>;
  close(): Promise<void>;
}

type Process = (job: { readonly data: Readonly<Record<string, unknown>> }) => Promise<unknown>;

interface BullMq {
  readonly Queue: new (name: string, options: object) => Queue;
  readonly Worker: new (name: string, process: Process, options: object) => Worker;
}

interface Ioredis {
  readonly Redis: new (url: string, options: object) => { disconnect(): void };
}

export interface OpenBullMq {
  /** Ready when it resolves. */
  queue(name: string): Promise<Queue>;
  /** Processes the jobs of a queue, so many at once. Resolves when it does, with what ends it. */
  work(name: string, atOnce: number, process: Process): Promise<() => Promise<void>>;
  close(): void;
}

// A worker fetches job after job; four were measured to be faster than one with all of the concurrency.
const workersOf = (atOnce: number) => (atOnce >= 16 ? 4 : 1);

export async function openBullMq(url: string): Promise<OpenBullMq> {
  const { Queue, Worker } = (await loadPeer('bullmq')).module as BullMq;
  const { Redis } = (await loadPeer('ioredis')).module as Ioredis;
  const options = { enableAutoPipelining: true, maxRetriesPerRequest: null };
  const [adding, working] = [new Redis(url, options), new Redis(url, options)];
  return {
    async queue(name) {
      const defaultJobOptions = { removeOnComplete: true, removeOnFail: true };
      const streams = { events: { maxLen: 100 } };
      const queue = new Queue(name, { connection: adding, defaultJobOptions, streams });
      await queue.waitUntilReady();
      return queue;
    },
    async work(name, atOnce, process) {
      const count = workersOf(atOnce);
      const concurrency = atOnce / count;
      const workers = Array.from(
        { length: count },
        () => new Worker(name, process, { connection: working, concurrency, drainDelay: 1 }),
      );
      await Promise.all(workers.map((worker) => worker.waitUntilReady()));
      return async () => {
        await Promise.all(workers.map((worker) => worker.close()));
      };
    },
    close() {
      adding.disconnect();
      working.disconnect();
    },
  };
}
