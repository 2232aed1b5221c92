// What people type and others read: names, topics, reasons. Text of any script, but nothing that is not seen,
// turns round what stands beside it, or covers the lines above and below. Unicode's own facts decide (UTS
// 39, 5.4; UAX 31, 2.3), never a list of names.

import { limits } from './limits.ts';
import { onDemand } from './on-demand.ts';

/** Why a text is not taken. */
export type TextProblem = 'unseen' | 'marks';

/** Made at the first text: to read what Unicode says of a script takes some milliseconds of each start. */
const patternsOf = onDemand(() => {
  // Joiners, selectors and tags make emoji, and are nowhere else to be seen.
  const pictograph = '\\p{Extended_Pictographic}\\ufe0f?\\p{Emoji_Modifier}?';
  const { marksMax, stackedMarksMax } = limits;
  // In most scripts a mark sits on a letter; in others they are vowels and tones, and stand on each other.
  const onLetters = ['Latn', 'Grek', 'Cyrl', 'Hani', 'Hira', 'Kana', 'Hang', 'Zyyy']
    .map((script) => `\\p{sc=${script}}`)
    .join('');
  return {
    emoji: new RegExp(
      `\\p{RGI_Emoji}|${pictograph}(?:\\u200d${pictograph}){0,3}|\\p{Emoji}[\\ufe0e\\ufe0f]`,
      'gv',
    ),
    // Scripts that ask for a joiner have it behind a mark (a virama) or between Arabic letters; a Chinese
    // character may name its variant.
    asked:
      /(?<=[[\p{Mn}\p{Mc}]--\p{scx=Zinh}])[\u200c\u200d]|(?<=\p{scx=Arab})[\u200c\u200d](?=\p{scx=Arab})|(?<=\p{sc=Hani})[\u{e0100}-\u{e01ef}]/gv,
    // Controls, separators of lines, halves of characters, private ones and those of no meaning yet; what
    // is ignored when shown (fillers, joiners, marks of direction, soft hyphens); and what is blank all the
    // same.
    unseen:
      /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}\u2800\ufff9-\ufffc\u{1d159}\u{13441}\u{13442}[\p{Cn}--\p{Extended_Pictographic}]]/v,
    tooMany: [
      new RegExp(`[\\p{Mn}\\p{Me}]{${stackedMarksMax + 1}}`, 'v'),
      new RegExp(`[[${onLetters}]--\\p{M}][\\p{Mn}\\p{Me}]{${marksMax + 1}}`, 'v'),
      // The same twice, or on nothing.
      /([\p{Mn}\p{Me}])\1/v,
      /(?:^|[\s\p{Z}])\p{M}/v,
    ],
  };
});

/** What is wrong with a text, or null. */
export function problemOf(text: string): TextProblem | null {
  const { emoji, asked, unseen, tooMany } = patternsOf();
  const rest = text.replace(emoji, '\u25a1').replace(asked, '');
  if (unseen.test(rest)) return 'unseen';
  const taken = rest.normalize('NFD');
  return tooMany.some((pattern) => pattern.test(taken)) ? 'marks' : null;
}

/** For schemas of what is typed. */
export const isPlain = (text: string): boolean => problemOf(text) === null;
export const notPlain = 'has signs that nobody sees, or too many marks on a letter';
