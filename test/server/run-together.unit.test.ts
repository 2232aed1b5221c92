import { expect, test } from 'vitest';
import { runTogether } from '../../streams/consume/run-together.ts';

const never = new AbortController().signal;
/** A loop that ends when it is told to, and notes that it has. */
const loopInto = (ended: string[], name: string) => (until: AbortSignal) =>
  new Promise<void>((resolve) => {
    const end = () => {
      ended.push(name);
      resolve();
    };
    until.addEventListener('abort', end, { once: true });
  });

test('the first loop that ends with a bug ends the others, and the bug is told when all have ended', async () => {
  const ended: string[] = [];
  const bug = new TypeError('a bug');
  const running = runTogether(never, (until) => [loopInto(ended, 'other')(until), Promise.reject(bug)]);
  await expect(running).rejects.toBe(bug);
  expect(ended).toEqual(['other']);
});

test('loops that are told to end are no failure', async () => {
  const ended: string[] = [];
  const stop = new AbortController();
  const running = runTogether(stop.signal, (until) => [
    loopInto(ended, 'one')(until),
    loopInto(ended, 'two')(until),
  ]);
  stop.abort(new Error('the process stops'));
  await running;
  expect(ended).toEqual(['one', 'two']);
});
