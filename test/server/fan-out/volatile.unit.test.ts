import { expect, onTestFinished, test, vi } from 'vitest';
import { createVolatile } from '../../../server/fan-out/volatile.ts';
import { anOpenQuestion, playerOf, roomOf } from '../../support/histories.ts';

/** What a room with an open question tells, of Ada, who is here, and Bo, who is not. */
function telling() {
  const table = anOpenQuestion(['Ada', 'Bo'])();
  const [ada, bo] = [playerOf(table, 'Ada'), playerOf(table, 'Bo')];
  const listeners = new Set(['first']);
  const said: { t: string; d: unknown; to: readonly string[] }[] = [];
  let now = 0;
  const volatile = createVolatile<string>({
    state: () => roomOf(table),
    answered: () => 1,
    send: (messages, to) => void said.push(...messages.map((message) => ({ ...message, to: [...to] }))),
    listeners,
    ofAll: false,
    crowd: { size: 1 },
    clock: () => now,
  });
  const look = () => {
    now += 10_000;
    volatile.tell();
    volatile.presence(new Set([ada]));
    return said.splice(0);
  };
  return { volatile, look, listeners, ada, bo };
}

test('what has not changed is not told again', () => {
  const { look } = telling();
  expect(look().map(({ t }) => t)).toEqual(['agents', 'tick', 'presence']);
  expect(look()).toEqual([]);
});

test('whoever comes later, and nobody else, is told how many have answered, how far the agents are, and who is away', () => {
  const { volatile, look, listeners, bo } = telling();
  look();
  listeners.add('second');
  volatile.newcomer('second');
  const said = look();
  expect(said.map(({ t, to }) => [t, ...to])).toEqual([
    ['agents', 'second'],
    ['tick', 'second'],
    ['presence', 'second'],
  ]);
  expect(said[1]?.d).toMatchObject({ answered: 1, players: 2 });
  expect(said[2]?.d).toEqual([{ playerId: bo, connected: false }]);
  expect(look()).toEqual([]);
});

test.each([
  [100, 5],
  [2_000, 2],
  [4_000, 1],
])('a room at a process with %i sockets in all is told %i times in the first second', (size, times) => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const table = anOpenQuestion(['Ada', 'Bo'])();
  const told: number[] = [];
  let answered = 0;
  const volatile = createVolatile<string>({
    state: () => roomOf(table),
    answered: () => answered,
    send: () => void told.push(answered),
    listeners: new Set(['one']),
    ofAll: false,
    crowd: { size },
    clock: Date.now,
  });
  for (; answered < 201; answered++) {
    volatile.tell();
    vi.advanceTimersByTime(5);
  }
  expect(told).toHaveLength(times);
  volatile.close();
});
