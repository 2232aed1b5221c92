// How much one connection, and one address, may ask for. Time comes in as ms of a steady clock.

import { keepNewest } from '../../core/keep-newest.ts';
import { limits } from '../../core/limits.ts';
import type { Complain } from '../http/complaints.ts';

/** A token bucket. `take` gives 0, or how many ms to wait until the next one. */
export interface Bucket {
  take(now: number): number;
}

export const createBucket = (perSecond: number, burst: number): Bucket => new TokenBucket(perSecond, burst);

// A class, since every connection has one: its methods are shared.
class TokenBucket implements Bucket {
  readonly #perSecond: number;
  readonly #burst: number;
  #tokens: number;
  #filledAt: number | null = null;

  constructor(perSecond: number, burst: number) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#tokens = burst;
  }

  take(now: number): number {
    const filled = this.#tokens + ((now - (this.#filledAt ?? now)) / 1_000) * this.#perSecond;
    this.#tokens = Math.min(this.#burst, filled);
    this.#filledAt = now;
    if (this.#tokens < 1) return Math.ceil(((1 - this.#tokens) / this.#perSecond) * 1_000);
    this.#tokens -= 1;
    return 0;
  }
}

const minuteMs = 60_000;

/** Counts within a minute. */
export interface Minute {
  /** Counts one more; false when it is one too many. */
  count(now: number): boolean;
}

export function createMinute(max: number): Minute {
  let since = Number.NEGATIVE_INFINITY;
  let times = 0;
  return {
    count(now) {
      if (now - since >= minuteMs) [since, times] = [now, 0];
      times += 1;
      return times <= max;
    },
  };
}

/** Counts per address within a minute. */
export interface Counter {
  /** Counts one more; false when it is one too many. */
  count(address: string, now: number): boolean;
  /** True while the address may go on. Counts nothing. */
  allows(address: string, now: number): boolean;
}

export function createCounter(perMinuteMax: number): Counter {
  const counts = new Map<string, { since: number; times: number }>();
  const current = (address: string, now: number) => {
    const known = counts.get(address);
    return known !== undefined && now - known.since < minuteMs ? known : { since: now, times: 0 };
  };
  return {
    count(address, now) {
      const entry = current(address, now);
      entry.times += 1;
      keepNewest(counts, address, entry, limits.addressesCountedMax);
      return entry.times <= perMinuteMax;
    },
    allows: (address, now) => current(address, now).times < perMinuteMax,
  };
}

export interface AddressLimits {
  /** By name. */
  readonly joins: Counter;
  /** Wrong codes and tokens. */
  readonly guesses: Counter;
  readonly rooms: Counter;
  /** Open sockets by address. */
  readonly sockets: Map<string, number>;
  /** Says in the log that an address has reached a limit. */
  readonly reached: (what: string, address: string) => void;
}

export function createAddressLimits(complain: Complain = () => undefined): AddressLimits {
  const reached = (what: string, address: string) =>
    complain(
      'limit',
      `one address has reached the limit of ${what} and is refused more for a while; if it is that of a proxy, name it in TRUSTED_PROXIES`,
      { address },
    );
  const telling = (what: string, counter: Counter): Counter => ({
    ...counter,
    count(address, now) {
      const fine = counter.count(address, now);
      if (!fine) reached(what, address);
      return fine;
    },
  });
  return {
    joins: telling('joins', createCounter(limits.joinsPerMinutePerAddress)),
    guesses: telling('wrong codes and tokens', createCounter(limits.guessesPerMinutePerAddress)),
    rooms: telling('new rooms', createCounter(limits.roomsPerMinutePerAddress)),
    sockets: new Map(),
    reached,
  };
}
