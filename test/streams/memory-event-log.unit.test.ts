import { createMemoryEventLog } from '../support/memory-event-log.ts';
import { describeEventLog } from './event-log.contract.ts';

describeEventLog('the log in memory', createMemoryEventLog, async ({ timers }, room) =>
  Object.fromEntries(
    [...timers].flatMap(([name, at]) => {
      const [of, ...rest] = name.split('|');
      return of === room ? [[rest.join('|'), at]] : [];
    }),
  ),
);
