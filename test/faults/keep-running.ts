// Processes of one kind in a world: as many as are wanted run at any moment. One that died is started
// again at once, under the same place; one that ended by itself is told, since no fault of ours does
// that.

import type { ChildProcess } from 'node:child_process';

/** A process that fails at its start is not started a thousand times a second. */
const againAfterFailureMs = 300;

export interface KeptRunning {
  /** Living now, the stopped ones included. */
  pids(): readonly number[];
  /** By place; what is there may have died a moment ago. */
  children(): readonly ChildProcess[];
  /** Processes that were started, and those that ended without a signal, with their exit codes. */
  readonly started: number;
  readonly endedByThemselves: readonly string[];
  /** SIGKILL to all; resolves when they are gone. */
  stop(): Promise<void>;
}

export function keepRunning(count: number, start: (place: number) => ChildProcess): KeptRunning {
  const places: (ChildProcess | undefined)[] = Array.from({ length: count });
  const endedByThemselves: string[] = [];
  let started = 0;
  let stopping = false;
  const fill = (place: number) => {
    if (stopping) return;
    started += 1;
    const child = start(place);
    places[place] = child;
    child.once('error', (error) => endedByThemselves.push(`could not be started: ${error.message}`));
    child.once('exit', (code, signal) => {
      if (signal !== null) return fill(place);
      endedByThemselves.push(`ended by itself with ${code}`);
      setTimeout(() => fill(place), againAfterFailureMs);
    });
  };
  for (let place = 0; place < count; place++) fill(place);
  // A process that stands still does not see that its parent is gone.
  const endAll = () => {
    for (const child of living()) child.kill('SIGKILL');
  };
  process.once('exit', endAll);
  const children = () => places.filter((child) => child !== undefined);
  const living = () =>
    children().filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
  return {
    pids: () => living().flatMap(({ pid }) => (pid === undefined ? [] : [pid])),
    children,
    get started() {
      return started;
    },
    endedByThemselves,
    async stop() {
      stopping = true;
      const gone = living().map((child) => new Promise((resolve) => child.once('exit', resolve)));
      endAll();
      await Promise.all(gone);
      process.off('exit', endAll);
    },
  };
}
