// All agents of a room, moved by the test: nothing is researched, opened or scored before it says so, so that
// each phase stays for as long as it is looked at, and each claim is the test's own.

import { ulid } from 'ulid';
import type { Command } from '../../core/commands.ts';
import type { RecordedEvent } from '../../core/events.ts';
import type { Game } from '../../core/game.ts';
import { CycleId, type RoomCode, RoundId } from '../../core/ids.ts';
import type { Room, State } from '../../core/state.ts';
import { gameStream } from '../../server/wiring/game-stream.ts';
import type { EventLog } from '../../streams/contract/event-log.ts';
import { createCommandHandler } from '../../streams/handle/command-handler.ts';
import { readAfter } from '../../streams/handle/follow.ts';
import { newTraceparent } from '../../streams/trace/traceparent.ts';
import type { MarkedClaim } from './marked-claims.ts';

export interface AgentsByHand {
  /** Makes a claim ready, by way of all stages. */
  prepare(claim: MarkedClaim): Promise<void>;
  /** The game master's next step; throws where there is none. */
  step(): Promise<void>;
  /** The whole log. */
  log(): Promise<RecordedEvent[]>;
}

export function agentsByHand(eventLog: EventLog<Game>, room: RoomCode): AgentsByHand {
  const rooms = createCommandHandler(eventLog, gameStream);
  const log = () => readAfter(eventLog, room, 0);

  async function act(make: (state: Room) => Command | Promise<Command>): Promise<Room> {
    const context = { by: 'game-master', traceparent: newTraceparent() } as const;
    const handled = await rooms.handle(room, ({ state }) => make(known(state)), context);
    if (handled.status !== 'done') throw new Error(`nothing came of it: ${JSON.stringify(handled)}`);
    return known(handled.folded.state);
  }

  const step = () =>
    act(async (state) => {
      const now = await eventLog.now(room);
      const fresh = { cycleId: CycleId.parse(ulid()), roundId: RoundId.parse(ulid()), chance: 0.5 };
      const world = { ...fresh, now, topics: ['Tests'], answers: answersIn(await log(), state) };
      const looked = { connected: null, silentMs: 0, retracted: new Set<string>(), embedded: null };
      return { type: 'advance', world: { ...world, ...looked } };
    });

  return {
    log,
    step: async () => void (await step()),
    async prepare({ candidates, draft, verdict, origins }) {
      const { cycleId } = (await step()).preparing.find(({ work }) => work.stage === 'research') ?? {};
      if (cycleId === undefined) throw new Error('no claim was asked for');
      const { researcher, writer, editor } = origins;
      await act(() => ({ type: 'recordResearch', cycleId, candidates, origin: researcher }));
      await act(() => ({ type: 'recordDraft', cycleId, draft, origin: writer }));
      await act(() => ({ type: 'recordVerdict', cycleId, verdict, confidenceMin: 0.5, origin: editor }));
    },
  };
}

function known(state: State): Room {
  if (state.phase === 'none') throw new Error('there is no room');
  return state;
}

const answersIn = (log: readonly RecordedEvent[], { lastRoundId }: Room) =>
  log.flatMap((event) =>
    event.type === 'ANSWER_SUBMITTED' && event.roundId === lastRoundId
      ? [{ ...event.data, at: event.at }]
      : [],
  );
