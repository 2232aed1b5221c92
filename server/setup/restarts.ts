// How long a program rests that ended by itself, before it is started again. A start that succeeds says
// little: one that dies of a full disk starts well each time. So only a long life ends the back-off.

import { backoffMs } from '../../streams/parts.ts';

export interface Restarting {
  /** A life of so many ms ends the back-off. */
  readonly healthyMs: number;
  /** 0..1: spreads the starts. */
  readonly chance: () => number;
}

/** Gives how many ms to wait after a life of so many ms: longer after each short one. 0: no life at all. */
export function createRestarts({ healthyMs, chance }: Restarting): (livedMs: number) => number {
  let short = 0;
  return (livedMs) => {
    short = livedMs > healthyMs ? 1 : short + 1;
    return backoffMs(short, chance());
  };
}
