// The players of a room, in the order in which they came: a map that never changes, and what the rules ask
// of all of them at once (who is there, which names are taken, who leads), kept so that no step costs the
// size of the room. `evolve` alone makes new ones.

import type { PlayerId } from './ids.ts';
import { limits } from './limits.ts';
import type { Looks } from './names.ts';
import { mapped, type PersistentMap, valueAt, valuesOf, withValue } from './persistent-map.ts';

export interface Player {
  readonly id: PlayerId;
  readonly name: string;
  /** Case-folded NFKC form: what makes a name unique in its room. */
  readonly nameKey: string;
  /** What the name looks like; missing where that was not asked yet. */
  readonly looks?: Looks;
  readonly joinedRev: number;
  /** Came to a crowd, in which all are counted and only the first are told of by name; hosts hear of each. */
  readonly unnamed?: true;
  /** Null while the player belongs to the room. */
  readonly gone: 'left' | 'kicked' | null;
  readonly score: number;
  readonly streak: number;
  /** Right answers in this game, but for rounds that were taken back. */
  readonly right: number;
  /** Place on the last board; 0 before the first. */
  readonly rank: number;
  /** Places won (+) or lost (-) by the last board of this game. */
  readonly change: number;
}

/** A player with the place in the order of coming. */
interface Seat {
  readonly place: number;
  readonly player: Player;
}

interface Fields {
  readonly seats: PersistentMap<Seat>;
  /** How many members have a name, or look so. */
  readonly names: PersistentMap<number>;
  readonly size: number;
  readonly memberCount: number;
  readonly onBoardCount: number;
}

const nobody: Fields = { seats: null, names: null, size: 0, memberCount: 0, onBoardCount: 0 };

export class Players {
  static readonly none = new Players(nobody);

  readonly seats: Fields['seats'];
  readonly names: Fields['names'];
  /** All whom the room knows, those too who are gone. */
  readonly size: number;
  /** Those who belong to the room. */
  readonly memberCount: number;
  /** All but the kicked. */
  readonly onBoardCount: number;
  // What was asked of all once is kept: the answer stays the same.
  #all: readonly Player[] | null = null;
  #named: readonly Player[] | null = null;
  #best: readonly Player[] | null = null;

  private constructor({ seats, names, size, memberCount, onBoardCount }: Fields) {
    this.seats = seats;
    this.names = names;
    this.size = size;
    this.memberCount = memberCount;
    this.onBoardCount = onBoardCount;
  }

  static of(players: Iterable<Player>): Players {
    let all = Players.none;
    for (const player of players) all = all.with(player);
    return all;
  }

  get(id: PlayerId): Player | undefined {
    return valueAt(this.seats, id)?.player;
  }

  has(id: PlayerId): boolean {
    return this.get(id) !== undefined;
  }

  keys(): readonly PlayerId[] {
    return this.values().map(({ id }) => id);
  }

  /** In the order in which they came. */
  values(): readonly Player[] {
    if (this.#all === null) {
      const all = new Array<Player>(this.size);
      for (const { place, player } of valuesOf(this.seats)) all[place] = player;
      this.#all = all;
    }
    return this.#all;
  }

  /** Members whom all in the room are told of by name. */
  named(): readonly Player[] {
    this.#named ??= this.values().filter(({ gone, unnamed }) => gone === null && unnamed !== true);
    return this.#named;
  }

  /** The first of the board: best first, of equals who came first. */
  best(): readonly Player[] {
    this.#best ??= bestOf(this.values());
    return this.#best;
  }

  /** Whether a member has this name, whatever its case. */
  isTaken(nameKey: string): boolean {
    return (valueAt(this.names, `name ${nameKey}`) ?? 0) > 0;
  }

  /** Whether a member's name looks like this. */
  isAlike({ exact, folded }: Looks): boolean {
    const { names } = this;
    return (valueAt(names, `exact ${exact}`) ?? 0) > 0 || (valueAt(names, `folded ${folded}`) ?? 0) > 0;
  }

  /** Whether there are more than are told of by name. */
  isCrowd(): boolean {
    return this.memberCount > this.named().length;
  }

  /** Whether one more who comes is told of by name. */
  hasNameLeft(): boolean {
    return this.memberCount < limits.playersNamed;
  }

  /** With this player, in place of the one of the same id. */
  with(player: Player): Players {
    const before = valueAt(this.seats, player.id);
    const place = before?.place ?? this.size;
    const was = before?.player;
    const added = (is: (one: Player) => boolean) => Number(is(player)) - Number(was !== undefined && is(was));
    const next = new Players({
      seats: withValue(this.seats, player.id, { place, player }),
      names: namesAfter(this.names, was, player),
      size: this.size + (before === undefined ? 1 : 0),
      memberCount: this.memberCount + added(isMember),
      onBoardCount: this.onBoardCount + added(isOnBoard),
    });
    next.#named = this.#named && namedAfter(this.#named, was, player);
    next.#best = this.#best && bestAfter(this.#best, was, player);
    return next;
  }

  /** Each changed in points and places alone; in one pass. */
  scored(change: (player: Player) => Player): Players {
    return new Players({
      ...this,
      seats: mapped(this.seats, ({ place, player }) => ({ place, player: change(player) })),
    });
  }
}

/** Best first; equal scores keep the order in which the players came. */
export const byPlace = (a: Player, b: Player): number => b.score - a.score || a.joinedRev - b.joinedRev;

/** Looks at each player once, since a board of thousands need not be sorted for its first rows. */
function bestOf(players: readonly Player[]): readonly Player[] {
  const best: Player[] = [];
  for (const player of players) {
    const last = best[limits.boardEntriesMax - 1];
    if (!isOnBoard(player) || (last !== undefined && byPlace(last, player) <= 0)) continue;
    best.push(player);
    best.sort(byPlace);
    best.length = Math.min(best.length, limits.boardEntriesMax);
  }
  return best;
}

/** After one player came or changed. A newcomer without points is the last of all. */
function bestAfter(best: readonly Player[], before: Player | undefined, after: Player) {
  const isLast = before === undefined && after.score === 0 && best.length >= limits.boardEntriesMax;
  return isLast || (before !== undefined && !best.includes(before) && !isOnBoard(after)) ? best : null;
}

function namedAfter(named: readonly Player[], before: Player | undefined, after: Player) {
  if (after.unnamed === true) return named;
  if (before === undefined) return isMember(after) ? [...named, after] : named;
  return named.flatMap((one) => (one !== before ? [one] : isMember(after) ? [after] : []));
}

const isMember = ({ gone }: Player): boolean => gone === null;
export const isOnBoard = ({ gone }: Player): boolean => gone !== 'kicked';

function namesAfter(
  names: PersistentMap<number>,
  before: Player | undefined,
  after: Player,
): PersistentMap<number> {
  const was = before !== undefined && isMember(before);
  if (was === isMember(after)) return names;
  const step = was ? -1 : 1;
  return namesOf(after).reduce<PersistentMap<number>>(
    (all, name) => withValue(all, name, (valueAt(all, name) ?? 0) + step),
    names,
  );
}

/** Of a player who joined before looks were kept only the name without case is known. */
const namesOf = ({ nameKey, looks }: Player): readonly string[] => [
  `name ${nameKey}`,
  ...(looks === undefined ? [] : [`exact ${looks.exact}`]),
  `folded ${looks?.folded ?? nameKey}`,
];
