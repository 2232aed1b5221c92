// Folds rooms into documents. Told that a room has moved on, it reads the log from where it stood and writes
// what is newer; any number of projectors may do the same, late or twice.

import type { RecordedEvent } from '../core/events.ts';
import { type Folded, fold, unfolded } from '../core/evolve.ts';
import type { RoomCode } from '../core/ids.ts';
import { limits } from '../core/limits.ts';
import type { HallOfFame } from '../core/past-game.ts';
import type { EventLog } from '../core/ports.ts';
import { membersOf, type Room } from '../core/state.ts';
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
    summary: unknown;
    documents: ReadonlyMap<string, unknown>;
  }): Promise<number>;
}

/** All projections of a room, folded to one revision. */
export interface Projected {
  readonly folded: Folded;
  readonly states: readonly unknown[];
  readonly played: Played;
  readonly past: PastGames;
}

const projections: readonly Projection<unknown>[] = [
  gameState,
  rounds,
  leaderboard,
  agentWork,
] as Projection<unknown>[];

export const unprojected: Projected = {
  folded: unfolded,
  states: projections.map((projection) => projection.initial),
  played: nothingPlayed,
  past: noPastGames,
};

/** Folds further events; pure. */
export function project(from: Projected, events: Iterable<RecordedEvent>): Projected {
  let { folded, states, played, past } = from;
  for (const event of events) {
    folded = fold(folded, [event]);
    played = evolvePlayed(played, event);
    const { state } = folded;
    if (state.phase === 'none') continue;
    past = evolvePastGames(past, event, state);
    states = projections.map((projection, index) => projection.evolve(states[index], event, state));
  }
  return { folded, states, played, past };
}

/** The documents of a room by name, each with the revision (the last turn) and epoch it stands for. */
export function documentsOf({ folded, states }: Projected): ReadonlyMap<string, unknown> {
  const { state, turn } = folded;
  if (state.phase === 'none') return new Map();
  const all = projections.flatMap((projection, index) => [...projection.documents(states[index], state)]);
  return new Map(all.map(([name, value]) => [name, { rev: turn, ...(value as object) }]));
}

/** A room in the list of rooms. */
function summaryOf(room: Room, { turn, at }: Folded): unknown {
  const { settings, phase } = room;
  const round = 'round' in room ? room.round : 0;
  return {
    rev: turn,
    at,
    phase,
    round,
    rounds: settings.rounds,
    topic: settings.topic,
    players: membersOf(room).length,
  };
}

/** Brings the documents of a room, and the memory of it, up to the head of its log. */
export function createProjector(
  log: EventLog,
  sink: DocumentSink,
  { keepMemory, hall }: { keepMemory: KeepMemory; hall: Pick<HallOfFame, 'publish'> },
): (room: RoomCode) => Promise<void> {
  const kept = new Map<RoomCode, Projected>();

  return async (room) => {
    const head = await log.head(room);
    if (head === null) return void kept.delete(room);
    const known = kept.get(room);
    const from = known !== undefined && epochOf(known) === head.epoch ? known : unprojected;
    const projected = await readOn(log, room, from);
    const { state, turn } = projected.folded;
    if (state.phase === 'none') return;
    kept.delete(room);
    kept.set(room, projected);
    const oldest = kept.keys().next();
    if (kept.size > limits.roomsCachedMax && !oldest.done) kept.delete(oldest.value);
    const documents = documentsOf(projected);
    const summary = summaryOf(state, projected.folded);
    await sink.put({ room, epoch: state.epoch, rev: turn, summary, documents });
    await keepMemory(room, state.epoch, projected.played);
    const { over } = projected.past;
    if (over !== null) await hall.publish(over.game, over.rev);
  };
}

async function readOn(log: EventLog, room: RoomCode, from: Projected): Promise<Projected> {
  for (let projected = from; ; ) {
    const events = await log.read(room, projected.folded.rev);
    projected = project(projected, events);
    if (events.length < limits.readPageEntries) return projected;
  }
}

function epochOf({ folded: { state } }: Projected): string | null {
  return state.phase === 'none' ? null : state.epoch;
}
