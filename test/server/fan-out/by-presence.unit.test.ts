import { expect, test } from 'vitest';
import type { PlayerId } from '../../../core/ids.ts';
import type { Asking } from '../../../core/state.ts';
import { createStillWaits } from '../../../server/fan-out/by-presence.ts';
import { anOpenQuestion, playerOf, roomOf } from '../../support/histories.ts';

/** A question that is open to so many players, all of them here. */
function asking(size: number) {
  const names = Array.from({ length: size }, (_, n) => `P${n}`);
  const table = anOpenQuestion(names)();
  const ids = names.map((name) => playerOf(table, name));
  return { room: roomOf(table) as Asking, ids, here: new Map(ids.map((id) => [id, true])) };
}

test('a round is waited for until the last who is here has answered, in whatever order they do', () => {
  for (const order of [1, 3, 7, 19]) {
    const { room, ids, here } = asking(20);
    const stillWaits = createStillWaits(here);
    const answered = new Set<PlayerId>();
    for (let n = 0; n < ids.length; n++) {
      expect(stillWaits(room, answered)).toBe(true);
      answered.add(ids[(n * order) % ids.length] as PlayerId);
    }
    expect(stillWaits(room, answered)).toBe(false);
  }
});

test('one who goes is waited for no more, and one who comes back is', () => {
  const { room, ids, here } = asking(3);
  const [one, two, three] = ids as [PlayerId, PlayerId, PlayerId];
  const stillWaits = createStillWaits(here);
  const answered = new Set([three]);
  for (const gone of [one, two]) {
    expect(stillWaits(room, answered)).toBe(true);
    here.delete(gone);
  }
  expect(stillWaits(room, answered)).toBe(false);
  here.set(one, true);
  expect(stillWaits(room, answered)).toBe(true);
  answered.add(one);
  expect(stillWaits(room, answered)).toBe(false);
});

test('a whole round costs a few looks at each player, not one at all for each answer', () => {
  const { room, ids, here } = asking(500);
  const stillWaits = createStillWaits(here);
  const answered = new Set<PlayerId>();
  let looks = 0;
  const watched = {
    has(id: PlayerId) {
      looks += 1;
      return answered.has(id);
    },
  };
  for (const id of ids.toReversed()) {
    stillWaits(room, watched);
    answered.add(id);
  }
  expect(stillWaits(room, watched)).toBe(false);
  expect(looks).toBeLessThan(4 * ids.length);
});
