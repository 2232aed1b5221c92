// How a client tries again. The engine has the same for a server (`repeat`, `backoffMs`), which a page cannot
// load: it brings Node and a driver along. When to come back is also another rule: the protocol's, with full
// jitter, since all players of a server that starts again come at once.

/** Of what was refused for a moment, or whose reply was lost, in ms: a person is waiting. */
const againMs = 300;

/** Asks until `isOver` says so of the reply, with a rest in between; `tries` counts from 1. */
export async function askUntil<T>(
  ask: () => Promise<T>,
  isOver: (reply: T, tries: number) => boolean,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    const reply = await ask();
    if (isOver(reply, tries)) return reply;
    await new Promise((resolve) => setTimeout(resolve, againMs));
  }
}

// The first try comes at once: most losses are blinks.
const backMsFirst = 50;
const backMsMin = 500;
const backMsMax = 8_000;

/** How long a lost connection waits before it comes back for the `tries`th time in a row, in ms. */
export function comeBackMs(tries: number, chance: number): number {
  const ceiling = Math.min(backMsMax, backMsMin * 2 ** (tries - 1));
  return tries === 1 ? backMsFirst : Math.max(backMsMin, chance * ceiling);
}
