// Loops of one process that live and end together: a bug in one never leaves the process half alive. Its
// supervisor sees it end, and starts it again.

/**
 * Starts loops that run until they are told to end. The first that rejects ends the others, too. Settles when
 * all have ended: resolves after the signal, rejects with what the first one rejected with.
 */
export async function runTogether(
  signal: AbortSignal,
  start: (until: AbortSignal) => readonly Promise<unknown>[],
): Promise<void> {
  const failed = new AbortController();
  const running = start(AbortSignal.any([signal, failed.signal]));
  for (const one of running) one.catch((error: unknown) => failed.abort(error));
  await Promise.allSettled(running);
  if (failed.signal.aborted) throw failed.signal.reason;
}
