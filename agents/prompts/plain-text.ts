// Text of models made fit to be read by people: one line of characters that can be seen, without markup.
// What only looks bad is mended; what cannot be meant for a reader (scripts, the prompt itself, "n/a") is
// refused with a reason.

export interface Plain {
  readonly text: string;
  /** Whether more than white space was changed. */
  readonly mended: boolean;
}

// Soft hyphens, marks of direction, spaces of no width, tags, and what fonts do not agree about.
const unseen =
  /[\u00AD\u061C\u115F\u1160\u180E\u200B\u200C\u200E\u200F\u202A-\u202E\u2060-\u206F\u3164\uFEFF\uFFA0\uFFF9-\uFFFD\p{Co}\u{E0000}-\u{E007F}]/gu;
// It joins the parts of an emoji, and nothing else in English.
const joiner = /(?<!\p{Extended_Pictographic}|\p{Emoji_Modifier}|\uFE0F)\u200D/gu;
const markup =
  /<\/?(?:a|b|br|cite|code|div|em|font|h[1-6]|i|li|mark|ol|p|q|s|small|span|strong|su[bp]|u|ul)\b[^<>]*>/gi;
const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

export function plainOf(text: string): Plain {
  const line = oneLine(text);
  const plain = oneLine(
    line
      .toWellFormed()
      .normalize('NFC')
      .replace(/&(?:(amp|lt|gt|quot|apos|nbsp)|#(\d{1,6}));/g, (all, name: string, code: string) =>
        name === undefined ? characterOf(Number(code), all) : (entities[name] ?? all),
      )
      .replace(unseen, '')
      .replace(joiner, '')
      // More marks than that on one letter belong to no language.
      .replace(/(\p{M}{2})\p{M}+/gu, '$1')
      .replace(markup, (tag) => (/^<\/?(?:br|div|li|p|h\d|ol|ul)\b/i.test(tag) ? ' ' : ''))
      // Bounded: a text of thousands of brackets would be looked through from each of them to its end.
      .replace(/\[([^[\]]+)\]\(\S{1,300}?\)/g, '$1')
      .replace(/\*\*|__|`/g, '')
      .replace(/^(?:[-*•>]|#{1,6})\s+/, ''),
  );
  return { text: plain, mended: plain !== line };
}

function characterOf(code: number, otherwise: string): string {
  const seen = code >= 32 && code <= 0x10_ff_ff && !(code >= 0xd8_00 && code <= 0xdf_ff);
  return seen ? String.fromCodePoint(code) : otherwise;
}

export function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
}

// Words of our own prompts and shapes, and what models say instead of an answer.
const echo =
  /<\/?data>|\balreadyAsked\b|one self-contained (?:English )?sentence|why it is true, or what is true instead|^(?:rewrite|judge) this statement|^find \d+ facts and|\bfull https address\b|\bJSON Schema\b|\bas an AI\b|\blanguage model\b|^I(?:'m| am) sorry\b|^I (?:cannot|can't|am unable)\b/i;
const placeholder =
  /^\W{0,20}(?:n\/?a|none|null|nil|unknown|undefined|string|text|statement|evidence|explanation|example|tbd|todo|lorem ipsum.*|\.{3}|…)\W{0,20}$/i;

// "pаris" with a Cyrillic а is another word when it is looked up or compared.
const mixedAlphabets = /\p{Script=Latin}\p{Script=Cyrillic}|\p{Script=Cyrillic}\p{Script=Latin}/u;

/** Why no reader should see this text, or null. */
export function unfit(text: string): string | null {
  if (/<\/?[a-z!?][^<>]*>/i.test(text)) return 'has markup that does more than look good';
  if (echo.test(text)) return 'repeats the prompt, or speaks of it';
  if (mixedAlphabets.test(text)) return 'mixes alphabets within a word';
  if (placeholder.test(text) || (text.match(/\p{L}/gu) ?? []).length < 3) return 'is empty';
  return null;
}
