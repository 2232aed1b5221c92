import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { createTeller } from '../../../server/cli/play/play-text.ts';
import { eventLine, harmless, table } from '../../../server/cli/terminal/output.ts';

const evil = '\u001B]0;mine\u0007\u001B[2Jred\u009B31m\u202Etxet\r\nA LINE OF ITS OWN';
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const obeyed = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/;

test('nothing that somebody typed is a command for the terminal, or a line of its own', () => {
  const lines = [
    table([{ title: 'topic' }], [[evil]]),
    eventLine({ rev: 1, at: 0, type: 'START_ROUND', by: 'game-master', round: null, data: { topic: evil } }),
  ];
  for (const line of lines) {
    expect(harmless(line)).not.toMatch(obeyed);
    expect(line.split('\n').filter((one) => one.startsWith('A LINE'))).toEqual([]);
  }
  expect(harmless(evil)).toContain('\\u001b]0;mine\\u0007\\u001b[2Jred\\u009b31m\\u202etxet\\u000d\nA LINE');
});

test('an event is told on one line, by its round and by what tells it from others, cut where it is long', () => {
  const asked = { rev: 7, at: 0, type: 'NEW_QUESTION', by: 'game-master', round: 2 };
  const line = eventLine({ ...asked, data: { question: 'x'.repeat(99), rounds: 3 } });
  expect(line).toBe(
    `    7  1970-01-01 00:00:00.000  NEW_QUESTION         game-master  round=2 question=${'x'.repeat(59)}… rounds=3`,
  );
  // Before its first question a game has no round.
  expect(eventLine({ ...asked, round: 0, data: {} })).not.toContain('round');
});

test('what is ours stays: lines, letters of any script, and our own styles', () => {
  const text = '\u001B[2m12:00\u001B[0m  Zoë 李小龙 👩‍🚀\nnext';
  expect(harmless(text)).toBe(text);
  expect(JSON.parse(harmless(JSON.stringify({ evil })))).toEqual({ evil });
});

test('a player in the terminal is shown what a stranger’s room says, and obeys none of it', () => {
  let said = '';
  const out = new Writable({
    write(chunk, _encoding, done) {
      said += String(chunk);
      done();
    },
  });
  createTeller(out as NodeJS.WriteStream).say(evil);
  expect(said).not.toMatch(obeyed);
});
