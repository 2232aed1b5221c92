// The last three commits of a round, for tests that cut them: an answer, the close, the result. They are sent
// again as those send them who do not know what became of them.

import { ulid } from 'ulid';
import type { Truth } from '../../core/claim.ts';
import type { RecordedEvent } from '../../core/events.ts';
import { GameId, PlayerId, type RoomCode, type RoundId } from '../../core/ids.ts';
import { submitAnswer } from '../../server/live/submit-answer.ts';
import { readAfter } from '../../streams/handle/follow.ts';
import { fieldsOf } from '../../streams/valkey/fields.ts';
import type { Engine } from './engine.ts';
import { openWorld } from './world.ts';

export interface Round {
  readonly room: RoomCode;
  readonly roundId: RoundId;
  readonly ada: PlayerId;
}

export async function joinAs(engine: Engine, room: RoomCode, name: string): Promise<PlayerId> {
  const playerId = PlayerId.parse(ulid());
  const joins = { type: 'joinPlayer', playerId, name, nonceHash: name } as const;
  const { status } = await engine.rooms.handle(room, () => joins, engine.context);
  if (status !== 'done') throw new Error(`${name} did not get in: ${status}`);
  return playerId;
}

/** A room whose first question is open, for as long as a test may take. */
export async function openRound(engine: Engine): Promise<Round> {
  const room = await engine.createRoom({ seconds: null });
  const ada = await joinAs(engine, room, 'Ada');
  await joinAs(engine, room, 'Bo');
  const game = GameId.parse(ulid());
  await engine.rooms.handle(room, () => ({ type: 'startGame', after: null, game }), engine.context);
  const world = openWorld(await engine.log.now(null));
  await engine.rooms.handle(room, () => ({ type: 'advance', world }), engine.context);
  return { room, roundId: world.roundId, ada };
}

/** `committed`: told after each of the three, whether it was done now or before. */
export async function endRound(
  engine: Engine,
  { room, roundId, ada }: Round,
  { answer, committed = () => undefined }: { answer: Truth; committed?: () => unknown },
): Promise<void> {
  const { rooms, context, log } = engine;
  await submitAnswer(rooms, room, { playerId: ada, roundId, answer }, context);
  await committed();
  await rooms.handle(room, () => ({ type: 'closeRound', roundId, reason: 'host' }), context);
  await committed();
  const answers = (await eventsOf(engine, room)).flatMap((event) =>
    event.type === 'ANSWER_SUBMITTED' ? [{ ...event.data, at: event.at }] : [],
  );
  const world = { ...openWorld(await log.now(null)), answers };
  await rooms.handle(room, () => ({ type: 'advance', world }), context);
  await committed();
}

export const eventsOf = (engine: Engine, room: RoomCode): Promise<RecordedEvent[]> =>
  readAfter(engine.log, room, 0);

/** All that the store keeps, by key, in words that are equal where it is. */
export async function contentsOf({ commands }: Engine): Promise<Record<string, unknown>> {
  const names = (await commands.keys('*')).sort();
  const read = names.map(async (name) => {
    const kind = await commands.type(name);
    if (kind === 'stream') return [name, await commands.xrange(name, '-', '+')];
    if (kind === 'zset') return [name, await commands.zrange(name, 0, -1, 'WITHSCORES')];
    if (kind === 'hash')
      return [
        name,
        fieldsOf(
          Object.entries(await commands.hgetall(name))
            .sort()
            .flat(),
        ),
      ];
    return [name, await commands.get(name)];
  });
  return Object.fromEntries(await Promise.all(read));
}
