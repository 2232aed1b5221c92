// Names of players: 2 to 20 graphemes, NFKC, unique in their room when case is folded. Names are text, never
// markup; control and direction characters are refused because they can make a name look like another, and
// what is not seen but must be borne, as the joiner of emoji, does not make two names of one.

import { limits } from './limits.ts';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
// Controls, line separators, halves of characters, and whatever shows nothing (direction marks, fillers, soft
// hyphens, the empty Braille cell) but the joiner, variation selectors and the letters of flags.
const unseen =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u2800\ufff9-\ufffb[\p{Default_Ignorable_Code_Point}--[\u200d\ufe00-\ufe0f\u{e0000}-\u{e01ef}]]]/v;
const ignored = /\p{Default_Ignorable_Code_Point}/gv;

/** The name as it is kept and the key that makes it unique; null if it cannot be a name. */
export function parseName(text: string): { name: string; nameKey: string } | null {
  if (text.length > limits.nameCharsMax * 4) return null;
  const name = text.normalize('NFKC').trim().replace(/\s+/gu, ' ');
  if (name.length > limits.nameCharsMax || unseen.test(name)) return null;
  const count = [...graphemes.segment(name)].length;
  if (count < limits.nameGraphemesMin || count > limits.nameGraphemesMax) return null;
  if (!/[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(name)) return null;
  const nameKey = name.replace(ignored, '').trim().toLocaleUpperCase('en').toLocaleLowerCase('en');
  // In capitals some letters are three.
  return nameKey.length > limits.nameCharsMax ? null : { name, nameKey };
}
