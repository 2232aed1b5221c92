import { createMemoryEventLog } from '../support/memory-event-log.ts';
import { describeEventLog } from './event-log.contract.ts';

describeEventLog('the log in memory', createMemoryEventLog);
