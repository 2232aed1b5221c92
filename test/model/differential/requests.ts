// Commits as steps describe them. What a step leaves open, such as the turn that is right, is told by the log
// as it stands.

import type { StreamDefinition } from '../../../streams/contract/definition.ts';
import type { CommitRequest, EventLog } from '../../../streams/contract/event-log.ts';
import { createStamp } from '../../../streams/log/stamp.ts';
import type { Notes } from './notes.ts';
import type { CommitStep } from './steps.ts';

export const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;

/** Where a stream stands, or will stand after commits that are asked for together. */
export interface Standing {
  readonly rev: number;
  readonly turn: number;
  readonly epoch: string | null;
}

export async function standingOf(log: EventLog<Notes>, stream: string): Promise<Standing> {
  const events = await log.read(stream, 0);
  const turn = events.findLast(({ type }) => type !== 'Scribbled')?.rev ?? 0;
  return { rev: events.length, turn, epoch: (await log.head(stream))?.epoch ?? null };
}

/** Where it stands after this commit, if that goes through. */
export function standingAfter({ rev, turn, epoch }: Standing, { events }: CommitStep): Standing {
  const loud = events.findLastIndex((type) => type !== 'Scribbled');
  return { rev: rev + events.length, turn: loud < 0 ? turn : rev + loud + 1, epoch };
}

export function createRequester(definition: StreamDefinition<Notes>, nextId: () => string) {
  const stamp = createStamp(definition, nextId);
  const context = { by: 'model', traceparent };

  /** Without the entry that it acknowledges, which each log calls by another id. */
  return (step: CommitStep, standing: Standing): CommitRequest<Notes> => {
    const { stream, key, note, intent, count, secrets, epoch, meta, timers } = step;
    const bodies = step.events.map(bodyOf);
    return {
      stream,
      key,
      ...(note === null ? {} : { note }),
      ...(intent === null ? {} : { intent }),
      expect: expectOf(step, standing),
      events: stamp(bodies, key, { stream, state: definition.initial, context }),
      effects: { meta: epoch === null ? meta : [{ set: 'epoch', value: epoch }, ...meta], timers },
      ...(count === null ? {} : { count }),
      ...(secrets === null ? {} : { secrets }),
    };
  };
}

function bodyOf(type: CommitStep['events'][number]): Notes['newEvent'] {
  if (type === 'Opened') return { type, data: { title: 'by commit' } };
  return type === 'Closed' ? { type, data: {} } : { type, data: { text: 'by commit "|"\n\u{1f4d3}' } };
}

function expectOf({ expect }: CommitStep, { rev, turn, epoch }: Standing): CommitRequest<Notes>['expect'] {
  if (expect.by === 'new') return 'new';
  if (expect.by === 'guards') return { guards: expect.guards };
  const epochs = { right: { epoch }, wrong: { epoch: 'another' }, empty: { epoch: '' }, none: {} };
  return {
    turn: turn + expect.off,
    ...epochs[expect.epoch],
    ...(expect.rev === null ? {} : { rev: rev + expect.rev }),
  };
}
