// Loaded into the server that is fuzzed: at SIGUSR2 it collects its garbage and says, as one line, what it
// holds, for how long its thread was busy without a look at its timers, in CPU time, since it said so last,
// and how much CPU it used. It changes nothing of how the server ends.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const everyMs = 10;

// Time of the wall is shared with all that runs beside it; what blocks the loop is what the thread does.
const busyUs = (): number => {
  const { user, system } = process.threadCpuUsage();
  return user + system;
};

let before = busyUs();
let longestUs = 0;
setInterval(() => {
  const now = busyUs();
  longestUs = Math.max(longestUs, now - before);
  before = now;
}, everyMs).unref();

process.on('SIGUSR2', () => {
  const blockedMs = longestUs / 1_000;
  collect();
  collect();
  const { heapUsed, external, arrayBuffers, rss } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  const said = { heapUsed, external, arrayBuffers, rss, blockedMs, cpuMs: (user + system) / 1_000 };
  process.stdout.write(`gauge ${JSON.stringify(said)}\n`);
  // Collecting is ours.
  before = busyUs();
  longestUs = 0;
});
