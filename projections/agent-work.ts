// What each agent handed in last: `agent:researcher:output`, `agent:writer:draft`, `agent:editor:review`,
// each with its room. For operators: these hold truths of rounds to come and go to no player.

import type { RecordedEvent } from '../core/events.ts';
import type { Projection } from './projection.ts';

const documentOf = {
  RESEARCH_DONE: 'agent:researcher:output',
  DRAFT_READY: 'agent:writer:draft',
  VALIDATION_COMPLETE: 'agent:editor:review',
} as const;

type Work = ReadonlyMap<string, unknown>;

export const agentWork: Projection<Work> = {
  initial: new Map(),
  evolve(work, event) {
    const name = nameOf(event);
    if (name === null) return work;
    const { rev, at, cycleId, by, data } = event;
    return new Map(work).set(name, { rev, at, cycleId, by, ...data });
  },
  documents: (work, room) => new Map([...work].map(([name, value]) => [`${name}:${room.room}`, value])),
};

function nameOf({ type }: RecordedEvent): string | null {
  return type in documentOf ? documentOf[type as keyof typeof documentOf] : null;
}
