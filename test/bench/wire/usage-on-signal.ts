// Loaded into a program that a benchmark measures: at SIGUSR2 it says how much CPU it has used (us), at
// SIGWINCH, which means nothing to it, it collects its garbage and says what it still holds (bytes).

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const say = (usage: object) => process.stdout.write(`usage ${JSON.stringify(usage)}\n`);

process.on('SIGUSR2', () => {
  const { user, system } = process.cpuUsage();
  say({ cpuUs: user + system });
});

process.on('SIGWINCH', () => {
  collect();
  collect();
  say({ heldBytes: process.memoryUsage().rss });
});
