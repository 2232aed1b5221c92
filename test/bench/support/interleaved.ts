// Repeats of several contenders, one after the other, so that what else the machine does meets all alike.

/** So many at once: runs `work` for 0 to `count` - 1. */
export async function many(
  count: number,
  atOnce: number,
  work: (at: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const one = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, one));
}

/** A line on stderr that is written over. */
export function progress(line: string): void {
  process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${line}` : `${line}\n`);
}

/** How often each contender runs, besides the round that warms up: `REPEATS`, five without it. */
export const repeats = Math.max(1, Number(process.env['REPEATS'] ?? 5));

/**
 * The samples of each contender. A round runs all of them, each round begins with another one, and the first
 * rounds count for nothing: they warm up. `run` is a number of its own for every call, for names of keys.
 */
export async function interleaved<Name extends string, T>(
  label: string,
  contenders: Readonly<Record<Name, (run: number) => Promise<T>>>,
  { rounds = repeats, warmUps = 1, tell = progress } = {},
): Promise<Record<Name, T[]>> {
  const names = Object.keys(contenders) as Name[];
  const samples = Object.fromEntries(names.map((name) => [name, [] as T[]])) as Record<Name, T[]>;
  for (let round = -warmUps; round < rounds; round++) {
    for (let at = 0; at < names.length; at++) {
      const name = names[(at + round + warmUps) % names.length] as Name;
      tell(`${label}: ${round < 0 ? 'warming up' : `${round + 1}/${rounds}`} ${name}`);
      const sample = await contenders[name]((round + warmUps) * names.length + at);
      if (round >= 0) samples[name].push(sample);
    }
  }
  return samples;
}
