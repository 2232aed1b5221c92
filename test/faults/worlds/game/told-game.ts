// A small game with all that its clients were told of it, made by the game's own rules, for the tests of the
// judge: Ada plays and comes back once, Bo plays, a screen looks in anew in the middle.

import type { RecordedEvent } from '../../../../core/events.ts';
import { PlayerId } from '../../../../core/ids.ts';
import { frameOf, stateView, youOf } from '../../../../core/player-view.ts';
import { gameStream } from '../../../../server/wiring/game-stream.ts';
import { checked } from '../../../../streams/engine.ts';
import { fold, unfolded } from '../../../../streams/handle/fold.ts';
import { playedGame } from '../../../support/played-game.ts';
import type { Data, Entry } from './history.ts';
import type { Scene } from './judge/lines.ts';

const game = checked(gameStream);

/** The room after each revision. */
function foldsOf(log: Scene['log']) {
  const folds = [unfolded(game)];
  for (const event of log) folds.push(fold(game, folds.at(-1) ?? unfolded(game), [event]));
  return folds;
}

interface Client {
  readonly who: string;
  readonly playerId: string | null;
}

type Log = Scene['log'];

function answersOf(log: Log, roundId: string | null, playerId: string | null) {
  return log.flatMap((event) =>
    event.type === 'ANSWER_SUBMITTED' && event.roundId === roundId && event.data.playerId === playerId
      ? [{ at: event.at, answer: event.data.answer }]
      : [],
  );
}

/** Writes down what clients hear and ask, one after the other. */
function createScribe(log: Log) {
  const folds = foldsOf(log);
  const entries: Entry[] = [];
  const roomAt = (rev: number) => {
    const state = folds[rev]?.state;
    if (state === undefined || state.phase === 'none') throw new Error(`no room at ${rev}`);
    return state;
  };
  const resultAt = (rev: number) =>
    log
      .slice(0, rev)
      .findLast((event): event is RecordedEvent<'ROUND_RESULT'> => event.type === 'ROUND_RESULT') ?? null;
  const asks = (who: string, line: number, t: string, d: Data, ok: Data) => {
    const command = entries.length;
    entries.push({ kind: 'ask', who, line, id: command, t, d, command });
    entries.push({ kind: 'reply', who, line, id: command, t, ok });
    entries.push({ kind: 'end', who, command, t, d, outcome: 'ok', ok, err: null });
  };
  return {
    entries,
    asks,
    /** `from`: the place from which a client that comes back goes on. */
    joins({ who, playerId }: Client, line: number, rev: number, from: number | null = null): void {
      const state = stateView(roomAt(rev), resultAt(rev));
      const [mine] = answersOf(log.slice(0, rev), state.question?.roundId ?? null, playerId);
      const fresh = { s: rev, recovered: false, state: { ...state, yourAnswer: mine?.answer ?? null } };
      const goesOn = { s: from, recovered: true, state: null };
      asks(who, line, 'join', from === null ? {} : { s: from }, {
        playerId,
        ...(from === null ? fresh : goesOn),
      });
    },
    hears({ who, playerId }: Client, line: number, from: number, to = log.length): void {
      for (const event of log.slice(from, to)) {
        const frame = frameOf(event, roomAt(event.rev));
        if (frame !== null) entries.push({ kind: 'frame', who, line, ...frame });
        if (event.type !== 'ROUND_RESULT' || playerId === null) continue;
        const you = youOf(roomAt(event.rev), event, PlayerId.parse(playerId));
        if (you !== null) entries.push({ kind: 'frame', who, line, t: 'you', at: event.at, d: you });
      }
    },
    /** The last place before this one of which clients are told. */
    toldBefore: (rev: number) =>
      log.slice(0, rev - 1).findLast((event) => frameOf(event, roomAt(event.rev)) !== null)?.rev ?? 0,
  };
}

export function toldGame(): Scene & { readonly first: string } {
  const { log, acknowledged, ada, bo, first } = playedGame();
  const { entries, asks, joins, hears, toldBefore } = createScribe(log);
  const [host, Ada, Bo, screen] = [
    { who: 'host', playerId: null },
    { who: 'Ada', playerId: ada },
    { who: 'Bo', playerId: bo },
    { who: 'screen', playerId: null },
  ];
  const joinedAt = (id: string) =>
    log.findIndex((event) => event.type === 'PLAYER_JOINED' && event.data.playerId === id) + 1;
  joins(host, 1, 1);
  joins(Ada, 2, joinedAt(ada));
  joins(Bo, 3, joinedAt(bo));
  asks('host', 1, 'start', { after: null }, { state: null });
  const closed = log.find(({ type }) => type === 'ROUND_CLOSED')?.rev ?? 0;
  hears(Ada, 2, joinedAt(ada), closed - 1);
  for (const { playerId, roundId, answer } of acknowledged) {
    const [stored] = answersOf(log, roundId, playerId);
    const { who } = playerId === ada ? Ada : Bo;
    asks(who, playerId === ada ? 2 : 3, 'answer', { roundId, answer }, { roundId, answer, at: stored?.at });
  }
  joins(screen, 4, closed);
  joins(Ada, 5, closed, toldBefore(closed));
  hears(Ada, 5, toldBefore(closed));
  hears(Bo, 3, joinedAt(bo));
  hears(screen, 4, closed);
  hears(host, 1, 1);
  return { log, entries, first };
}
