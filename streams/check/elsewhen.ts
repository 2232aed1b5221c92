// A synchronous function run as though at another time, with other luck: what depends on the clock or on
// chance gives another result than it did just now.

const laterMs = 1_234_567_890;

/** Runs it as it is, and then again elsewhen; what the first run threw is thrown before there is a second. */
export function runTwice<T>(run: () => T): { readonly first: T; readonly second: () => T } {
  const drawn: number[] = [];
  const first = withChance((real) => {
    const value = real();
    drawn.push(value);
    return value;
  }, run);
  // Half the range away, so that no threshold or pick of few gives the same.
  const other = (real: () => number) => ((drawn.shift() ?? real()) + 0.5) % 1;
  return { first, second: () => later(() => withChance(other, run)) };
}

function withChance<T>(chance: (real: () => number) => number, run: () => T): T {
  const real = Math.random;
  Math.random = () => chance(real);
  try {
    return run();
  } finally {
    Math.random = real;
  }
}

function later<T>(run: () => T): T {
  const present = globalThis.Date;
  const moment = () => present.now() + laterMs;
  const asked = function asked(...given: unknown[]): Date | string {
    const date = Reflect.construct(present, given.length === 0 ? [moment()] : given) as Date;
    return new.target === undefined ? date.toString() : date;
  };
  Object.setPrototypeOf(asked, present);
  globalThis.Date = Object.assign(asked, {
    now: moment,
    prototype: present.prototype,
  }) as unknown as typeof Date;
  try {
    return run();
  } finally {
    globalThis.Date = present;
  }
}
