// With which letters a language is written. Facts: the likely script in Unicode CLDR; judge: the letters of
// the language's own name for itself, as `countries-list` has it. Fakes: the letters of the neighbours or of
// the past.

import { languages as listed } from 'countries-list';
import { z } from 'zod';
import type { Difficulty } from '../../../core/claim.ts';
import { readJson } from '../data-file.ts';
import { oneOf, sentence } from '../phrase.ts';
import { assertionOf, type LoadedSource, type Ruling, type Statement } from '../source.ts';
import { languageName } from './language-names.ts';

/** In a sentence: "is written with …", and the letters it means. */
const SCRIPTS: Readonly<Record<string, { readonly letters: string; readonly pattern: RegExp }>> = {
  Arab: { letters: 'Arabic letters', pattern: /^\p{Script=Arabic}+$/u },
  Armn: { letters: 'Armenian letters', pattern: /^\p{Script=Armenian}+$/u },
  Beng: { letters: 'Bengali letters', pattern: /^\p{Script=Bengali}+$/u },
  Cyrl: { letters: 'Cyrillic letters', pattern: /^\p{Script=Cyrillic}+$/u },
  Deva: { letters: 'Devanagari letters', pattern: /^\p{Script=Devanagari}+$/u },
  Ethi: { letters: 'Ethiopic letters', pattern: /^\p{Script=Ethiopic}+$/u },
  Geor: { letters: 'Georgian letters', pattern: /^\p{Script=Georgian}+$/u },
  Grek: { letters: 'Greek letters', pattern: /^\p{Script=Greek}+$/u },
  Hans: { letters: 'Chinese characters', pattern: /^\p{Script=Han}+$/u },
  Hebr: { letters: 'Hebrew letters', pattern: /^\p{Script=Hebrew}+$/u },
  Kore: { letters: 'Korean letters', pattern: /^\p{Script=Hangul}+$/u },
  Latn: { letters: 'Latin letters', pattern: /^\p{Script=Latin}+$/u },
  Thai: { letters: 'Thai letters', pattern: /^\p{Script=Thai}+$/u },
};

interface Written {
  /** Scripts that people might expect; the true one may be among them. */
  readonly expected: readonly string[];
  readonly difficulty: Difficulty;
  readonly note: string;
}

const about = (expected: string, difficulty: Difficulty, note: string): Written => ({
  expected: expected.split(' '),
  difficulty,
  note,
});

// Only languages with one usual script: Serbian, Kazakh, Uzbek, Punjabi, Malay and others have two.
const LANGUAGES: Readonly<Record<string, Written>> = {
  am: about('Ethi Arab Latn', 'normal', 'Each sign stands for a syllable; there are more than two hundred.'),
  ar: about('Arab Hebr', 'easy', 'It runs from right to left, but its numbers from left to right.'),
  be: about('Cyrl Latn', 'normal', 'It has a letter that even Russian lacks: ў, a short u.'),
  bg: about(
    'Cyrl Latn Grek',
    'easy',
    'The letters were shaped in Bulgaria around the year 900, at the school of Preslav.',
  ),
  bn: about('Beng Deva Arab', 'normal', 'The letters hang from a line, like washing.'),
  cs: about('Latn Cyrl', 'easy', 'Jan Hus is credited with the little marks above the letters.'),
  el: about('Grek Cyrl', 'easy', 'It was the first alphabet with letters for vowels.'),
  et: about('Latn Cyrl', 'normal', 'It has nine vowels, and four of them wear dots or a wave.'),
  eu: about(
    'Latn Grek',
    'normal',
    'It is older in Europe than all its neighbours, but took over Roman letters.',
  ),
  fa: about(
    'Arab Deva Latn',
    'normal',
    'It took the letters over in the Middle Ages and added four of its own.',
  ),
  fi: about('Latn Cyrl', 'easy', 'Nearly every sound has exactly one letter.'),
  hi: about(
    'Deva Arab Latn',
    'normal',
    'Urdu is much the same language in speech, but is written with Arabic letters.',
  ),
  hr: about('Latn Cyrl', 'normal', 'Serbian, which is very close to it, uses Cyrillic letters as well.'),
  hu: about('Latn Cyrl', 'easy', 'King Stephen chose Latin letters, and Rome, about the year 1000.'),
  hy: about('Armn Cyrl Arab', 'normal', 'A monk, Mesrop Mashtots, designed the letters about the year 405.'),
  id: about('Latn Arab Thai', 'normal', 'Dutch rule brought the letters; the spelling was reformed in 1972.'),
  is: about('Latn Cyrl', 'normal', 'It keeps two letters of the Middle Ages: þ and ð.'),
  ka: about('Geor Cyrl Armn', 'normal', 'It has letters of its own, and no capitals.'),
  ko: about(
    'Kore Hans',
    'easy',
    'A king, Sejong, had the letters designed in 1443 so that everybody could learn them.',
  ),
  ky: about(
    'Cyrl Arab Latn',
    'hard',
    'It has changed from Arabic to Latin to Cyrillic letters within twenty years.',
  ),
  lt: about(
    'Latn Cyrl',
    'normal',
    'Under the tsars, books in Latin letters were forbidden and smuggled over the border.',
  ),
  lv: about('Latn Cyrl', 'normal', 'A bar over a vowel makes it long.'),
  mk: about('Cyrl Grek Latn', 'normal', 'Its alphabet was fixed only in 1945.'),
  mr: about('Deva Arab', 'hard', 'It shares the letters of Hindi.'),
  mt: about(
    'Latn Arab',
    'hard',
    'It is the only Semitic language among the official ones of the European Union, and grew out of Arabic.',
  ),
  ne: about('Deva Arab Thai', 'hard', 'It shares the letters of Hindi.'),
  pl: about('Latn Cyrl', 'easy', 'A single z can change the sound of the letter before it: cz, sz, rz.'),
  ps: about('Arab Cyrl Deva', 'hard', 'It has letters that Arabic lacks, some with a little ring.'),
  ro: about('Latn Cyrl', 'normal', 'Until about 1860 it was indeed written with Cyrillic letters.'),
  ru: about('Cyrl Latn', 'easy', 'Peter the Great trimmed the letters to look more like Latin ones.'),
  sk: about('Latn Cyrl', 'normal', 'It has the longest alphabet of the European Union: 46 letters.'),
  sl: about('Latn Cyrl', 'normal', 'It still has a dual: a form of its own for exactly two.'),
  so: about('Latn Arab Ethi', 'hard', 'Latin letters were introduced in 1972, after long debate.'),
  sq: about('Latn Cyrl Grek', 'hard', 'A congress at Manastir settled the letters in 1908.'),
  sv: about('Latn Cyrl', 'easy', 'Å, ä and ö come at the very end of the alphabet.'),
  sw: about(
    'Latn Arab Ethi',
    'hard',
    'It used Arabic letters for centuries, until missionaries and officials changed them.',
  ),
  th: about('Thai Latn', 'easy', 'It has 44 consonants and puts no spaces between words.'),
  ti: about('Ethi Arab', 'hard', 'It shares the syllable signs of Amharic, across the border.'),
  tl: about('Latn Arab', 'normal', 'Before the Spaniards came it had letters of its own, baybayin.'),
  tr: about(
    'Latn Arab Cyrl',
    'normal',
    'Atatürk changed the letters in 1928 and travelled with a blackboard to teach them.',
  ),
  uk: about('Cyrl Latn', 'easy', 'It has the letter ї, which Russian lacks.'),
  ur: about(
    'Arab Deva Latn',
    'normal',
    'Hindi is much the same language in speech, but is written with Devanagari letters.',
  ),
  vi: about(
    'Latn Hans Thai',
    'normal',
    'Missionaries of the 17th century devised the spelling; before that it was Chinese characters.',
  ),
  yi: about('Hebr Latn', 'hard', 'It is close to German, and reads from right to left.'),
};

