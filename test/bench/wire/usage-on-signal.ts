// Loaded into a program that a benchmark measures: at SIGUSR2 it says how much CPU it has used (us), then
// collects its garbage and says what it still holds (bytes).

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const cpuUs = (): number => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

process.on('SIGUSR2', () => {
  const before = cpuUs();
  collect();
  collect();
  const { rss } = process.memoryUsage();
  process.stdout.write(`usage ${JSON.stringify({ before, after: cpuUs(), rss })}\n`);
});
