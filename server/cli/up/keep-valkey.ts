// Runs the Valkey of a folder for as long as `arena up` runs. When it ends, one sentence says why, and
// it is started again; when it ends soon after each start, the waits grow.

import { join } from 'node:path';
import { isAway } from '../../../streams/engine.ts';
import { awayOr, repeat } from '../../../streams/parts.ts';
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
 * Starts Valkey, and starts it again whenever it ends, until the signal. It runs on until `stop`.
 * @throws CannotStart when it cannot be started or another process uses it; NoValkey when there is no
 * binary.
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

/** After `again` it is not started again. At `stop` it is ended. */
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

/** Null when it is not to be started again. */
async function startAgain(
  { dataDir, say }: Keeping,
  ended: string,
  restMs: (livedMs: number) => number,
  { livedMs, again, stop }: Until & { readonly livedMs: number },
): Promise<EmbeddedValkey | null> {
  const over = AbortSignal.any([again, stop]);
  if (over.aborted) return null;
  const rest = async (why: unknown, backInMs: number) => {
    say(`Valkey: ${await whyEnded(dataDir, why)}; it is started again in ${(backInMs / 1_000).toFixed(1)} s`);
    return backInMs;
  };
  let started: EmbeddedValkey | null = null;
  const start = async () => {
    try {
      await endStray(dataDir);
      started = await startValkey(dataDir, say);
      return null;
    } catch (error) {
      return over.aborted ? null : rest(error, restMs(0));
    }
  };
  await repeat(over, start, { firstMs: await rest(ended, restMs(livedMs)) });
  return started;
}

/** True when a start failed for a known reason: the server ended, or the system refused something. */
const isOutcome = (error: unknown): boolean =>
  error instanceof ValkeyEnded || (error instanceof Error && 'errno' in error);

/**
 * Looks at the disk first: a server that a full disk ended may not say so in its last line, or not at
 * all.
 */
async function whyEnded(dataDir: string, ended: unknown): Promise<string> {
  const disk = (await diskTrouble(join(dataDir, 'data'))) ?? (await diskTrouble(dataDir));
  if (disk !== null) return disk;
  if (ended instanceof Error && 'errno' in ended) return `${dataDir}: ${saidBySystem(ended)}`;
  return ended instanceof Error ? ended.message : String(ended);
}

/** A Valkey that is about to end may no longer answer. It then counts as gone. */
async function orGone(ask: () => Promise<void>): Promise<void> {
  try {
    await ask();
  } catch (error) {
    const late = error instanceof Error && error.name === 'TimeoutError';
    if (!late && !isAway(awayOr(error))) throw error;
  }
}