const Subtags = z.object({ supplemental: z.object({ likelySubtags: z.record(z.string(), z.string()) }) });

export async function loadScripts(): Promise<LoadedSource> {
  const { likelySubtags } = (await readJson('cldr-core/supplemental/likelySubtags.json', Subtags))
    .supplemental;
  const endonyms = new Map(Object.entries(listed).map(([code, { native }]) => [code, lettersOf(native)]));
  const known = Object.entries(LANGUAGES).flatMap(([code, language]) => {
    const script = likelySubtags[code]?.split('-')[1];
    const native = endonyms.get(code);
    const agreed = script && native && SCRIPTS[script]?.pattern.test(native);
    return agreed ? [{ code, script, language }] : [];
  });
  return {
    statements: known.flatMap(({ code, script, language }) =>
      [...new Set([script, ...language.expected])]
        .filter((said) => !namedAfter(said, code))
        .map((said) => statement(code, said, script)),
    ),
    judge({ subject, object }): Ruling | null {
      const [native, name] = [endonyms.get(subject), languageName(subject)];
      const script = known.find(({ code }) => code === subject)?.script;
      const said = SCRIPTS[object];
      if (!native || !name || !script || !said) return null;
      return {
        truth: said.pattern.test(native) ? 'FACT' : 'FAKE',
        confidence: 0.95,
        explanation: explain(subject, script),
        source: {
          name: 'countries-list, native names of languages',
          url: 'https://github.com/annexare/Countries',
        },
        names: [[name], [said.letters]],
      };
    },
  };
}

/** Without spaces, brackets and apostrophes, and only the first of several names. */
function lettersOf(native: string): string {
  return (native.split(/[,/(]/)[0] ?? native).replace(/[^\p{L}\p{M}]/gu, '').normalize('NFC');
}

/** "Thai is written with Thai letters" is no question. */
function namedAfter(script: string, code: string): boolean {
  const name = languageName(code);
  return name !== null && (SCRIPTS[script]?.letters.startsWith(name) ?? false);
}

function statement(code: string, said: string, script: string): Statement {
  const name = languageName(code) ?? code;
  const letters = SCRIPTS[said]?.letters ?? said;
  const assertion = assertionOf('script', code, said);
  const templates = [
    `${name} is written with ${letters}`,
    `books in ${name} are printed with ${letters}`,
    `the usual way to write ${name} is with ${letters}`,
    `a newspaper in ${name} uses ${letters}`,
  ] as const;
  return {
    factKey: `script:${code}`,
    assertion,
    truth: said === script ? 'FACT' : 'FAKE',
    difficulty: LANGUAGES[code]?.difficulty ?? 'normal',
    kind: 'script',
    write: (wording) => ({
      claim: sentence(oneOf(templates, assertion, wording)),
      explanation: explain(code, script),
      source: { name: 'Unicode CLDR, likely scripts of languages', url: 'https://cldr.unicode.org/' },
    }),
  };
}

function explain(code: string, script: string): string {
  const note = LANGUAGES[code]?.note ?? '';
  return `${languageName(code)} is written with ${SCRIPTS[script]?.letters}. ${note}`;
}
