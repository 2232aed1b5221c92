// Makes events ready for the log: id, author, key, and the trace they belong to.

import type { Envelope, StreamDefinition, StreamTypes } from '../contract/definition.ts';
import { createCodec } from '../contract/envelope.ts';
import { ulids } from '../contract/random.ts';
import type { Context } from '../contract/task.ts';
import { childOf, newTraceparent } from '../trace/traceparent.ts';

/** What stamping has to know beside the events: whose they are, the state before them, and who asks. */
export interface About<S extends StreamTypes> {
  readonly stream: S['id'];
  readonly state: S['state'];
  readonly context: Context<S>;
}

export type StampEvents<S extends StreamTypes> = (
  events: readonly S['newEvent'][],
  key: string | null,
  about: About<S>,
) => Envelope<S>[];

/**
 * `nextId`: gives each event an id that no other has. The stamp throws Fault `unwritable_event` for an event
 * that no reader of the log would take.
 */
export function createStamp<S extends StreamTypes>(
  definition: StreamDefinition<S>,
  nextId: () => string = ulids,
): StampEvents<S> {
  const { readable, stamped } = createCodec(definition);
  const { trace, idField, version } = definition;

  return (events, key, { stream, state, context }) => {
    const started = new Map<string, string>();
    const traceparentOf = (event: S['newEvent']): string => {
      const name = trace.nameOf(event);
      if (name === null) return childOf(context.traceparent);
      if (event.type !== trace.begins) {
        return childOf(started.get(name) ?? trace.contextOf(state, name) ?? newTraceparent());
      }
      const traceparent = newTraceparent();
      started.set(name, traceparent);
      return traceparent;
    };
    return events.map((given) => {
      const event = readable(given);
      return stamped({
        ...event,
        id: nextId(),
        v: version,
        [idField]: stream,
        by: context.by,
        causationId: context.causationId ?? null,
        key,
        traceparent: traceparentOf(event),
        ...(context.intent === undefined ? {} : { intent: context.intent }),
      });
    });
  };
}
