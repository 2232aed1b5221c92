// The input of a player in the terminal. On a terminal one key is a word, so that no time is lost with Enter.
// In a pipe each line is a word.

import { createInterface, emitKeypressEvents, type Key } from 'node:readline';
import type { ReadStream } from 'node:tty';

const meant: Readonly<Record<string, string>> = {
  left: 'f',
  right: 'k',
  return: '',
  enter: '',
  escape: 'q',
};

/** Calls `onWord` with each word in small letters; `''` is Enter alone. Gives the function that stops it. */
export function wordsIn(input: ReadStream, onWord: (word: string) => void): () => void {
  if (!input.isTTY) {
    const lines = createInterface({ input });
    lines.on('line', (line) => onWord(line.trim().toLowerCase()));
    return () => lines.close();
  }
  const onKey = (text: string | undefined, { name, ctrl }: Key) =>
    onWord(ctrl === true && name === 'c' ? 'q' : (meant[name ?? ''] ?? (text ?? '').trim().toLowerCase()));
  emitKeypressEvents(input);
  input.setRawMode(true);
  input.on('keypress', onKey);
  input.resume();
  return () => {
    input.off('keypress', onKey);
    input.setRawMode(false);
    input.pause();
  };
}
