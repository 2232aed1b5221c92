// Host and players of a simulated game. They speak with whatever server lives, send again what they have
// heard nothing of, and remember what they were promised.

import type { Command } from '../../../core/commands.ts';
import type { Game } from '../../../core/game.ts';
import { GameId, PlayerId, type RoomCode } from '../../../core/ids.ts';
import { defaultSettings, type Settings } from '../../../core/settings.ts';
import type { Room } from '../../../core/state.ts';
import { submitAnswer } from '../../../server/live/submit-answer.ts';
import { isAway } from '../../../streams/engine.ts';
import type { CommandHandler } from '../../../streams/parts.ts';
import type { Random } from '../../faults/random.ts';
import type { Promised } from '../../support/check-history.ts';
import type { Life, Schedule } from './schedule.ts';

export interface Server {
  readonly life: Life;
  readonly rooms: CommandHandler<Game>;
}

export interface Town {
  readonly schedule: Schedule;
  readonly random: Random;
  readonly room: RoomCode;
  readonly nextId: () => string;
  /** The one that lives now; null between two lives. */
  server(): Server | null;
  readonly promised: Promised[];
  /** Told once the game is over. */
  readonly finished: () => void;
}

const context = { by: 'server', traceparent: `00-${'5'.repeat(32)}-${'6'.repeat(16)}-01` } as const;
const againMs = 400;

/** What a server replied; asked again for as long as none does. */
async function ask<T>(town: Town, work: (rooms: CommandHandler<Game>) => Promise<T>): Promise<T> {
  for (;;) {
    const server = town.server();
    try {
      if (server !== null) {
        const came = await Promise.race([work(server.rooms), server.life.over]);
        if (came !== 'died') return came as T;
      }
    } catch (error) {
      if (!isAway(error)) throw error;
    }
    await town.schedule.sleep(null, againMs);
  }
}

const tell = (town: Town, command: Command) =>
  ask(town, (rooms) => rooms.handle(town.room, command, context));

async function look(town: Town): Promise<Room | null> {
  const { state } = await ask(town, (rooms) => rooms.load(town.room));
  return state.phase === 'none' ? null : state;
}

export async function host(town: Town, players: number): Promise<void> {
  const { random, schedule, nextId } = town;
  const settings = settingsFrom(random);
  const pace = { leadMs: 500, intermissionMs: 1_000, stageMs: 8_000, claimsAhead: random.between(1, 3) };
  await tell(town, { type: 'createRoom', epoch: nextId() as never, settings, pace });
  let room = await look(town);
  while (room === null || room.players.size < players) {
    await schedule.sleep(null, 200);
    room = await look(town);
  }
  const game = GameId.parse(nextId());
  await tell(town, { type: 'startGame', after: null, game });
  for (;;) {
    await schedule.sleep(null, random.between(500, 6_000));
    room = await look(town);
    if (room === null) throw new Error('the room is gone');
    if (room.phase === 'over') return town.finished();
    const wish = wishOf(town, room);
    if (wish !== null) await tell(town, wish);
  }
}

function settingsFrom(random: Random): Settings {
  const seconds = random.oneOf([5, 5, 10, 20, null]);
  return { ...defaultSettings, rounds: random.between(1, 5), seconds, streaks: random.next() < 0.7 };
}

/** Hosts meddle now and then; a game that was paused goes on. */
function wishOf({ random, schedule, nextId }: Town, room: Room): Command | null {
  if (room.phase === 'paused') return { type: 'resumeGame' };
  if (random.next() < 0.75) return null;
  const asking = room.phase === 'question' ? room.question.roundId : null;
  const wishes: Command[] = [
    { type: 'pauseGame', reason: 'host', now: schedule.now },
    { type: 'changeSettings', change: { streaks: random.next() < 0.5 }, requestId: nextId() },
  ];
  if (asking !== null) {
    wishes.push(
      { type: 'extendRound', roundId: asking, ms: 3_000, requestId: nextId() },
      { type: 'closeRound', roundId: asking, reason: 'host' },
      { type: 'skipRound', roundId: asking, reason: 'host' },
    );
  }
  return random.oneOf(wishes);
}

export async function player(town: Town, name: string): Promise<void> {
  const { random, schedule, nextId, promised } = town;
  const playerId = PlayerId.parse(nextId());
  await schedule.sleep(null, random.between(0, 1_000));
  for (;;) {
    const joined = await tell(town, { type: 'joinPlayer', playerId, name, nonceHash: name });
    if (joined.status === 'done' || joined.status === 'dup') break;
    await schedule.sleep(null, againMs);
  }
  const done = new Set<string>();
  for (;;) {
    await schedule.sleep(null, random.between(200, 2_500));
    const room = await look(town);
    if (room?.phase === 'over') return;
    if (room?.phase !== 'question' || done.has(room.question.roundId)) continue;
    const { roundId } = room.question;
    if (random.next() < 0.15) {
      done.add(roundId);
      continue;
    }
    const answer = random.oneOf(['FACT', 'FAKE'] as const);
    const outcome = await ask(town, (rooms) =>
      submitAnswer(rooms, town.room, { playerId, roundId, answer }, context),
    );
    // Too early is tried again.
    if (outcome.status === 'refused' && outcome.code === 'round_not_active') continue;
    done.add(roundId);
    if (outcome.status === 'ok' || outcome.status === 'dup') promised.push({ playerId, roundId, answer });
  }
}
