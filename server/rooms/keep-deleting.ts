// Each server looks every ten minutes or so for rooms that were never entered, and deletes the old ones.

import type { Logger } from 'pino';
import { isAway } from '../../streams/engine.ts';
import { awayOr, repeat } from '../../streams/parts.ts';
import type { Unentered } from './unentered.ts';

const everyMs = 600_000;

/** Looks until aborted. Rejects only for a bug. */
export async function keepDeleting(
  { deleteOld }: Pick<Unentered, 'deleteOld'>,
  log: Pick<Logger, 'info' | 'warn'>,
  signal: AbortSignal,
): Promise<void> {
  // Servers that started together should not look at once.
  const soonMs = () => everyMs * (0.5 + Math.random());
  const look = async () => {
    try {
      const rooms = await deleteOld();
      if (rooms > 0) log.info({ rooms }, 'forgotten');
    } catch (thrown) {
      const error = awayOr(thrown);
      if (!isAway(error)) throw error;
      log.warn({ error: error.message }, 'not_forgotten');
    }
    return soonMs();
  };
  await repeat(signal, look, { firstMs: soonMs() });
}
