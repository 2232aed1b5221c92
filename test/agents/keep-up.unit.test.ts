import { expect, onTestFinished, test, vi } from 'vitest';
import { createKeepUp } from '../../agents/keep-up.ts';
import type { Game } from '../../core/game.ts';
import { RoomCode } from '../../core/ids.ts';
import { limits } from '../../core/limits.ts';
import type { Room } from '../../core/state.ts';
import type { Folded } from '../../streams/engine.ts';
import { aClosedRound, anOpenQuestion, roomOf } from '../support/histories.ts';

const room = RoomCode.parse('AAAAAA');
const every = limits.crowdFollowedEveryMs;

const foldedTo = (state: Room): Folded<Game> => ({ state, rev: 9, turn: 9, at: 0, epoch: 'e', last: 'l' });
/** The same room as if so many were in it. */
const crowded = (state: Room, memberCount: number): Room => {
  const players = Object.assign(Object.create(Object.getPrototypeOf(state.players)), state.players);
  return { ...state, players: Object.assign(players, { memberCount }) };
};
const asking = (size: number) => foldedTo(crowded(roomOf(anOpenQuestion()()), size));
const closed = foldedTo(crowded(roomOf(aClosedRound()()), limits.crowdFollowedFrom));

function following(...found: (Folded<Game> | Error)[]) {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  let loads = 0;
  const keepUp = createKeepUp(async () => {
    const next = found[loads] ?? closed;
    loads += 1;
    if (next instanceof Error) throw next;
    return next;
  });
  return { keepUp, loads: () => loads };
}

test('the log of a crowd is read on the way until its question is closed, once however often it is asked for', async () => {
  const open = asking(limits.crowdFollowedFrom);
  const { keepUp, loads } = following(open, open, closed);
  keepUp(room, open);
  keepUp(room, open);
  await vi.advanceTimersByTimeAsync(2 * every);
  expect(loads()).toBe(2);
  await vi.advanceTimersByTimeAsync(10 * every);
  expect(loads()).toBe(3);
  keepUp(room, open);
  await vi.advanceTimersByTimeAsync(every);
  expect(loads()).toBe(4);
});

test('that of a few, and of a room that asks nothing, is not', async () => {
  const { keepUp, loads } = following();
  keepUp(room, asking(limits.crowdFollowedFrom - 1));
  keepUp(room, closed);
  await vi.advanceTimersByTimeAsync(10 * every);
  expect(loads()).toBe(0);
});

test('a store that is away ends it, and the next question begins it again', async () => {
  const open = asking(limits.crowdFollowedFrom);
  const { keepUp, loads } = following(new Error('away'), closed);
  keepUp(room, open);
  await vi.advanceTimersByTimeAsync(10 * every);
  expect(loads()).toBe(1);
  keepUp(room, open);
  await vi.advanceTimersByTimeAsync(every);
  expect(loads()).toBe(2);
});
