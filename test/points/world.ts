// What a world of crash points is: a program whose process is aborted, a story that it plays in a database of
// its own, and a judge.

import type { Plan } from './abort.ts';

/** One life of a program. */
export interface Program {
  readonly args: readonly string[];
  readonly file: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Of one story alone. */
export interface Place {
  /** A database. */
  readonly url: string;
  /** Where its processes run. */
  readonly folder: string;
}

export interface World {
  readonly name: string;
  readonly groups: Plan['groups'];
  /** What is there before the first process starts: the same for each story. */
  begin(at: Place): Promise<Story>;
  /** The process of a consumer. */
  program(at: Place, consumer: string): Program;
}

export interface Story {
  /** Does what people do, until the story is over. Rejects by the signal. */
  play(signal: AbortSignal): Promise<void>;
  /** What is still to be done; empty when all have come to rest. */
  left(): Promise<readonly string[]>;
  /** Once all rest, by the log and what lies beside it: what is wrong. */
  judge(): Promise<readonly string[]>;
  end(): Promise<void>;
}
