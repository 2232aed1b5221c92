// Loaded into every process of a soak by NODE_OPTIONS, of whatever Node: at SIGUSR2 it collects its garbage
// and writes how many bytes of its heap are in use into a file that bears its process id.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const folder = process.env['SOAK_HEAPS'] ?? '';
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

const file = join(folder, `${process.pid}.json`);

// That it is there shows that the signal is minded.
writeFileSync(file, '');
process.on('SIGUSR2', () => {
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  writeFileSync(file, JSON.stringify({ heapUsed, external }));
});
