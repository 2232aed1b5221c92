// Rules as sentences: given a history, when somebody wants something, then these events, or a refusal.

import { expect } from 'vitest';
import type { Command } from '../../core/commands.ts';
import type { ErrorCode } from '../../core/errors.ts';
import type { EventType, NewEvent } from '../../core/events.ts';
import { gameStream } from '../../server/wiring/game-stream.ts';
import { checked } from '../../streams/engine.ts';
import type { Table } from './played-game.ts';

/** Decides twice, on a room that cannot be changed. */
const { decide } = checked(gameStream);

/** An expected event: its type, and as much of its data as the rule is about. */
export type Expected = EventType | readonly [type: EventType, data: object];

export function given(history: () => Table) {
  const table = history();
  return {
    when(makeCommand: Command | ((table: Table) => Command)) {
      const command = typeof makeCommand === 'function' ? makeCommand(table) : makeCommand;
      const decision = decide(command, table.folded().state);
      const events = 'events' in decision ? decision.events : [];
      return {
        then(...expected: readonly Expected[]) {
          expect(decision, JSON.stringify(decision)).toHaveProperty('events');
          expect(events.map(({ type }) => type)).toEqual(
            expected.map((each) => (typeof each === 'string' ? each : each[0])),
          );
          for (const [index, each] of expected.entries()) {
            if (typeof each !== 'string') expect(events[index]?.data).toMatchObject(each[1]);
          }
          return events as readonly NewEvent[];
        },
        thenRejected(code: ErrorCode) {
          expect(decision).toMatchObject({ rejected: code });
        },
        thenNothing() {
          expect(decision, JSON.stringify(decision)).toMatchObject({ events: [] });
        },
        thenStale() {
          expect(decision).toEqual({ stale: true });
        },
      };
    },
  };
}
