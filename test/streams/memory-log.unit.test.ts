import { describe, expect, test } from 'vitest';
import { gameStream } from '../../server/wiring/game-stream.ts';
import { createMemoryLog, logContract, openMemoryLog } from '../../streams/testing.ts';
import { testAnswerGuards } from '../support/room-log.ts';

describe('the log in memory', () => {
  for (const { name, run } of logContract) test(name, () => run(openMemoryLog));

  // Found by chance of the differential test: letters beyond 16 bits come behind all others in Valkey.
  test('fires timers of one moment in the order of their bytes, as Valkey does', () => {
    const log = createMemoryLog(gameStream);
    for (const name of ['🔔', '～', 'b', 'a']) log.timers.set(`T7X8PF|${name}`, log.clock.now);
    log.fireTimers();
    expect(log.feed.map(({ what }) => what.kind === 'timer' && what.name)).toEqual(['a', 'b', '～', '🔔']);
  });
});
testAnswerGuards('the log in memory', () => createMemoryLog(gameStream));
