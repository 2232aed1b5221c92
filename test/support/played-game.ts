// A small whole game made by the rules themselves, on a clock that the test holds: for tests that need a log
// to look at.

import { ulid } from 'ulid';
import type { Command } from '../../core/commands.ts';
import type { Envelope, NewEvent, RecordedEvent } from '../../core/events.ts';
import type { Game } from '../../core/game.ts';
import { Epoch, GameId, PlayerId, RoomCode, type RoundId } from '../../core/ids.ts';
import { defaultSettings, type Pace } from '../../core/settings.ts';
import { gameStream } from '../../server/wiring/game-stream.ts';
import { checked } from '../../streams/engine.ts';
import { type Folded, fold, unfolded } from '../../streams/handle/fold.ts';
import { newEmbeddedClaim, openWorld } from './world.ts';

/** Every decision and every fold is made twice, and a difference is an error. */
const game = checked(gameStream);

export const room = RoomCode.parse('AAAAAA');
const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
const pace = { leadMs: 1_000, intermissionMs: 2_000, stageMs: 60_000, claimsAhead: 1 };

export interface Table {
  readonly log: RecordedEvent[];
  readonly folded: () => Folded<Game>;
  now: number;
  /** Decides at `now` and appends what comes of it. */
  act(command: Command): void;
  append(event: NewEvent, key: string): void;
}

export function newTable(
  settings: Partial<typeof defaultSettings> = {},
  paceChange: Partial<Pace> = {},
): Table {
  const log: RecordedEvent[] = [];
  let folded: Folded<Game> = unfolded(game);
  const append = (event: NewEvent, key: string | null) => {
    const stamp = {
      id: ulid(),
      v: 1,
      room,
      by: 'server',
      causationId: null,
      key,
      traceparent,
    } as const;
    const envelope: Envelope = { ...event, ...stamp };
    const recorded: RecordedEvent = { ...envelope, rev: log.length + 1, at: table.now };
    log.push(recorded);
    folded = fold(game, folded, [recorded]);
  };
  const table: Table = {
    log,
    folded: () => folded,
    now: 1_000_000,
    append,
    act(command) {
      const decision = game.decide(command, folded.state);
      if ('rejected' in decision) throw new Error(`${command.type}: ${decision.rejected}`);
      if ('stale' in decision) throw new Error(`${command.type}: stale`);
      for (const event of decision.events) append(event, decision.key ?? null);
    },
  };
  const all = { ...defaultSettings, rounds: 2, seconds: 10, ...settings };
  table.act({
    type: 'createRoom',
    epoch: Epoch.parse(ulid()),
    settings: all,
    pace: { ...pace, ...paceChange },
  });
  return table;
}

export function join(table: Table, name: string): PlayerId {
  const playerId = PlayerId.parse(ulid());
  table.act({ type: 'joinPlayer', playerId, name, nonceHash: name });
  return playerId;
}

/** Asks a question that is a FACT; gives its round. */
export function ask(table: Table): RoundId {
  const world = { ...openWorld(table.now, newEmbeddedClaim('FACT')), topics: ['Tests'] };
  table.act({ type: 'advance', world });
  return world.roundId;
}

/** An answer `ms` after the opening. */
export function answer(table: Table, playerId: PlayerId, choice: 'FACT' | 'FAKE', ms: number): void {
  const { state } = table.folded();
  if (state.phase !== 'question') throw new Error(`no question in ${state.phase}`);
  const { roundId, cycleId, opensAt } = state.question;
  table.now = opensAt + ms;
  const scope = { game: state.game, round: state.round, cycleId, roundId };
  table.append(
    { type: 'ANSWER_SUBMITTED', ...scope, data: { playerId, answer: choice } },
    `answer:${roundId}:${playerId}`,
  );
}

/** Closes the round and scores what was answered. */
export function finish(table: Table): void {
  const { state } = table.folded();
  if (state.phase !== 'question') throw new Error(`no question in ${state.phase}`);
  const { roundId, closesAt } = state.question;
  table.now = closesAt + 1;
  table.act({ type: 'advance', world: openWorld(table.now) });
  const answers = table.log.flatMap((event) =>
    event.type === 'ANSWER_SUBMITTED' && event.roundId === roundId ? [{ ...event.data, at: event.at }] : [],
  );
  table.act({ type: 'advance', world: { ...openWorld(table.now), answers } });
  table.now += pace.intermissionMs;
}

/** Two rounds of Ada and Bo, to the end. */
export function playedGame(settings: Partial<typeof defaultSettings> = {}) {
  const table = newTable(settings);
  const [ada, bo] = [join(table, 'Ada'), join(table, 'Bo')];
  table.act({ type: 'startGame', after: null, game: GameId.parse(ulid()) });
  const first = ask(table);
  answer(table, ada, 'FACT', 2_000);
  answer(table, bo, 'FAKE', 3_000);
  finish(table);
  const second = ask(table);
  answer(table, ada, 'FACT', 4_000);
  finish(table);
  table.act({ type: 'advance', world: openWorld(table.now) });
  const acknowledged = [
    { playerId: ada, roundId: first, answer: 'FACT' },
    { playerId: bo, roundId: first, answer: 'FAKE' },
    { playerId: ada, roundId: second, answer: 'FACT' },
  ] as const;
  return { log: table.log, acknowledged, ada, bo, first, second };
}
