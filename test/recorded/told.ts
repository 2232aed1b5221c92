// What clients are told of a log, made by the server's own way from events to frames: for the record, and to
// hold what is told now against it.

import type { RecordedEvent } from '../../core/events.ts';
import { type Game, game } from '../../core/game.ts';
import { agentsView, stateView } from '../../core/player-view.ts';
import { createHistory } from '../../server/fan-out/history.ts';
import { fold, unfolded } from '../../streams/handle/fold.ts';

/**
 * A line for each thing that is told, `[to whom, text]`: what everybody is told of an event, what each player
 * is told besides, and, where something was told, the state and the lights of that moment.
 */
export function toldOf(events: readonly RecordedEvent[]): string[] {
  const history = createHistory(0);
  let folded = unfolded<Game>(game);
  let result: RecordedEvent<'ROUND_RESULT'> | null = null;
  return events.flatMap((event) => {
    folded = fold<Game>(game, folded, [event]);
    if (event.type === 'ROUND_RESULT') result = event;
    const { state } = folded;
    if (state.phase === 'none') return [];
    history.add(event, state, result);
    const all = history.after(event.rev - 1, null);
    if (all.length === 0) return [];
    const own = state.players.keys().flatMap((playerId) => {
      const [, you] = textsIn(history.after(event.rev - 1, playerId));
      return you === undefined ? [] : [[playerId, you]];
    });
    const views = [
      ['state', JSON.stringify(stateView(state, result))],
      ['agents', JSON.stringify(agentsView(state))],
    ];
    return [['all', ...textsIn(all)], ...own, ...views].map((line) => JSON.stringify(line));
  });
}

/** The texts of WebSocket frames as a server sends them: whole, unmasked (RFC 6455, section 5.2). */
function textsIn(frames: Buffer): string[] {
  const texts: string[] = [];
  for (let at = 0; at < frames.length; ) {
    const short = frames.readUInt8(at + 1);
    const from = at + (short === 126 ? 4 : short === 127 ? 10 : 2);
    const length =
      short === 126
        ? frames.readUInt16BE(at + 2)
        : short === 127
          ? Number(frames.readBigUInt64BE(at + 2))
          : short;
    texts.push(frames.toString('utf8', from, from + length));
    at = from + length;
  }
  return texts;
}
