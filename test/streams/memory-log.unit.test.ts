import { describe, test } from 'vitest';
import { gameStream } from '../../server/wiring/game-stream.ts';
import { createMemoryLog, logContract, openMemoryLog } from '../../streams/testing.ts';
import { testAnswerGuards } from '../support/room-log.ts';

describe('the log in memory', () => {
  for (const { name, run } of logContract) test(name, () => run(openMemoryLog));
});
testAnswerGuards('the log in memory', () => createMemoryLog(gameStream));
