import { PassThrough } from 'node:stream';
import type { ReadStream } from 'node:tty';
import { expect, test } from 'vitest';
import { wordsIn } from '../../../server/cli/play/words-in.ts';

function inputOf({ isTTY }: { isTTY: boolean }) {
  const modes: boolean[] = [];
  const setRawMode = (raw: boolean) => void modes.push(raw);
  const input = Object.assign(new PassThrough(), { isTTY, setRawMode }) as unknown as ReadStream &
    PassThrough;
  const words: string[] = [];
  return { input, modes, words, silence: wordsIn(input, (word) => void words.push(word)) };
}

test('on a terminal a key is a word, the arrows are the two answers, and the terminal is given back', async () => {
  const { input, modes, words, silence } = inputOf({ isTTY: true });
  input.write('fK\r\u001b[D\u001b[C\u0003');
  await expect.poll(() => words).toEqual(['f', 'k', '', 'f', 'k', 'q']);
  silence();
  expect(modes).toEqual([true, false]);
  input.write('f');
  expect(words).toHaveLength(6);
});

test('from a pipe a line is a word', async () => {
  const { input, modes, words, silence } = inputOf({ isTTY: false });
  input.write(' FACT \n\nk');
  input.end();
  await expect.poll(() => words).toEqual(['fact', '', 'k']);
  expect(modes).toEqual([]);
  silence();
});
