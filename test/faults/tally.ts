// Counts what a run did: commands by their outcome, which faults ran while each was under way, how often
// each fault took hold, and how long after a healing the next command was acknowledged.

import type { Outcome } from './world.ts';

export interface Held {
  /** How often it was begun, and how often it is known to have had an effect. */
  tried: number;
  held: number;
  /** What it came to, summed: bytes that were cut, connections that were reset. */
  sum: number;
}

export interface Counts {
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** By command, then by fault. */
  readonly pairs: ReadonlyMap<string, ReadonlyMap<string, number>>;
  readonly faults: ReadonlyMap<string, Held>;
  /** By fault: from its healing to the next acknowledgement of a command that was sent after it, in ms. */
  readonly recovery: ReadonlyMap<string, readonly number[]>;
}

export interface Tally extends Counts {
  note(command: string): (outcome: Outcome) => void;
  /** A fault runs until what is given back is called. */
  begin(fault: string): () => void;
  took(fault: string, held: boolean, sum?: number): void;
  healed(fault: string): void;
  /** Told of each command once it is under way; null for no more. */
  listen(listener: ((command: string) => void) | null): void;
}

export function createTally(commands: readonly string[], faults: readonly string[]): Tally {
  const outcomes = { ok: 0, refused: 0, unknown: 0 };
  const pairs = new Map(commands.map((command) => [command, new Map(faults.map((fault) => [fault, 0]))]));
  const counted = new Map(faults.map((fault) => [fault, { tried: 0, held: 0, sum: 0 } as Held]));
  const recovery = new Map<string, number[]>();
  const running = new Map<string, number>();
  const underWay = new Map<symbol, string>();
  let listener: ((command: string) => void) | null = null;
  let healings: { readonly fault: string; readonly at: number }[] = [];
  const pair = (command: string, fault: string) => {
    const row = pairs.get(command);
    if (row === undefined) throw new Error(`the world does not name the command ${command}`);
    row.set(fault, (row.get(fault) ?? 0) + 1);
  };
  /** The first acknowledgement of a command that was sent after a healing ends it. */
  const recovered = (sentAt: number) => {
    const now = performance.now();
    const over = healings.filter(({ at }) => at <= sentAt);
    if (over.length === 0) return;
    for (const { fault, at } of over) recovery.set(fault, [...(recovery.get(fault) ?? []), now - at]);
    healings = healings.filter(({ at }) => at > sentAt);
  };
  return {
    outcomes,
    pairs,
    faults: counted,
    recovery,
    note(command) {
      const id = Symbol(command);
      const sentAt = performance.now();
      underWay.set(id, command);
      for (const fault of running.keys()) pair(command, fault);
      listener?.(command);
      return (outcome) => {
        if (!underWay.delete(id)) return;
        outcomes[outcome] += 1;
        if (outcome !== 'unknown') recovered(sentAt);
      };
    },
    begin(fault) {
      running.set(fault, (running.get(fault) ?? 0) + 1);
      for (const command of underWay.values()) pair(command, fault);
      return () => {
        const left = (running.get(fault) ?? 1) - 1;
        if (left === 0) running.delete(fault);
        else running.set(fault, left);
      };
    },
    took(fault, held, sum = 0) {
      const row = counted.get(fault);
      if (row === undefined) throw new Error(`no such fault: ${fault}`);
      row.tried += 1;
      if (held) row.held += 1;
      row.sum += sum;
    },
    healed: (fault) => void healings.push({ fault, at: performance.now() }),
    listen(to) {
      listener = to;
    },
  };
}

/** The tallies of several chapters of one world as one. */
export function addUp(all: readonly Counts[]): Counts {
  const outcomes = { ok: 0, refused: 0, unknown: 0 };
  const pairs = new Map<string, Map<string, number>>();
  const faults = new Map<string, Held>();
  const recovery = new Map<string, number[]>();
  for (const one of all) {
    for (const outcome of ['ok', 'refused', 'unknown'] as const) outcomes[outcome] += one.outcomes[outcome];
    for (const [command, row] of one.pairs) {
      const sum = pairs.get(command) ?? new Map<string, number>();
      for (const [fault, count] of row) sum.set(fault, (sum.get(fault) ?? 0) + count);
      pairs.set(command, sum);
    }
    for (const [fault, { tried, held, sum }] of one.faults) {
      const before = faults.get(fault) ?? { tried: 0, held: 0, sum: 0 };
      faults.set(fault, { tried: before.tried + tried, held: before.held + held, sum: before.sum + sum });
    }
    for (const [fault, ms] of one.recovery) recovery.set(fault, [...(recovery.get(fault) ?? []), ...ms]);
  }
  return { outcomes, pairs, faults, recovery };
}

/** How a pair is told. */
export const pairName = (command: string, fault: string): string => `${command} × ${fault}`;

/** Pairs of a command and a fault that never occurred at the same time. */
export const missingPairs = ({ pairs }: Counts): string[] =>
  [...pairs].flatMap(([command, row]) =>
    [...row].filter(([, count]) => count === 0).map(([fault]) => pairName(command, fault)),
  );
