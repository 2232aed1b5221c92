// `npm start` where all is installed: becomes `arena up`, with its processes loading from the first
// moment. Run by `start.sh` in the place of a shell, so npm is the parent.

import { forkEarly } from './programs.ts';

const parentLookMs = 500;

// npm that is killed ends no child.
const npm = process.ppid;
setInterval(() => process.ppid !== npm && process.kill(process.pid, 'SIGTERM'), parentLookMs).unref();

const options = process.argv.slice(2);
if (options.length === 0) forkEarly();
process.argv.splice(2, 0, 'up');
await import('../arena.ts');
