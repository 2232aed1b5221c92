// Does a question say what an assertion says? A writer may reword a claim, and a judge that looks up the
// assertion must not rule on a sentence that says something else. Called by `knowledge.ts` before a verdict
// is given.

import type { Ruling } from './source.ts';

const NEGATION =
  /\b(not|no|none|never|neither|nor|cannot|nobody|nothing|without|false|untrue|fake|wrong|incorrect|myth)\b|n['’]t\b/g;
// Words that turn a comparison round; no template of ours contains one.
const REVERSAL =
  /\b(fewer|less|smaller|lower|lighter|shorter|colder|slower|younger|nearer|closer|behind|below)\b/;
const COMMON = new Set(
  'a an the of in on at to for and or is are was were be been it its that this than as by with from you your'.split(
    ' ',
  ),
);
// Of the words that matter, so many must be in both sentences.
const SHARED_WORDS_MIN = 0.6;

/** Lower case, no marks on letters, single spaces: the form in which two texts are compared. */
export function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[’‘ʻʼ`´]/g, "'")
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim();
}

/** Whether the question is about the names of a ruling, in their order, or says what its wording does. */
export function asks(question: string, ruling: Pick<Ruling, 'names' | 'ordered' | 'wording'>): boolean {
  const text = plain(question);
  if (ruling.wording !== undefined) return saysTheSame(text, plain(ruling.wording));
  const found = ruling.names.map((spellings) => firstOf(text, spellings));
  const positions = found.map((place) => place.position);
  if (positions.some((position) => position < 0)) return false;
  // A name may look like a denial: "Not Found", or the domain .no.
  const rest = found.reduce((left, { name }) => left.replace(name, ' '), text);
  if (negations(rest) > 0 || (ruling.ordered && REVERSAL.test(rest))) return false;
  return !ruling.ordered || positions.every((position, index) => position >= (positions[index - 1] ?? 0));
}

/** The spelling that comes first in the text, and where; the longer one of two at the same place. */
function firstOf(text: string, spellings: readonly string[]): { name: string; position: number } {
  const places = spellings.map((name) => ({ name: plain(name), position: wordPosition(text, plain(name)) }));
  const found = places.filter(({ position }) => position >= 0);
  const [first] = found.sort((one, two) => one.position - two.position || two.name.length - one.name.length);
  return first ?? { name: '', position: -1 };
}

/** Where `name` stands as whole words: "Niger" is not in "Nigeria". */
function wordPosition(text: string, name: string): number {
  const letter = /[\p{L}\p{N}]/u;
  for (let from = 0; ; from++) {
    const position = text.indexOf(name, from);
    if (position < 0) return -1;
    const before = text.charAt(position - 1);
    const after = text.charAt(position + name.length);
    if (!letter.test(before) && !letter.test(after)) return position;
    from = position;
  }
}

function negations(text: string): number {
  return text.match(NEGATION)?.length ?? 0;
}

/** Most words that matter are there, and in the same order: "A is north of B" is not "B is north of A". */
function saysTheSame(text: string, wording: string): boolean {
  if (negations(text) % 2 !== negations(wording) % 2) return false;
  const meant = contentWords(wording);
  return sharedInOrder(contentWords(text), meant) >= SHARED_WORDS_MIN * meant.length;
}

function contentWords(text: string): string[] {
  const words = text.match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.filter((word) => !COMMON.has(word)).map((word) => word.replace(/(?<=..)s$/, ''));
}

/** Length of the longest row of words that both contain in the same order. */
function sharedInOrder(one: readonly string[], two: readonly string[]): number {
  let above = new Array<number>(two.length + 1).fill(0);
  for (const word of one) {
    const row = [0];
    two.forEach((other, index) => {
      const longer = word === other ? (above[index] ?? 0) + 1 : 0;
      row.push(Math.max(longer, above[index + 1] ?? 0, row[index] ?? 0));
    });
    above = row;
  }
  return above.at(-1) ?? 0;
}
