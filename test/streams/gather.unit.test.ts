import { expect, test } from 'vitest';
import { type Came, gather, one } from '../../streams/valkey/gather.ts';

/** Keeps what was sent, and replies with twice each number; 13 fails. */
function sending() {
  const sent: (readonly number[])[] = [];
  const send = async (asks: readonly number[]): Promise<Came<number>[]> => {
    sent.push(asks);
    if (asks.includes(99)) throw new Error('the store is away');
    return asks.map((ask) => (ask === 13 ? { error: new Error('unlucky') } : { value: ask * 2 }));
  };
  return { sent, send };
}

test('what is asked in one turn leaves together, in its order, in lists of a bounded length', async () => {
  const { sent, send } = sending();
  const asked = gather(3, send);
  const ask = (number: number) => one(asked([number]));
  const later = async (number: number) => {
    await null;
    return ask(number);
  };
  expect(await Promise.all([ask(1), later(4), ask(2), ask(3)])).toEqual([2, 8, 4, 6]);
  expect(sent).toEqual([[1, 2, 3], [4]]);
  expect(await ask(5)).toBe(10);
  expect(sent).toEqual([[1, 2, 3], [4], [5]]);
});

test('one that fails leaves the others of its list, and a list that is not sent fails whole', async () => {
  const { send } = sending();
  const asked = gather(2, send);
  const ask = (number: number) => one(asked([number]));
  const came = await Promise.allSettled([ask(13), ask(1), ask(99), ask(2), ask(3)]);
  expect(came.map((one) => (one.status === 'fulfilled' ? one.value : String(one.reason)))).toEqual([
    'Error: unlucky',
    2,
    'Error: the store is away',
    'Error: the store is away',
    6,
  ]);
});

test('what is asked as one list is never parted, however full the call is before it', async () => {
  const { sent, send } = sending();
  const ask = gather(3, send);
  expect(await Promise.all([...ask([1, 2]), ...ask([3, 4]), ...ask([5]), ...ask([6, 7, 8, 9])])).toHaveLength(
    9,
  );
  expect(sent).toEqual([
    [1, 2],
    [3, 4, 5],
    [6, 7, 8, 9],
  ]);
});
