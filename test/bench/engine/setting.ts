// What every contender of the benchmark `engine` is given.

import type { Store } from '../../../streams/engine.ts';
import type { Valkey } from '../../../streams/parts.ts';
import type { OpenBullMq } from '../support/bullmq.ts';

export interface Setting {
  readonly store: Store;
  readonly commands: Valkey;
  readonly bullmq: OpenBullMq;
  /** Pieces of work that are on their way at the same time. */
  readonly atOnce: number;
  readonly steps: number;
  readonly answers: number;
}
