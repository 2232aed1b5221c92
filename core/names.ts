// Names of players: 2 to 20 graphemes, NFKC, unique in their room when case is folded. Names are text, never
// markup; control and direction characters are refused because they can make a name look like another.

import { limits } from './limits.ts';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
// Controls, line separators, direction marks and overrides, zero-width characters but the joiner of emoji.
const unseen = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u;

/** The name as it is kept and the key that makes it unique; null if it cannot be a name. */
export function parseName(text: string): { name: string; nameKey: string } | null {
  if (text.length > limits.nameCharsMax * 4) return null;
  const name = text.normalize('NFKC').trim().replace(/\s+/gu, ' ');
  if (name.length > limits.nameCharsMax || unseen.test(name)) return null;
  const count = [...graphemes.segment(name)].length;
  if (count < limits.nameGraphemesMin || count > limits.nameGraphemesMax) return null;
  if (!/[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(name)) return null;
  return { name, nameKey: name.toLocaleUpperCase('en').toLocaleLowerCase('en') };
}
