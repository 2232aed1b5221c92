// Answers on their way through processes, event by event: from a load to a gateway, to the primary that
// keeps the room, and back. A process does one thing after the other; Valkey does what it has read, then
// waits for its disk once, then replies. Processes that share a machine share its cores.

/** What an answer takes of each process, in us of CPU. */
export interface Costs {
  readonly loadUs: number;
  readonly gatewayUs: number;
  readonly valkeyUs: number;
  /** One wait for the disk, however much is written. */
  readonly diskUs: number;
  /** Commits of one connection that Valkey reads at a time: as many as 16 KiB or one call hold. */
  readonly readAtOnce: number;
}

export interface Site {
  readonly costs: Costs;
  readonly gateways: number;
  readonly primaries: number;
  /** Of one machine that holds all of it; null where each process has a core of its own. */
  readonly cores: number | null;
  /** From process to process, one way. */
  readonly networkUs: number;
}

export interface Carried {
  readonly perSecond: number;
  /** From the moment at which an answer was due to its reply, in ms, by answer. */
  readonly waitsMs: readonly number[];
  /** 0..1 of the time, of the busiest one of each kind. */
  readonly busy: { readonly gateway: number; readonly primary: number };
}

/** A piece of work of an answer at a process, and what comes after it. */
interface Piece {
  readonly us: number;
  readonly then: () => void;
}

interface Station {
  readonly queue: Piece[];
  /** Of Valkey: what waits is a batch, of so many at the most, and its replies wait for the disk. */
  readonly batches: { readonly diskUs: number; readonly most: number } | null;
  running: boolean;
  busyUs: number;
}

// A process that others wait for gives its core up after so long.
const sliceUs = 3_000;

/** Answers that are due at these moments (us); each has a load, a gateway and a primary by turns. */
export function carry(site: Site, dueUs: readonly number[]): Carried {
  const { costs, gateways, primaries, networkUs } = site;
  const clock = createClock();
  const machine = createMachine(clock, site.cores ?? Number.POSITIVE_INFINITY);
  const stations = (count: number, batches: Station['batches'] = null) =>
    Array.from({ length: count }, (): Station => ({ queue: [], batches, running: false, busyUs: 0 }));
  // On a site of many machines the clients are apart, each on its own.
  const loads = stations(site.cores === null ? gateways : 1);
  const gates = stations(gateways);
  const stores = stations(primaries, { diskUs: costs.diskUs, most: costs.readAtOnce * gateways });
  const of = (some: readonly Station[], at: number) => some[at % some.length] as Station;
  const waitsMs = new Array<number>(dueUs.length).fill(Number.NaN);
  let lastUs = 0;
  for (const [at, due] of dueUs.entries()) {
    const [load, gate, store] = [of(loads, at), of(gates, at), of(stores, at)];
    const half = { load: costs.loadUs / 2, gate: costs.gatewayUs / 2 };
    const steps: readonly [Station, number, number][] = [
      [load, half.load, 0],
      [gate, half.gate, networkUs],
      [store, costs.valkeyUs, networkUs],
      [gate, half.gate, networkUs],
      [load, half.load, networkUs],
    ];
    const go = (step: number): void => {
      const [station, us, away] = steps[step] ?? [];
      if (station === undefined || us === undefined) {
        waitsMs[at] = (clock.now() - due) / 1_000;
        lastUs = clock.now();
        return;
      }
      clock.at(clock.now() + (away ?? 0), () => machine.give(station, { us, then: () => go(step + 1) }));
    };
    clock.at(due, () => go(0));
  }
  clock.run();
  const tookUs = lastUs - (dueUs[0] ?? 0);
  const busiest = (some: readonly Station[]) => Math.max(...some.map(({ busyUs }) => busyUs)) / tookUs;
  return {
    perSecond: (dueUs.length * 1e6) / tookUs,
    waitsMs,
    busy: { gateway: busiest(gates), primary: busiest(stores) },
  };
}

/** Cores that stations take by turns. */
function createMachine(clock: Clock, cores: number) {
  const waiting: Station[] = [];
  let free = cores;

  function give(station: Station, piece: Piece): void {
    station.queue.push(piece);
    if (!station.running) want(station);
  }

  function want(station: Station): void {
    station.running = true;
    waiting.push(station);
    turn();
  }

  function turn(): void {
    while (free > 0) {
      const station = waiting.shift();
      if (station === undefined) return;
      free -= 1;
      if (station.batches === null) slice(station, 0);
      else batch(station, station.batches);
    }
  }

  /** Piece by piece; what comes of each goes on at once. */
  function slice(station: Station, usedUs: number): void {
    const piece = station.queue.shift();
    if (piece === undefined) return leave(station, false);
    station.busyUs += piece.us;
    clock.at(clock.now() + piece.us, () => {
      piece.then();
      if (usedUs + piece.us >= sliceUs && waiting.length > 0) return leave(station, true);
      slice(station, usedUs + piece.us);
    });
  }

  /** All that waits, then the disk, which needs no core, then every reply. */
  function batch(station: Station, { diskUs, most }: NonNullable<Station['batches']>): void {
    const pieces = station.queue.splice(0, most);
    const us = pieces.reduce((sum, piece) => sum + piece.us, 0);
    station.busyUs += us + diskUs;
    clock.at(clock.now() + us, () => {
      free += 1;
      turn();
      clock.at(clock.now() + diskUs, () => {
        for (const { then } of pieces) then();
        station.running = false;
        if (station.queue.length > 0) want(station);
      });
    });
  }

  function leave(station: Station, more: boolean): void {
    free += 1;
    station.running = false;
    if (more && station.queue.length > 0) want(station);
    else turn();
  }

  return { give };
}

interface Clock {
  /** In us since the beginning. */
  now(): number;
  at(us: number, act: () => void): void;
  /** Until nothing is left to do. */
  run(): void;
}

/** Acts in the order of their moments; those of one moment in the order in which they were asked for. */
function createClock(): Clock {
  const heap: { us: number; order: number; act: () => void }[] = [];
  let [nowUs, asked] = [0, 0];
  const before = (one: number, other: number): boolean => {
    const [a, b] = [heap[one], heap[other]];
    if (a === undefined || b === undefined) return a !== undefined;
    return a.us < b.us || (a.us === b.us && a.order < b.order);
  };
  const swap = (one: number, other: number): void => {
    const [a, b] = [heap[one], heap[other]];
    if (a === undefined || b === undefined) return;
    heap[one] = b;
    heap[other] = a;
  };
  const sink = (): void => {
    for (let at = 0; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      const least = before(right, left) ? right : left;
      if (!before(least, at)) return;
      swap(least, at);
      at = least;
    }
  };
  return {
    now: () => nowUs,
    at(us, act) {
      heap.push({ us, order: asked++, act });
      for (let at = heap.length - 1; at > 0; ) {
        const above = (at - 1) >> 1;
        if (!before(at, above)) return;
        swap(at, above);
        at = above;
      }
    },
    run() {
      for (;;) {
        const first = heap[0];
        if (first === undefined) return;
        const last = heap.pop();
        if (last !== undefined && heap.length > 0) {
          heap[0] = last;
          sink();
        }
        nowUs = first.us;
        first.act();
      }
    },
  };
}
