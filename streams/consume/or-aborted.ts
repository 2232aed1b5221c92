// Waiting for work that may never end: an abort wins over whatever the work does with its signal.

/** Settles as `work` does, or rejects with the signal's reason the moment it is aborted. */
export function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    const settled = () => signal.removeEventListener('abort', abort);
    work.then(resolve, reject).then(settled);
  });
}
