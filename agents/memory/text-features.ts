// What a text is about, as features with weights: its telling words, and the letter groups inside them, so
// that "melts" and "melting" are near each other and so are two spellings of a name. Used by the hashed
// embedder alone; a change here makes another space of embeddings.

const stopWords = new Set(
  (
    'a an the of is are was were be been being in on at to for by with and or than that this these those it its as from ' +
    'which what who whose how many much does do did has have had not no there their they them he she his her into about ' +
    'only all any some most more less very if when while also can could would will you one called named known'
  ).split(' '),
);

const numberWords = new Map(
  [
    'zero',
    'one',
    'two',
    'three',
    'four',
    'five',
    'six',
    'seven',
    'eight',
    'nine',
    'ten',
    'eleven',
    'twelve',
  ].map((word, value) => [word, String(value)] as const),
);

// Longest first; a stem keeps three letters.
const endings: readonly (readonly [ending: string, replacement: string])[] = [
  ['iest', 'y'],
  ['edly', ''],
  ['sses', 'ss'],
  ['ied', 'y'],
  ['ies', 'y'],
  ['est', ''],
  ['ing', ''],
  ['ers', ''],
  ['ed', ''],
  ['er', ''],
  ['ly', ''],
  ['es', ''],
  ['s', ''],
  ['e', ''],
];
const stemCharsMin = 3;
const gramCharsMin = 3;
const gramCharsMax = 5;

export interface Feature {
  readonly name: string;
  /** The stem it comes from: what is common is told by whole words. */
  readonly stem: string;
  readonly weight: number;
}

/** Lower-case words without accents, and numbers. */
function wordsOf(text: string): string[] {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').replace(/’/g, "'").toLowerCase();
  return (
    plain
      .replace(/(\d),(?=\d{3})/g, '$1')
      .match(/[a-z]+(?:'[a-z]+)?|\d+(?:\.\d+)?|\p{Emoji_Presentation}/gu) ?? []
  );
}

/** Stems of the words that carry meaning, each as often as it comes. */
export function stemsOf(text: string): string[] {
  return wordsOf(text)
    .filter((word) => !stopWords.has(word))
    .map((word) => numberWords.get(word) ?? stemOf(word));
}

function stemOf(word: string): string {
  if (word.length <= stemCharsMin || /\d/.test(word)) return word;
  const bare = word.replace(/'s$/, '');
  const found = endings.find(
    ([ending]) => bare.endsWith(ending) && bare.length - ending.length >= stemCharsMin,
  );
  return found === undefined ? bare : bare.slice(0, bare.length - found[0].length) + found[1];
}

export function featuresOf(text: string): Feature[] {
  return stemsOf(text).flatMap((stem) => {
    const grams = gramsOf(stem);
    const weight = 1 / Math.sqrt(grams.length);
    return [
      { name: `w:${stem}`, stem, weight: 1 },
      ...grams.map((gram) => ({ name: `c:${gram}`, stem, weight })),
    ];
  });
}

function gramsOf(stem: string): string[] {
  const marked = `^${stem}$`;
  const grams: string[] = [];
  for (let chars = gramCharsMin; chars <= gramCharsMax; chars++) {
    for (let start = 0; start + chars <= marked.length; start++)
      grams.push(marked.slice(start, start + chars));
  }
  return grams;
}
