// What is asked for, in the imperative. Time, chance, ids and what models said ride along as
// data, so that `decide` needs none of them.

import type { GivenAnswer } from './answers.ts';
import type { Candidate, Draft, Origin, Truth, Verdict } from './claim.ts';
import { keys } from './effect-names.ts';
import type { CycleId, Epoch, GameId, PlayerId, RoundId } from './ids.ts';
import type { Looks } from './names.ts';
import type { Pace, Settings, SettingsChange } from './settings.ts';

/** A claim with its verdict at hand, from the embedded provider. */
export interface EmbeddedClaim {
  readonly candidate: Candidate;
  readonly verdict: Verdict;
  readonly origin: Origin;
}

/**
 * The world as the game master found it. `now` is the log's clock in ms. What `needsOf` did not ask for is
 * null. `silentMs`: for how long no player has been connected.
 */
export interface World {
  readonly now: number;
  readonly cycleId: CycleId;
  readonly roundId: RoundId;
  /** 0..1, evenly spread. */
  readonly chance: number;
  /** Topics that take turns when the host chose none. */
  readonly topics: readonly string[];
  readonly answers: readonly GivenAnswer[] | null;
  readonly connected: ReadonlySet<PlayerId> | null;
  readonly silentMs: number | null;
  /** Those of the facts asked for that were taken back, in whatever room. */
  readonly retracted: ReadonlySet<string>;
  readonly embedded: EmbeddedClaim | null;
}

export type Command =
  | {
      readonly type: 'createRoom';
      readonly epoch: Epoch;
      readonly settings: Settings;
      readonly pace: Pace;
      readonly trial?: boolean;
    }
  | { readonly type: 'changeSettings'; readonly change: SettingsChange; readonly requestId: string }
  | {
      readonly type: 'joinPlayer';
      readonly playerId: PlayerId;
      readonly name: string;
      /** Where it is known; `reserved`: it could be taken for the game itself. */
      readonly looks?: Looks & { readonly reserved: boolean };
      /** Hash of the client's nonce: the same one is the same player. */
      readonly nonceHash: string;
    }
  | { readonly type: 'leavePlayer'; readonly playerId: PlayerId }
  | { readonly type: 'kickPlayer'; readonly playerId: PlayerId; readonly ban: boolean }
  | { readonly type: 'startGame'; readonly after: GameId | null; readonly game: GameId }
  | { readonly type: 'endGame'; readonly game: GameId }
  | { readonly type: 'pauseGame'; readonly reason: 'host' | 'fault'; readonly now: number }
  | { readonly type: 'resumeGame' }
  | { readonly type: 'skipRound'; readonly roundId: RoundId; readonly reason: string }
  | { readonly type: 'closeRound'; readonly roundId: RoundId; readonly reason: 'host' | 'all_answered' }
  | { readonly type: 'nextRound'; readonly roundId: RoundId | null; readonly world: World }
  | {
      readonly type: 'extendRound';
      readonly roundId: RoundId;
      readonly ms: number;
      readonly requestId: string;
    }
  | {
      readonly type: 'reportClaim';
      readonly playerId: PlayerId;
      readonly roundId: RoundId;
      readonly reason: string;
    }
  | {
      readonly type: 'retractRound';
      readonly roundId: RoundId;
      readonly reason: string;
      /** What the log says of the round; `points` of those who got some. */
      readonly played: {
        readonly game: GameId;
        readonly round: number;
        readonly factKey: string;
        readonly points: readonly { readonly playerId: PlayerId; readonly points: number }[];
      };
    }
  | {
      readonly type: 'recordResearch';
      readonly cycleId: CycleId;
      readonly candidates: readonly Candidate[];
      readonly origin: Origin;
    }
  | {
      readonly type: 'recordDraft';
      readonly cycleId: CycleId;
      readonly draft: Draft;
      readonly origin: Origin;
    }
  | {
      readonly type: 'recordVerdict';
      readonly cycleId: CycleId;
      readonly verdict: Verdict | null;
      readonly confidenceMin: number;
      readonly origin: Origin;
    }
  | { readonly type: 'advance'; readonly world: World };

export type CommandType = Command['type'];
export type CommandOf<T extends CommandType> = Extract<Command, { type: T }>;

/**
 * The key of a request that its sender may repeat; null where a repeat finds nothing left to do. Known before
 * deciding: a repeat would often be refused by what its first time changed.
 */
export function requestKey(command: Command): string | null {
  switch (command.type) {
    case 'joinPlayer':
      return keys.join(command.nonceHash);
    case 'startGame':
      return keys.start(command.after);
    case 'extendRound':
      return keys.extend(command.requestId);
    case 'changeSettings':
      return keys.settings(command.requestId);
    case 'endGame':
      return keys.gameOver(command.game);
    case 'kickPlayer':
      return command.ban ? keys.ban(command.playerId) : keys.kick(command.playerId);
    case 'skipRound':
      return keys.skip(command.roundId);
    case 'closeRound':
      return keys.close(command.roundId);
    default:
      return null;
  }
}

/** The one command that does not go through `decide`: guards in the commit stand in for it. */
export interface SubmitAnswer {
  readonly playerId: PlayerId;
  readonly roundId: RoundId;
  readonly answer: Truth;
}
