// The example of orders, its payments and their compensation.

import type { World } from '../world.ts';

export const world: World = {
  name: 'orders',
  kinds: ['gate', 'worker'],
  commands: ['place'],
  start: () => Promise.reject(new Error('orders cannot be started yet')),
};
