// Limits of a room and its game, of what is kept of rooms, and of the server's own time.

import type { EventType, RecordedEvent } from '../../../core/events.ts';
import { evolve } from '../../../core/evolve.ts';
import { game } from '../../../core/game.ts';
import { limits } from '../../../core/limits.ts';
import { topOf } from '../../../core/scoring.ts';
import { Pace } from '../../../core/settings.ts';
import type { Room } from '../../../core/state.ts';
import { evolvePlayed, nothingPlayed } from '../../../projections/played.ts';
import { type Health, keptHealth } from '../../../server/health/health.ts';
import { createRegistry } from '../../../server/telemetry/registry.ts';
import { pace } from '../../support/engine.ts';
import { playedGame } from '../../support/played-game.ts';
import { by, type Judged, least, most, noLimit } from './judged.ts';

/** A room after its first event of a type, where it was changed before it. */
function roomAfter(type: EventType, change: (room: Room) => Partial<Room>): Room {
  const { log } = playedGame();
  const at = log.findIndex((event) => event.type === type);
  const before = log.slice(0, at).reduce(evolve, game.initial);
  const event = log[at];
  if (event === undefined || before.phase === 'none') throw new Error(`no ${type} in a room`);
  const after = evolve({ ...before, ...change(before) } as Room, event);
  if (after.phase === 'none') throw new Error('the room is gone');
  return after;
}

/** One and others before it, of so many in all. */
const others = (count: number): string[] => Array.from({ length: count - 1 }, (_, n) => `${n}`);
const keeps = (holds: boolean): string => (holds ? 'kept' : 'forgotten');

const facts = (count: number) =>
  keeps(roomAfter('NEW_QUESTION', () => ({ asked: others(count) })).asked.includes('0'));
const rounds = (count: number) => {
  const shown = new Set(others(count)) as unknown as Room['shown'];
  return keeps(([...roomAfter('NEW_QUESTION', () => ({ shown })).shown] as string[]).includes('0'));
};
const shares = (count: number) => {
  const accuracy = others(count).map((one) => (one === '0' ? 0.123 : 0.5));
  return keeps(roomAfter('ROUND_RESULT', () => ({ accuracy })).accuracy.includes(0.123));
};
function voided(count: number): string {
  const event = { type: 'ROUND_VOIDED', rev: 1, data: { factKey: 'f' } } as unknown as RecordedEvent;
  const retracted = others(count).map((factKey) => ({ rev: 1, factKey }));
  const after = evolvePlayed({ ...nothingPlayed, retracted }, event);
  return keeps(after.retracted.some(({ factKey }) => factKey === '0'));
}

const inPace = (field: keyof Pace) => (value: number) =>
  Pace.safeParse({ ...pace, [field]: value }).error?.issues[0]?.code ?? 'taken';

const rows = (count: number) => topOf(Array(count)).entries.length;

function series(count: number): string {
  const { meter, snapshot } = createRegistry();
  const name = 'arena_joins_total';
  for (let n = 1; n <= count; n++) meter.add(name, { outcome: `${n}`, role: 'player' });
  return snapshot()[name]?.length === count ? 'taken' : 'left out';
}

/** Whether health that was looked at so long ago is looked at again. */
function lookedAgainAfter(ms: number): string {
  let [looks, now] = [0, 0];
  const look = async () => {
    looks += 1;
    return {} as Health;
  };
  const ask = keptHealth(look, () => now);
  void ask();
  now = ms;
  void ask();
  return looks === 2 ? 'looked at' : 'as it was';
}

const own = noLimit('a pace of ours');
const end = noLimit('how long an end of ours may take');
const stays = noLimit('how long something is kept that nobody writes to');
const cache = noLimit('a cache: what falls out is read again');
const playing = (title: string) => by('test/core/playing.unit.test.ts', title);
const preparing = (title: string) => by('test/core/preparing.unit.test.ts', title);
const boards = (title: string) => by('test/server/stores/boards.int.test.ts', title);
const farewell = by(
  'test/server/live/sockets.unit.test.ts',
  'thousands are told to come back within the time that an end has, and not all at once',
);

