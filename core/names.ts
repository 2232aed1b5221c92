// Names of players: 2 to 20 graphemes, NFKC, plain text, each word in one script. Unique in their room when
// case is folded, and when what they look like is compared (`Looks`, which the server knows). What is not
// seen but must be borne, as the joiner of emoji, does not make two names of one. Names are text, never
// markup.

import { limits } from './limits.ts';
import { onDemand } from './on-demand.ts';
import { problemOf, type TextProblem } from './plain-text.ts';

/** What a name looks like, as UTS 39 makes its skeleton: as it is written, and without regard to case. */
export interface Looks {
  readonly exact: string;
  readonly folded: string;
}

export type NameProblem = TextProblem | 'length' | 'scripts' | 'reserved';

/** Of a name that is refused, in a few words; the page has words of its own. */
export const nameProblems: Readonly<Record<NameProblem, string>> = {
  length: `${limits.nameGraphemesMin} to ${limits.nameGraphemesMax} characters, with a letter, a digit or an emoji`,
  unseen: 'no signs that nobody sees',
  marks: 'fewer marks on a letter',
  scripts: 'each word in one script',
  reserved: 'not one that stands for the host, the arena or its agents',
};

export type ParsedName =
  | { readonly name: string; readonly nameKey: string }
  | { readonly problem: Exclude<NameProblem, 'reserved'> };

const graphemes = onDemand(() => new Intl.Segmenter('en', { granularity: 'grapheme' }));
const ignored = onDemand(() => /\p{Default_Ignorable_Code_Point}/gv);

/** The name as it is kept and the key that makes it unique, or what is wrong with it. */
export function parseName(text: string): ParsedName {
  if (text.length > limits.nameCharsMax * 4) return { problem: 'length' };
  const name = writtenName(text);
  const problem = problemOf(name);
  if (problem !== null) return { problem };
  const count = [...graphemes().segment(name)].length;
  const short = count < limits.nameGraphemesMin || count > limits.nameGraphemesMax;
  const nameKey = foldedName(name);
  // In capitals some letters are three.
  const long = name.length > limits.nameCharsMax || nameKey.length > limits.nameCharsMax;
  if (short || long || !/[\p{L}\p{N}\p{Extended_Pictographic}\p{RI}]/u.test(name))
    return { problem: 'length' };
  return name.split(' ').every(isOfOneScript) ? { name, nameKey } : { problem: 'scripts' };
}

/** In the one form of each character, with one blank between words. */
export const writtenName = (text: string): string =>
  text
    .normalize('NFKC')
    .trim()
    .replace(/[\s--\ufeff]+/gv, ' ');

/** Without case, and without what is not seen. */
export const foldedName = (name: string): string =>
  name.replace(ignored(), '').trim().toLocaleUpperCase('en').toLocaleLowerCase('en');

// UAX 31, table 5: the scripts that people write their names in today.
const recommended = (
  'Arab Armn Beng Cyrl Deva Ethi Geor Grek Gujr Guru Hebr Knda Khmr Laoo Latn Mlym Mymr Orya Sinh Taml Telu ' +
  'Thaa Thai Tibt'
).split(' ');
// Chinese, Japanese and Korean are written in several, and often with Latin letters (UTS 39, 5.1 and 5.2).
const together = ['Latn Hani Hira Kana', 'Latn Hani Bopo', 'Latn Hani Hang'];
const either = (scripts: readonly string[]): string => scripts.map((script) => `\\p{scx=${script}}`).join('');
const patternsOf = onDemand(() => {
  const oneScript = [
    ...recommended.map((script) => [script]),
    ...together.map((scripts) => scripts.split(' ')),
  ].map((scripts) => new RegExp(`^[${either(scripts)}\\p{scx=Zyyy}\\p{scx=Zinh}]*$`, 'v'));
  // Any script that few write in, and none of the others beside it.
  const anyOfThem = either([...recommended, ...together.join(' ').split(' ')]);
  return { oneScript, rareScript: new RegExp(`^[^${anyOfThem}]*$`, 'v') };
});

function isOfOneScript(word: string): boolean {
  const { oneScript, rareScript } = patternsOf();
  return rareScript.test(word) || oneScript.some((pattern) => pattern.test(word));
}
