// English for claims: one of several wordings by hash, articles, lists, numbers. Called by every source; the
// same input always gives the same words.

import { hash32 } from '../../core/hash32.ts';

/**
 * Picks by the hash of `seed`, so that wordings vary from claim to claim and never from run to run; `further`
 * many places on.
 */
export function oneOf<T>(options: readonly [T, ...T[]], seed: string, further = 0): T {
  return options[(hash32(seed) + further) % options.length] ?? options[0];
}

/** Makes a sentence: capital first letter, one full stop (an abbreviation at the end brings its own). */
export function sentence(text: string): string {
  const body = text.trim();
  const capital = upperFirst(body);
  return /[.!?]["”]?$/.test(capital) ? capital : `${capital}.`;
}

export function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const WORDS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

/** "seven" for 7, digits from eleven on. */
export function numberWord(value: number): string {
  return WORDS[value] ?? grouped(value);
}

// Spelled with a vowel, spoken with a consonant, and the other way round.
const CONSONANT_SOUND = /^(eu|uni([^nm]|$)|us[aeu]|ut[aeio]|u[bk]i|one\b|once\b|ur[aeiu]n)/i;
const VOWEL_SOUND = /^(hour|honest|honou?r|heir)/i;

/** "an element", "a unit": the noun with its indefinite article. */
export function withArticle(noun: string): string {
  const vowel = (/^[aeiou]/i.test(noun) && !CONSONANT_SOUND.test(noun)) || VOWEL_SOUND.test(noun);
  return `${vowel ? 'an' : 'a'} ${noun}`;
}

/** "A", "A and B", "A, B and C". */
export function listOf(items: readonly string[], joiner = 'and'): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} ${joiner} ${items.at(-1) ?? ''}`;
}

/** 1234567.8 as "1,234,568"; digits after the point only where asked for. */
export function grouped(value: number, digits = 0): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}

/** About how much, in words people say: "17.1 million", "640,000", "1.4 billion". */
export function roughly(value: number): string {
  if (value >= 1e9) return `${grouped(value / 1e9, 2)} billion`;
  if (value >= 1e6) return `${grouped(value / 1e6, value >= 1e8 ? 0 : 1)} million`;
  const step = value >= 1e5 ? 10_000 : value >= 1e4 ? 1_000 : 100;
  return grouped(Math.round(value / step) * step);
}
