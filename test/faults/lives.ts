// The lives of one server: when one ends, for whatever reason, the next one begins.

import { setTimeout as sleep } from 'node:timers/promises';

const againMs = 60;

export interface Life {
  readonly pid: number;
  /** Resolves with the reason. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

export interface Lives {
  readonly current: () => Life;
  readonly restarts: () => number;
  /** Resolves when a later life than the current one is up; rejects where none comes. */
  next(): Promise<void>;
  stop(): Promise<void>;
}

/** `isExcused`: told how a life or its start ended; true where that is a fault of ours, which will pass. */
export async function keepLiving(
  start: () => Promise<Life>,
  isExcused: (reason: string) => boolean,
): Promise<Lives> {
  let life = await start();
  let restarts = 0;
  let stopping = false;
  let coming = nextLife();
  const startAgain = async () => {
    while (!stopping) {
      await sleep(againMs);
      try {
        return await start();
      } catch (error) {
        if (!isExcused(String(error))) throw error;
      }
    }
    return life;
  };
  const goOn = async () => {
    for (;;) {
      isExcused(await life.ended);
      if (stopping) return;
      life = await startAgain();
      restarts += 1;
      coming.resolve();
      coming = nextLife();
    }
  };
  const going = goOn();
  going.catch((error: unknown) => coming.reject(error));
  return {
    current: () => life,
    restarts: () => restarts,
    next: () => coming.promise,
    async stop() {
      stopping = true;
      await life.stop();
      await going.catch(() => undefined);
    },
  };
}

/** Where it never comes, who waits for it is told; that may be no one. */
function nextLife(): PromiseWithResolvers<void> {
  const life = Promise.withResolvers<void>();
  life.promise.catch(() => undefined);
  return life;
}
