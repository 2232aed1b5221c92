// Which models there are, and how far each is explored: in seconds with every `npm test`, and in full by
// `npm run spec -- --bound full`.

import type { Bounds, Checking } from './spin.ts';

export interface Explored {
  readonly model: string;
  readonly says: string;
  readonly short: readonly Checking[];
  readonly full: readonly Checking[];
}

const safely = (bounds: Bounds): Checking => ({ bounds, cycles: false });
const toItsEnd = (bounds: Bounds): Checking => ({ bounds, cycles: true });

/** Three processes, two streams, four crashes. */
const all = { PROCESSES: 3, STREAMS: 2, CRASHES: 4 };

export const explored: readonly Explored[] = [
  {
    model: 'commit',
    says: 'a command becomes an event once, decided on what it is written to',
    short: [toItsEnd({ COMMANDS: 3, DOUBLES: 0, CRASHES: 1, LOSSES: 1 })],
    full: [
      safely({ ...all, COMMANDS: 4, LOSSES: 1, DOUBLES: 1, LIVES: 1 }),
      toItsEnd({ ...all, COMMANDS: 3, LOSSES: 1, DOUBLES: 0, LIVES: 1 }),
    ],
  },
  {
    model: 'consume',
    says: 'an entry has its effect once, whatever process dies',
    short: [
      toItsEnd({ PROCESSES: 3, CRASHES: 1, LOSSES: 1 }),
      safely({ CRASHES: 2, THROWS: 2, REQUEUES: 1, STALLS: 1 }),
      safely({ CRASHES: 1, THROWS: 8, POISONED: 1, REQUEUES: 1 }),
    ],
    full: [
      safely({ ...all, COMMANDS: 2, LOSSES: 1, THROWS: 2, STALLS: 1, REQUEUES: 1 }),
      toItsEnd({ ...all, COMMANDS: 2, LOSSES: 1, STALLS: 1 }),
    ],
  },
  {
    model: 'lease',
    says: 'an entry is the process that works on it, and goes to another when that one dies',
    short: [toItsEnd({ LATE: 0 }), safely({ DRAINS: 0, LATE: 2 })],
    full: [
      safely({ ...all, STALLS: 0, DRAINS: 0, LATE: 1 }),
      toItsEnd({ ...all, STALLS: 1, DRAINS: 1, LATE: 0 }),
    ],
  },
  {
    model: 'timer',
    says: 'a time limit ends a round once, and none that was answered',
    short: [toItsEnd({ PROCESSES: 3, CRASHES: 2 }), safely({ STREAMS: 1, ROUNDS: 2, LOSSES: 1 })],
    full: [toItsEnd({ ...all, ROUNDS: 1, LOSSES: 1 })],
  },
  {
    model: 'close',
    says: 'every acknowledged answer counts, and none after the close',
    short: [toItsEnd({ PLAYERS: 1, LOSSES: 1 }), safely({ STREAMS: 1, PLAYERS: 2 })],
    full: [toItsEnd({ ...all, PLAYERS: 1, LOSSES: 1 }), safely({ ...all, PLAYERS: 2, LOSSES: 0 })],
  },
  {
    model: 'resume',
    says: 'a client that comes back sees each frame once, in order',
    short: [toItsEnd({ STREAMS: 1, EVENTS: 3, LIVES: 1 }), safely({ STREAMS: 2, EVENTS: 1, LIVES: 0 })],
    full: [
      safely({ ...all, EVENTS: 2, LIVES: 1, DROPS: 1 }),
      toItsEnd({ ...all, EVENTS: 2, LIVES: 0, DROPS: 1 }),
    ],
  },
];
