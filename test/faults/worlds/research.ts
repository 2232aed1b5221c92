// The example of research.

import type { World } from '../world.ts';

export const world: World = {
  name: 'research',
  kinds: ['gate', 'worker'],
  commands: ['ask'],
  start: () => Promise.reject(new Error('research cannot be started yet')),
};
