// What an operator does about a claim that was wrong: its round counts no longer, and its fact is never
// asked again. Reads the round from the log, so it works for any round of any game of the room.

import type { Command } from '../../core/commands.ts';
import { errorKinds } from '../../core/errors.ts';
import type { RecordedEvent } from '../../core/events.ts';
import type { RoomCode, RoundId } from '../../core/ids.ts';
import { Fault } from '../../streams/engine.ts';
import { type Intent, newTraceparent, readAfter } from '../../streams/parts.ts';
import { keyReused } from './once.ts';
import { note, type Operator } from './operator.ts';

export interface Retraction {
  readonly roundId: RoundId;
  readonly question: string;
  readonly factKey: string;
  /** How many players gave points back. */
  readonly players: number;
  /** It had been taken back before. */
  readonly again: boolean;
}

/** `round`: its id, or its number in the game that runs or ran last. */
export interface RetractRequest {
  readonly room: RoomCode;
  readonly round: string;
  readonly reason: string;
  /** Of a wish that may be sent again: a number means the round that it meant at first. */
  readonly intent?: Intent;
}

/**
 * Takes a claim back. May run twice.
 * @throws Fault `round_unknown` when there is no such round, `unavailable` when the store is away.
 */
export async function retractRound(
  operator: Pick<Operator, 'by' | 'connection' | 'keys' | 'log' | 'rooms'>,
  { room, round, reason, intent }: RetractRequest,
): Promise<Retraction> {
  const { log, rooms } = operator;
  const events = await readAfter(log, room, 0);
  const before = events.find((event) => intent !== undefined && event.intent?.key === intent.key);
  if (before !== undefined && before.intent?.content !== intent?.content) throw keyReused();
  const find = async (which: string) => roundIn(await readAfter(log, room, 0), which);
  const found = roundIn(events, before?.roundId ?? round);
  if (found === null)
    throw new Fault('round_unknown', `room ${room} has no round ${round}`, { retryable: false });
  // Read anew for each try: the round may get its result between the reading and the commit.
  const makeCommand = async (): Promise<Command> => {
    const { roundId, played } = (await find(found.roundId)) ?? found;
    return { type: 'retractRound', roundId, reason, played };
  };
  const handled = await rooms.handle(room, makeCommand, {
    by: 'operator',
    traceparent: newTraceparent(),
    ...(intent === undefined ? {} : { intent }),
  });
  if (handled.status === 'rejected') {
    throw new Fault('retract_refused', handled.detail ?? errorKinds[handled.code].message, {
      retryable: false,
    });
  }
  const { roundId, question, played } = found;
  const players = played.points.length;
  const again = handled.status === 'dup' && before === undefined;
  if (handled.status === 'done')
    await note(operator, { verb: 'retract', room, about: `round ${roundId}: ${reason}` });
  return { roundId, question, factKey: played.factKey, players, again };
}

/** What a retraction has to say of a round; null where there is none. */
export function roundIn(events: readonly RecordedEvent[], round: string) {
  const { game: last } = events.findLast(({ type }) => type === 'GAME_START') ?? { game: null };
  const asked = events.findLast(
    (event): event is RecordedEvent<'NEW_QUESTION'> =>
      event.type === 'NEW_QUESTION' &&
      (event.roundId === round || (event.game === last && String(event.round) === round)),
  );
  if (!asked?.roundId || asked.game === null || asked.round === null) return null;
  const { roundId, cycleId, game } = asked;
  const draft = events.find(
    (event): event is RecordedEvent<'DRAFT_READY'> =>
      event.type === 'DRAFT_READY' && event.cycleId === cycleId,
  );
  const result = events.find(
    (event): event is RecordedEvent<'ROUND_RESULT'> =>
      event.type === 'ROUND_RESULT' && event.roundId === roundId,
  );
  if (draft === undefined) return null;
  const won = (result?.data.results ?? []).filter(({ points }) => points > 0);
  const points = won.map(({ playerId, points: taken }) => ({ playerId, points: taken }));
  const played = { game, round: asked.round, factKey: draft.data.candidate.factKey, points };
  return { roundId, question: asked.data.question, played };
}
