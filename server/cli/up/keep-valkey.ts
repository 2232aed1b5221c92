// The Valkey of a folder for as long as `arena up` runs: it comes back when it ends, later each time that it
// dies soon, and why is said in one sentence.

import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { awayOr, isAway } from '../../../streams/engine.ts';
import { CannotStart } from '../../config/cannot-start.ts';
import { diskTrouble, saidBySystem } from '../../setup/disk.ts';
import {
  type EmbeddedValkey,
  embeddedUrl,
  endStray,
  isAlive,
  startValkey,
  ValkeyEnded,
} from '../../setup/embedded-valkey.ts';
import { createRestarts, type Restarting } from '../../setup/restarts.ts';
import { refuseSecond } from './folder-lock.ts';

export interface Keeping {
  readonly dataDir: string;
  readonly restarting: Restarting;
  readonly say: (line: string) => void;
}

export interface KeptValkey {
  readonly url: string;
  /** Resolves when it is gone. */
  stop(): Promise<void>;
}

/**
 * Starts it, and again until the signal; it runs until `stop`.
 * @throws CannotStart where it cannot be started, or another has it; NoValkey where there is none to start.
 */
export async function keepValkey(keeping: Keeping, signal: AbortSignal): Promise<KeptValkey> {
  const { dataDir, say } = keeping;
  if (await isAlive(dataDir)) {
    const url = (await embeddedUrl(dataDir)) ?? '';
    await orGone(() => refuseSecond(url, dataDir));
    await orGone(() => endStray(dataDir));
  }
  const first = await startValkey(dataDir, say).catch(async (error: unknown) => {
    if (!isOutcome(error)) throw error;
    throw new CannotStart(`Valkey cannot be started: ${await whyEnded(dataDir, error)}.`, { cause: error });
  });
  const stop = new AbortController();
  const running = keepRunning(first, keeping, { again: signal, stop: stop.signal });
  return {
    url: first.url,
    async stop() {
      stop.abort();
      await running;
    },
  };
}

/** `again`: until then it is started again. `stop`: then it is ended. */
interface Until {
  readonly again: AbortSignal;
  readonly stop: AbortSignal;
}

async function keepRunning(first: EmbeddedValkey, keeping: Keeping, until: Until): Promise<void> {
  const restMs = createRestarts(keeping.restarting);
  const stopped = new Promise<null>((resolve) => until.stop.addEventListener('abort', () => resolve(null)));
  let server = first;
  for (;;) {
    const startedAt = performance.now();
    const why = await Promise.race([server.ended, stopped]);
    if (why === null) return server.stop();
    const next = await startAgain(keeping, why, restMs, { livedMs: performance.now() - startedAt, ...until });
    if (next === null) return;
    server = next;
  }
}

/** Null where it is not to be started again. */
async function startAgain(
  { dataDir, say }: Keeping,
  ended: string,
  restMs: (livedMs: number) => number,
  { livedMs, again, stop }: Until & { readonly livedMs: number },
): Promise<EmbeddedValkey | null> {
  const over = AbortSignal.any([again, stop]);
  let why: unknown = ended;
  for (let backInMs = restMs(livedMs); ; backInMs = restMs(0)) {
    if (over.aborted) return null;
    say(`Valkey: ${await whyEnded(dataDir, why)}; it is started again in ${(backInMs / 1_000).toFixed(1)} s`);
    await sleep(backInMs, undefined, { signal: over }).catch(() => undefined);
    if (over.aborted) return null;
    try {
      await endStray(dataDir);
      return await startValkey(dataDir, say);
    } catch (error) {
      why = error;
    }
  }
}

/** What came of a start, and no bug of ours: the server's own end, or what the system refused. */
const isOutcome = (error: unknown): boolean =>
  error instanceof ValkeyEnded || (error instanceof Error && 'errno' in error);

/** The disk is asked: a server that a full one ended says so some lines before its last, or not at all. */
async function whyEnded(dataDir: string, ended: unknown): Promise<string> {
  const disk = (await diskTrouble(join(dataDir, 'data'))) ?? (await diskTrouble(dataDir));
  if (disk !== null) return disk;
  if (ended instanceof Error && 'errno' in ended) return `${dataDir}: ${saidBySystem(ended)}`;
  return ended instanceof Error ? ended.message : String(ended);
}

/** What is on its way out, with whoever had it, may answer no more: then it is as good as gone. */
async function orGone(ask: () => Promise<void>): Promise<void> {
  try {
    await ask();
  } catch (error) {
    const late = error instanceof Error && error.name === 'TimeoutError';
    if (!late && !isAway(awayOr(error))) throw error;
  }
}
