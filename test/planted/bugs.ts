// Every planted bug. `npm run planted` runs the test that is said to catch each, and expects it red.

import type { Bug } from './bug.ts';
import { bugsOfCommits } from './bugs/commits.ts';
import { bugsOfConsuming } from './bugs/consuming.ts';
import { bugsOfGame } from './bugs/game.ts';
import { bugsOfHandling } from './bugs/handling.ts';
import { bugsOfLive } from './bugs/live.ts';
import { bugsOfModels } from './bugs/models.ts';
import { bugsOfTimers } from './bugs/timers.ts';

export const bugs: readonly Bug[] = [
  ...bugsOfCommits,
  ...bugsOfHandling,
  ...bugsOfConsuming,
  ...bugsOfTimers,
  ...bugsOfGame,
  ...bugsOfLive,
  ...bugsOfModels,
];