const ofGames = {
  playersMax: by(
    'test/core/lobby.unit.test.ts',
    'a room is full when its board is, where whoever has left still stands: the result of a round holds all',
  ),
  playersNamed: by(
    'test/core/players.unit.test.ts',
    'the first are told of by name, and no more than a page can show',
  ),
  crowdFollowedFrom: by(
    'test/agents/keep-up.unit.test.ts',
    'that of a few, and of a room that asks nothing, is not',
  ),
  crowdFollowedEveryMs: own,
  boardEntriesMax: most(limits.boardEntriesMax, rows, limits.boardEntriesMax, limits.boardEntriesMax),
  boardRowsKept: boards('a board keeps its best rows, and nothing of those that fell off'),
  boardRowsShown: boards('a board keeps its best rows, and nothing of those that fell off'),
  pastGamesKept: boards('the newest are kept, and of one that is forgotten nothing stays'),
  intermissionMsMax: most(limits.intermissionMsMax, inPace('intermissionMs'), 'too_big'),
  askedFactsMax: most(limits.askedFactsMax, facts, 'forgotten', 'kept'),
  shownRoundsMax: most(limits.shownRoundsMax, rounds, 'forgotten', 'kept'),
  accuracyRoundsMax: most(limits.accuracyRoundsMax, shares, 'forgotten', 'kept'),
  claimsAheadMax: most(limits.claimsAheadMax, inPace('claimsAhead'), 'too_big'),
  claimsThrownAwayMax: preparing(
    'are thrown away by a host who changes the topic so often and no more, until questions are asked',
  ),
  cycleAttemptsMax: preparing('for the third time is answered by the embedded provider'),
  graceMs: playing('is closed after deadline and grace, and not in its last moment'),
  elapsedMsMin: by('test/core/scoring.unit.test.ts', 'are the same for whoever answers within half a second'),
  relaxedLookMs: own,
  relaxedRoundMsMax: playing(
    'without a clock is looked at every two seconds and closed when everybody has answered',
  ),
  idlePauseMs: playing('does not open when nobody has been there for a minute: the game pauses itself'),
  lastContactMs: by(
    'test/streams/beside-the-log.int.test.ts',
    'knows who was in contact within ten seconds, and since when nobody was',
  ),
  framesKeptPerRoom: by(
    'test/server/fan-out/hub.unit.test.ts',
    'a history that has forgotten frames does not reach back to them: some would be missing unseen',
  ),
  playedKeptPerRoom: most(limits.playedKeptPerRoom, voided, 'forgotten', 'kept'),
  requeuesMax: by(
    'test/server/dead-letters.int.test.ts',
    'they are not put back for ever, and not what nobody can read',
  ),
};

const ofServers = {
  fanOutTickMs: own,
  volatileEveryMs: own,
  volatileWritesPerMs: by(
    'test/server/fan-out/volatile.unit.test.ts',
    'a room at a process with %i sockets in all is told %i times in the first second',
  ),
  farewellSpreadMs: farewell,
  farewellWaitMs: farewell,
  lastReplyMs: end,
  childEndMs: end,
  endMs: end,
  telemetryExportMs: end,
  telemetryFlushMs: end,
  telemetryEndMs: end,
  telemetryLostMs: end,
  answersTracedPerSecond: by(
    'test/e2e/trace.e2e.test.ts',
    'a collector puts a round together from all processes, two of which were killed',
  ),
  metricsEveryMs: own,
  metricsKeptMs: by(
    'test/server/metrics.int.test.ts',
    'leaves out processes that have not been heard of for a while, and forgets them',
  ),
  seriesPerInstrumentMax: most(limits.seriesPerInstrumentMax, series, 'left out'),
  healthLookMs: least(limits.healthLookMs, lookedAgainAfter, 'as it was', 'looked at'),
  writeProbeEveryMs: by(
    'test/server/unwritable.int.test.ts',
    'whoever asks for health all the time does not make the store write',
  ),
  writeProbeMsMax: by(
    'test/server/unwritable.int.test.ts',
    'a store that holds up writes is not well either',
  ),
  logCharsMax: by(
    'test/server/telemetry/log.unit.test.ts',
    'what others say is cut short, however it is told',
  ),
  presenceEveryMs: own,
  presenceKeptMs: stays,
  spentDaysKept: stays,
  roomsCachedMax: cache,
};

export const ofRooms = { ...ofGames, ...ofServers } satisfies Partial<Record<keyof typeof limits, Judged>>;
