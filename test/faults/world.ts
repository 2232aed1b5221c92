// What the runner of faults (`faults.ts`) asks of a program under test: its processes, a workload, and
// a judge who knows nothing of the engine. A world stands in `worlds/<name>.ts`, is called `world`, and
// is found by its name.
//
// The runner starts Valkey and the line to it, kills, stops and delays; it starts nothing of the world.

/** How a command ended as its sender saw it. `unknown`: no reply; it may have been done. */
export type Outcome = 'ok' | 'refused' | 'unknown';

export interface World {
  readonly name: string;
  /**
   * Kinds of its processes, such as 'server'. Each kind is killed, stopped, and has a clock of its own.
   */
  readonly kinds: readonly string[];
  /**
   * Every command that `note` will be told of: a pair of one of them and a fault that never occurs is
   * red.
   */
  readonly commands: readonly string[];
  /** Ends a minute of its processes, and of Valkey, under which it still gets on with two cores. */
  readonly bears: { readonly kills: number; readonly restarts: number };
  /** Once for all its runs: bundles and the like. `folder` stays until the runner ends. */
  prepare?(folder: string): Promise<void>;
  start(given: Given): Promise<Running>;
}

export interface Given {
  /** Valkey behind the runner's line: for every process and client. */
  readonly url: string;
  /**
   * Valkey itself: for `settle` and the judge alone, since what is read past the line counts as
   * acknowledged.
   */
  readonly direct: string;
  readonly seed: number;
  /** Of this run; kept when the verdict is red. */
  readonly folder: string;
  /** A short run: as few processes as show anything. */
  readonly few: boolean;
  /**
   * What a process of this kind has to have in its environment: a preload that moves its clock and ends
   * it with its parent, and the compile cache.
   */
  environment(kind: string): Readonly<Record<string, string>>;
  /** Called as a command is sent; what it gives is called once, as it ends. */
  note(command: string): (outcome: Outcome) => void;
}

export interface Running {
  /** Living now, the stopped ones included. The world itself starts again what died, at once. */
  pids(kind: string): readonly number[];
  /**
   * Those that have come up: most kills are of them, since a process that is killed while it starts does
   * no work that could go wrong. On a slow machine there are fewer kills then. Any of `pids` where it is
   * left out.
   */
  atWork?(kind: string): readonly number[];
  /** Sends commands until the signal comes; then resolves when the last one has ended. */
  work(signal: AbortSignal): Promise<void>;
  /**
   * All faults are over: resolves when all is drained. Rejects when the signal comes, and says what is
   * stuck.
   */
  settle(signal: AbortSignal): Promise<void>;
  /** From what clients saw and the raw log alone, without code of the engine. */
  judge(): Promise<Verdict>;
  /** Ends every process of the world. */
  stop(): Promise<void>;
}

export interface Verdict {
  /** For the report: how many of what was looked at. */
  readonly counts: Readonly<Record<string, number>>;
  /** Acknowledged, and not there, or not as it was acknowledged. */
  readonly lost: readonly string[];
  /** There twice, in the log or outside. */
  readonly doubled: readonly string[];
  /**
   * A gap in the revisions, a broken hash chain, events in an order that the rules forbid, a read that
   * goes back.
   */
  readonly disorder: readonly string[];
}
