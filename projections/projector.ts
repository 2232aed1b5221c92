// Folds rooms into documents. Told that a room has moved on, it reads the log from where it stood and writes
// what is newer; any number of projectors may do the same, late or twice.

import type { RecordedEvent } from '../core/events.ts';
import { type Game, game } from '../core/game.ts';
import type { RoomCode } from '../core/ids.ts';
import { keepNewest } from '../core/keep-newest.ts';
import { limits } from '../core/limits.ts';
import type { BoardStore } from '../core/past-game.ts';
import { membersOf, type Room, roundOf } from '../core/state.ts';
import type { Folded } from '../streams/engine.ts';
import type { EventLog } from '../streams/parts.ts';
import { fold, follow, unfolded } from '../streams/parts.ts';
import { agentWork } from './agent-work.ts';
import { gameState } from './game-state.ts';
import { leaderboard } from './leaderboard.ts';
import type { KeepMemory } from './memory-keeper.ts';
import { evolvePastGames, noPastGames, type PastGames } from './past-games.ts';
import { evolvePlayed, nothingPlayed, type Played } from './played.ts';
import type { Projection } from './projection.ts';
import { rounds } from './rounds.ts';

/** Where documents go: written only if `rev` is newer than what stands. May run twice. */
export interface DocumentSink {
  put(batch: {
    room: RoomCode;
    epoch: string;
    rev: number;
    summary: RoomSummary;
    documents: ReadonlyMap<string, unknown>;
  }): Promise<number>;
}

/** All projections of a room, folded to one revision. */
export interface Projected {
  readonly folded: Folded<Game>;
  readonly states: readonly unknown[];
  readonly played: Played;
  readonly past: PastGames;
  /** How often players reported a claim. */
  readonly reports: number;
}

const projections: readonly Projection<unknown>[] = [
  gameState,
  rounds,
  leaderboard,
  agentWork,
] as Projection<unknown>[];

export const unprojected: Projected = {
  folded: unfolded(game),
  states: projections.map((projection) => projection.initial),
  played: nothingPlayed,
  past: noPastGames,
  reports: 0,
};

/** Folds further events; pure. */
export function project(from: Projected, events: Iterable<RecordedEvent>): Projected {
  let { folded, states, played, past, reports } = from;
  for (const event of events) {
    folded = fold(game, folded, [event]);
    played = evolvePlayed(played, event);
    if (event.type === 'CLAIM_REPORTED') reports += 1;
    const { state } = folded;
    if (state.phase === 'none') continue;
    past = evolvePastGames(past, event, state);
    states = projections.map((projection, index) => projection.evolve(states[index], event, state));
  }
  return { folded, states, played, past, reports };
}

/** The documents of a room by name, each with the revision (the last turn) and epoch it stands for. */
export function documentsOf({ folded, states }: Projected): ReadonlyMap<string, unknown> {
  const { state, turn } = folded;
  if (state.phase === 'none') return new Map();
  const all = projections.flatMap((projection, index) => [...projection.documents(states[index], state)]);
  return new Map(all.map(([name, value]) => [name, { rev: turn, ...(value as object) }]));
}

/** A room's line in the list of rooms. */
export interface RoomSummary {
  /** The last turn. */
  readonly rev: number;
  /** Moment of the last event in ms. */
  readonly at: number;
  readonly phase: Room['phase'];
  readonly round: number;
  readonly rounds: number;
  readonly topic: string | null;
  readonly players: number;
  /** Missing in lines from before there were any. */
  readonly trial?: boolean;
  /** How often players reported a claim; missing in lines from before they were counted. */
  readonly reports?: number;
}

export function summaryOf(room: Room, { turn, at }: Folded<Game>): RoomSummary {
  const { settings, phase } = room;
  return {
    rev: turn,
    at,
    phase,
    round: roundOf(room),
    rounds: settings.rounds,
    topic: settings.topic,
    players: membersOf(room).length,
    trial: room.trial,
  };
}

/** Brings the documents of a room, and the memory of it, up to the head of its log. */
export function createProjector(
  log: EventLog<Game>,
  sink: DocumentSink,
  { keepMemory, boardStore }: { keepMemory: KeepMemory; boardStore: Pick<BoardStore, 'publish'> },
): (room: RoomCode) => Promise<void> {
  const kept = new Map<RoomCode, Projected>();

  /** The projections at the head of the log; null where there is no such room. */
  async function readOn(room: RoomCode, from: Projected): Promise<Projected | null> {
    let projected = from;
    const came = await follow(log, room, from.folded, {
      take: (events) => {
        projected = project(projected, events);
      },
      anew: () => {
        projected = unprojected;
      },
    });
    if (came === 'replaced') return readOn(room, unprojected);
    return came === 'gone' ? null : projected;
  }

  return async (room) => {
    const projected = await readOn(room, kept.get(room) ?? unprojected);
    if (projected === null) return void kept.delete(room);
    const { state, turn } = projected.folded;
    if (state.phase === 'none') return;
    keepNewest(kept, room, projected, limits.roomsCachedMax);
    const documents = documentsOf(projected);
    const summary = { ...summaryOf(state, projected.folded), reports: projected.reports };
    await sink.put({ room, epoch: state.epoch, rev: turn, summary, documents });
    await keepMemory(room, state.epoch, projected.played);
    const { over, earlier } = projected.past;
    for (const { game, rev } of earlier) await boardStore.publish(game, rev);
    if (over !== null) await boardStore.publish(over.game, over.rev);
    // What is published need not be carried on.
    if (earlier.length > 0) {
      const past = { ...projected.past, earlier: [] };
      keepNewest(kept, room, { ...projected, past }, limits.roomsCachedMax);
    }
  };
}
