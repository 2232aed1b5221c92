// The game as one kind of stream: everything that an engine of event streams has to be told of it. Plain data
// and pure functions, which fit the engine by their shape.

import { type Command, requestKey } from './commands.ts';
import { decide } from './decide.ts';
import { effectsOf } from './effects.ts';
import type { ErrorCode } from './errors.ts';
import {
  type Author,
  agentNames,
  eventData,
  eventScope,
  type NewEvent,
  quietTypes,
  type RecordedEvent,
  roundTypes,
} from './events.ts';
import { evolve } from './evolve.ts';
import { RoomCode } from './ids.ts';
import { questionOf, type State } from './state.ts';
import { upcasters } from './upcasters.ts';

/** The game's types, as the engine carries them. */
export interface Game {
  readonly id: RoomCode;
  readonly state: State;
  readonly command: Command;
  readonly newEvent: NewEvent;
  readonly event: RecordedEvent;
  readonly by: Author;
  readonly code: ErrorCode;
}

/** The consumer groups without which no game goes on. */
export const groups = [...agentNames, 'projector'] as const;
export type Group = (typeof groups)[number];

const noRoom: State = { phase: 'none' };

export const game = {
  name: 'game',
  initial: noRoom,
  events: eventData,
  quiet: quietTypes,
  version: 1,
  upcasters,
  scope: eventScope,
  idField: 'room',
  hints: 'answers',
  codes: { exists: 'forbidden', missing: 'room_not_found', reused: 'key_reused' },
  parseId: (text: string): RoomCode | null => RoomCode.safeParse(text).data ?? null,
  decide,
  evolve,
  effects: effectsOf,
  keyOf: requestKey,
  epochOf: (first: RecordedEvent): string | null => (first.type === 'ROOM_CREATED' ? first.data.epoch : null),
  /** One round is one trace: what becomes of a cycle carries the trace of its START_ROUND. */
  trace: {
    types: roundTypes,
    begins: 'START_ROUND',
    nameOf: ({ cycleId }: NewEvent): string | null => cycleId,
    contextOf,
    attributesOf: ({ round, cycleId, roundId }: NewEvent) => ({
      ...(round === null ? {} : { 'arena.round': round }),
      ...(cycleId === null ? {} : { 'arena.cycle': cycleId }),
      ...(roundId === null ? {} : { 'arena.round.id': roundId }),
    }),
  },
} as const;

/** The trace of a cycle that the room knows: no event is about another. */
function contextOf(state: State, cycleId: string): string | null {
  if (state.phase === 'none') return null;
  const question = questionOf(state);
  if (question?.cycleId === cycleId) return question.traceparent;
  return state.preparing.find((one) => one.cycleId === cycleId)?.traceparent ?? null;
}
