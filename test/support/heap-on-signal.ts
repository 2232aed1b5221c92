// Loaded into a program that a test measures: at SIGUSR2 it collects its garbage and says how many bytes of
// its heap are in use.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

process.on('SIGUSR2', () => {
  collect();
  collect();
  process.stdout.write(`heap ${process.memoryUsage().heapUsed}\n`);
});
