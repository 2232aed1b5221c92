// The game master: opens, closes and scores rounds, keeps claims ahead, ends games. Holds nothing: each wake
// looks at the room and does whatever is due, so any number of game masters may be woken by anything, twice,
// late, or after a crash.

import { needsOf } from '../core/advance.ts';
import type { GivenAnswer } from '../core/answers.ts';
import type { Difficulty } from '../core/claim.ts';
import type { EmbeddedClaim, World } from '../core/commands.ts';
import type { EventType } from '../core/events.ts';
import type { Game } from '../core/game.ts';
import { CycleId, RoundId } from '../core/ids.ts';
import { limits } from '../core/limits.ts';
import type { Presence } from '../core/ports.ts';
import { factsTaken, type Room } from '../core/state.ts';
import { Fault, type Task } from '../streams/engine.ts';
import { type Agent, ulids } from '../streams/parts.ts';
import type { KeepUp } from './keep-up.ts';

/** What the game master knows beyond the log. `chance` is 0..1. */
export interface Surroundings {
  readonly presence: Presence;
  readonly topics: readonly string[];
  readonly chance: () => number;
  /** Names cycles and rounds, each anew; ULIDs unless given. */
  readonly nextId?: () => string;
  /** Those of the facts that an operator took back, in whatever room. */
  retracted(factKeys: readonly string[]): Promise<ReadonlySet<string>>;
  /** A claim with its verdict, about none of the facts in `avoid`. */
  embedded(wish: {
    topic: string | null;
    difficulty: Difficulty;
    avoid: ReadonlySet<string>;
  }): Promise<EmbeddedClaim>;
}

const noFacts: ReadonlySet<string> = new Set();

/** The part of a task that looking around takes. `byHand`: a host goes on, whatever the clock says. */
export type View = Pick<Task<Game>, 'now'> & { readonly byHand?: boolean };

const wakes: ReadonlySet<EventType> = new Set([
  'SETTINGS_CHANGED',
  'GAME_START',
  'VALIDATION_COMPLETE',
  'NEW_QUESTION',
  'ROUND_CLOSED',
  'ROUND_COMPLETE',
  'ROUND_SKIPPED',
  'GAME_RESUMED',
]);

// A wake opens, closes or scores, and starts a few claims; more than this is a bug, not a busy room.
const stepsMax = 4 * limits.claimsAheadMax;

export function createGameMaster(surroundings: Surroundings, keepUp: KeepUp = () => undefined): Agent<Game> {
  return {
    group: 'game-master',
    wakes,
    timers: true,
    async handle(task) {
      for (let steps = 0; steps < stepsMax; steps++) {
        const handled = await task.submit(async ({ state }) => {
          const world = await gatherWorld(state.phase === 'none' ? null : state, task, surroundings);
          return { type: 'advance', world };
        });
        if ('folded' in handled) keepUp(task.stream, handled.folded);
        if (handled.status !== 'done' && handled.status !== 'dup') return;
      }
      throw new Fault('endless_steps', `room ${task.stream}: still not done after ${stepsMax} steps`, {
        retryable: true,
      });
    },
  };
}

/** The world as `advance` needs it for this room: nothing is fetched that it would not look at. */
export async function gatherWorld(
  room: Room | null,
  view: View,
  { presence, topics, chance, nextId = ulids, embedded, retracted }: Surroundings,
): Promise<World> {
  const { byHand = false } = view;
  const now = await view.now();
  const nothing = { answers: null, connected: null, silentMs: null, embedded: null, retracted: noFacts };
  const cycleId = CycleId.parse(nextId());
  const fresh = { now, topics, chance: chance(), cycleId, roundId: RoundId.parse(nextId()) };
  if (room === null) return { ...fresh, ...nothing };
  const { facts } = needsOf(room, { now, byHand, retracted: noFacts });
  const gone = facts.length === 0 ? noFacts : await retracted(facts);
  const needs = needsOf(room, { now, byHand, retracted: gone });
  const looked = needs.presence ? await presence.look(room.room) : null;
  return {
    ...fresh,
    answers: needs.answers ? answersOf(room) : null,
    connected: looked?.connected ?? null,
    silentMs: looked?.silentMs ?? null,
    retracted: gone,
    embedded: needs.embedded === null ? null : await embedded({ ...needs.embedded, avoid: factsTaken(room) }),
  };
}

function answersOf(room: Room): GivenAnswer[] {
  return room.phase === 'question' || room.phase === 'closed' ? room.question.answers.values() : [];
}
