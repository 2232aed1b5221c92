// What may stay in a store that no room is in: the families of keys, and how much is in each at most.

import { limits } from '../../../core/limits.ts';
import { engineLimits } from '../../../streams/parts.ts';
import type { Census } from './census.ts';

// A stream that is trimmed about at a length may have so much more, a node of its tree.
const nodeEntries = 100;

const mostOf: Readonly<Record<string, number>> = {
  'game:answers': engineLimits.hintsKept + nodeEntries,
  'game:attempts': 0,
  'game:boards': limits.boardRowsKept,
  'game:boards:*': 4 * limits.boardRowsKept,
  'game:boards:games': limits.pastGamesKept + limits.boardRowsKept,
  'game:boards:revisions': limits.pastGamesKept + limits.boardRowsKept,
  'game:boards:rows': 5 * limits.boardRowsKept,
  'game:feed': nodeEntries,
  'game:figures': 8,
  'game:history:*': limits.pastGamesKept + limits.boardRowsKept,
  'game:operations': engineLimits.operationsKept + nodeEntries,
  'game:pepper': 1,
  'game:probe': 1,
  'memory:index:*': limits.memoryQuestionsMax,
  'memory:question:*': limits.memoryQuestionsMax,
};

/** Families that have more than they may. */
export const tooMuchIn = (census: Census): string[] =>
  Object.entries(census).flatMap(([family, { things }]) => {
    const most = mostOf[family] ?? 0;
    return things <= most ? [] : [`${things} of ${family} stay, and at most ${most} may`];
  });
