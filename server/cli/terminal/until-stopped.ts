// The one AbortSignal that ends a process: after SIGTERM, SIGINT or SIGHUP, or when its parent process is
// gone. Long work takes it and ends in order. After `limits.endMs` the process exits in any case.

import { limits } from '../../../core/limits.ts';

// One Ctrl+C arrives several times: from the terminal, and again from npm and the programs between.
const samePressMs = 500;

/** Aborts at the first reason to end. A second Ctrl+C exits at once, for a person who will not wait. */
export function untilStopped(): AbortSignal {
  const stop = new AbortController();
  const end = (why: string) => {
    if (stop.signal.aborted) return;
    stop.abort(new Error(why));
    setTimeout(() => process.exit(1), limits.endMs).unref();
  };
  process.on('SIGTERM', () => end('SIGTERM'));
  process.on('SIGHUP', () => end('SIGHUP'));
  let pressedAt = Number.POSITIVE_INFINITY;
  process.on('SIGINT', () => {
    if (performance.now() - pressedAt > samePressMs) process.exit(130);
    pressedAt = Math.min(pressedAt, performance.now());
    end('SIGINT');
  });
  // The channel closes when the parent dies, even by SIGKILL. Nothing else would stop this process then.
  if (process.connected) process.on('disconnect', () => end('the parent is gone'));
  return stop.signal;
}
