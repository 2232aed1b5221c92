// A log of a test that reads and knows its head: both in one look, as a log has it.

import type { StreamTypes } from '../../streams/contract/definition.ts';
import type { EventLog } from '../../streams/contract/event-log.ts';
import { limits } from '../../streams/contract/limits.ts';

type Reading<S extends StreamTypes> = Pick<EventLog<S>, 'head' | 'read'>;

export const looking = <S extends StreamTypes>({ head, read }: Reading<S>): EventLog<S> =>
  ({
    ...{ head, read },
    look: async (stream, afterRev) => ({
      head: await head(stream),
      events: await read(stream, afterRev, limits.lookEntriesMax),
    }),
  }) satisfies Partial<EventLog<S>> as unknown as EventLog<S>;
