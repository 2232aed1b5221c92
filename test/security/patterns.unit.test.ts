// Texts of others are read by patterns. None of them takes long for any text of the length that it may have:
// one that looks from each sign to the end of a reply of a model holds up every agent of its process.

import { expect, test } from 'vitest';
import { isEnglish } from '../../agents/english.ts';
import { factKeyOf } from '../../agents/fact-key.ts';
import { isUnfinished, jsonIn, withoutThoughts } from '../../agents/json-in.ts';
import { contradiction } from '../../agents/prompts/contradiction.ts';
import { tellsItsTruth, withoutLabel } from '../../agents/prompts/giveaway.ts';
import { oneLine, plainOf, unfit } from '../../agents/prompts/plain-text.ts';
import { sourceOf } from '../../agents/prompts/sources.ts';
import { clip } from '../../agents/prompts/wording.ts';
import { saidIn } from '../../agents/wire/server-error.ts';
import { limitIn } from '../../agents/wire/token-limit.ts';
import { limits } from '../../core/limits.ts';
import { parseName } from '../../core/names.ts';
import { isPlain } from '../../core/plain-text.ts';
import { harmless } from '../../server/cli/terminal/output.ts';
import { originAllowed } from '../../server/http/origin.ts';
import { looksOf } from '../../server/live/looks.ts';

const { replyCharsMax, nameCharsMax, headerBytesMax } = limits;
const here = { publicUrl: 'https://quiz.example', allowedOrigins: null };

/** Each with the longest text that it may get. */
const readers: readonly (readonly [name: string, read: (text: string) => unknown, charsMax: number])[] = [
  ['plainOf', plainOf, replyCharsMax],
  ['unfit', unfit, replyCharsMax],
  ['oneLine', oneLine, replyCharsMax],
  ['clip', (text) => clip(text, limits.explanationCharsMax), replyCharsMax],
  ['withoutLabel', withoutLabel, replyCharsMax],
  ['tellsItsTruth', tellsItsTruth, replyCharsMax],
  ['contradiction', (text) => contradiction(text, text, 'FACT'), replyCharsMax],
  ['isEnglish', isEnglish, replyCharsMax],
  ['factKeyOf', factKeyOf, replyCharsMax],
  ['the name of a source', (text) => sourceOf(text, 'https://a.org/b'), replyCharsMax],
  ['the address of a source', (text) => sourceOf('A', text), replyCharsMax],
  ['jsonIn', jsonIn, replyCharsMax],
  ['withoutThoughts', withoutThoughts, replyCharsMax],
  ['isUnfinished', isUnfinished, replyCharsMax],
  ['the error of a server', (text) => saidIn(text, 500), replyCharsMax],
  ['the limit of a server', (text) => limitIn(text, 4_096), replyCharsMax],
  ['parseName', parseName, nameCharsMax * 8],
  ['isPlain', isPlain, nameCharsMax * 8],
  ['looksOf', looksOf, nameCharsMax * 8],
  ['harmless', harmless, replyCharsMax],
  ['an origin', (text) => originAllowed(text, text, here), headerBytesMax],
];

const pumped = [
  ...[
    '[',
    '(',
    ']',
    '<',
    '<a ',
    '>',
    '&',
    '*',
    '_',
    '`',
    '.',
    ',',
    ';',
    ' ',
    '\t',
    '"',
    '\\',
    '{',
    '{"',
    '}',
  ],
  ...[
    'a',
    'A ',
    '0',
    '1,',
    '-',
    '!',
    'n',
    'n/a ',
    'not ',
    'https://',
    'a.',
    '[a](',
    '](',
    '<think>',
    'FACT ',
  ],
  ...['👩\u200d', '\u0301', 'a\u0301', 'ß', 'ﷺ', 'क\u094d\u200d', 'max 1 tokens ', '\n', 'data: '],
];
// A third of what was taken by patterns that looked from each sign to the end.
const msMax = 120;

/** CPU of this thread; the better of two where the first is slow, since it may compile. */
function cpuMs(read: () => unknown): number {
  const once = () => {
    const before = process.threadCpuUsage().user;
    read();
    return (process.threadCpuUsage().user - before) / 1_000;
  };
  const ms = once();
  return ms > msMax ? Math.min(ms, once()) : ms;
}

test.each(readers)('%s takes no long time for any text', (_name, read, charsMax) => {
  const slow = pumped.flatMap((pump) => {
    // The last sign is another, so that what looks for the end of the text looks in vain.
    const text = `${pump.repeat(Math.ceil(charsMax / pump.length)).slice(0, charsMax)}x`;
    const ms = cpuMs(() => read(text));
    return ms > msMax ? [`${JSON.stringify(pump)}: ${ms.toFixed()} ms`] : [];
  });
  expect(slow).toEqual([]);
});

test('and the measure can tell: a pattern that looks from each sign to the end is slow', () => {
  const text = '['.repeat(replyCharsMax);
  expect(cpuMs(() => text.replace(/\[([^\]]+)\]\(/g, '$1'))).toBeGreaterThan(msMax);
});
