import { gameStream } from '../../server/wiring/game-stream.ts';
import { createMemoryLog } from '../../streams/testing.ts';
import { describeEventLog } from './event-log.contract.ts';

describeEventLog(
  'the log in memory',
  () => createMemoryLog(gameStream),
  async ({ timers }, room) =>
    Object.fromEntries(
      [...timers].flatMap(([name, at]) => {
        const [of, ...rest] = name.split('|');
        return of === room ? [[rest.join('|'), at]] : [];
      }),
    ),
);
