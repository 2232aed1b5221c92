// `npm run simulate -- --games 10000 --seed 1`: whole games, each of a seed of its own, in one process and on
// a clock of their own. Prints how many a core plays in a minute and the seeds that failed; `--trace`
// prints every turn and every event of one.

import { parseArgs } from 'node:util';
import { z } from 'zod';
import { type Simulated, simulate } from './simulation/game.ts';

const { values } = parseArgs({
  options: {
    games: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    trace: { type: 'boolean', default: false },
  },
});
const { games, seed, trace } = z
  .object({ games: z.coerce.number().int().min(1), seed: z.coerce.number().int().min(0), trace: z.boolean() })
  .parse(values);

const say = (line: string) => process.stdout.write(`${line}\n`);
const since = process.cpuUsage();
const sums = { turns: 0, deaths: 0, events: 0, failed: 0 };

function tell(game: Simulated): void {
  sums.turns += game.turns;
  sums.deaths += game.deaths;
  sums.events += game.events;
  for (const line of game.trace) say(line);
  if (trace) say(`seed ${game.seed}: ${game.hash}`);
  if (game.problems.length === 0) return;
  sums.failed += 1;
  say(`seed ${game.seed} failed:`);
  for (const problem of game.problems) say(`  ${problem}`);
  say(`  again: npm run simulate -- --games 1 --seed ${game.seed} --trace`);
}

for (let next = seed; next < seed + games; next += 1) tell(await simulate(next, trace));
const { user, system } = process.cpuUsage(since);
const perMinute = Math.round((games * 60e6) / (user + system));
say(`${games} games from seed ${seed}: ${perMinute} a minute of one core, ${sums.failed} failed`);
say(`${sums.turns} turns, ${sums.deaths} deaths of processes, ${sums.events} events`);
process.exitCode = sums.failed === 0 ? 0 : 1;
