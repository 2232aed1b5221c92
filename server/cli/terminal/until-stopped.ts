// The one signal by which a process is told to end: SIGTERM, SIGINT, or the end of whoever started it. What
// runs long takes it, and ends in order; what does not within the time is cut off.

import { limits } from '../../../core/limits.ts';

// npm and the programs between pass on a key press that the terminal has told to everybody.
const samePressMs = 500;

/** Aborts at the first reason to end. A second Ctrl+C ends at once, for a person who will not wait. */
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
  // The channel closes when the parent dies, even by SIGKILL: nobody is left who could stop us later.
  if (process.connected) process.on('disconnect', () => end('the parent is gone'));
  return stop.signal;
}
