// A process that sends commands until it is killed, and says of each that was acknowledged before the next.

import { writeSync } from 'node:fs';
import { load } from './load.ts';

const [url = '', replicated, name = ''] = process.argv.slice(2);
await load({
  url,
  replicated: replicated === 'replicated',
  name,
  signal: new AbortController().signal,
  acknowledged: (what) => void writeSync(1, `${what}\n`),
});
