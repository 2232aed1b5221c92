// What has to hold of a history, as a plain record: what was asked and acknowledged, who lives, what is
// paused. The commands write it, the judge reads it; nothing in it is from the engine.

import type { Sent } from './errands.ts';

export const streams = ['a', 'b'] as const;
export type StreamId = (typeof streams)[number];

/** A handler gives up after so many exceptions: `limits.exceptionsMax`. */
export const triesMax = 5;
/** Below the deaths after which an entry is given up, so that none is. */
const killsMax = 6;

/** Moments count what clients sent and heard. */
export interface Errand {
  readonly n: number;
  readonly stream: StreamId;
  readonly sent: number;
  /** Null while it is not known whether it was taken. */
  acked: number | null;
  /** How many tries of its handler throw; from `triesMax` on all do. */
  fails: number;
  /** Whether its handler is held until the history lets it go, or its process dies. */
  slow: boolean;
  /** How often its dead letter was put back. */
  requeues: number;
}

export interface Model {
  readonly errands: Errand[];
  readonly votes: { readonly n: number; readonly stream: StreamId; readonly counts: boolean }[];
  /** `due`: by the told clock. */
  readonly reminders: { readonly n: number; readonly stream: StreamId; readonly due: number }[];
  readonly open: Record<StreamId, boolean>;
  readonly living: [boolean, boolean];
  paused: boolean;
  /** A process began under another name: what it had waits for one that begins when its lease is over. */
  leftBehind: boolean;
  kills: number;
  crashes: number;
  moment: number;
}

export const emptyModel = (): Model => ({
  errands: [],
  votes: [],
  reminders: [],
  open: { a: false, b: false },
  living: [true, true],
  paused: false,
  leftBehind: false,
  kills: 0,
  crashes: 0,
  moment: 0,
});

/** Every try of its handler throws. */
export const isDoomed = ({ fails }: Pick<Errand, 'fails'>): boolean => fails >= triesMax;

/** Nothing of it died or was away: counts are exact. */
export const isCalm = ({ kills, crashes }: Readonly<Model>): boolean => kills + crashes === 0;

export const mayKill = ({ kills }: Readonly<Model>): boolean => kills < killsMax;

export const someoneLives = ({ living }: Readonly<Model>): boolean => living.includes(true);

/** Both take part, and nothing keeps work from them. */
export const allWork = ({ living, paused }: Readonly<Model>): boolean => !living.includes(false) && !paused;

/** Whether a handler is held, or will be. */
export const holds = ({ errands }: Readonly<Model>): boolean =>
  errands.some(({ slow, acked }) => slow && acked !== null);

/** The errand that a number of a command means. */
export const errandAt = ({ errands }: Readonly<Model>, at: number): Errand => {
  const errand = errands[at % errands.length];
  if (errand === undefined) throw new Error('there is no errand yet');
  return errand;
};

export const askOf = ({ n, stream }: Pick<Errand, 'n' | 'stream'>): Sent => ({
  stream,
  key: `ask-${n}`,
  command: { type: 'ask', n, inMs: 0 },
});
