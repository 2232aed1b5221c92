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

export function asks(question: string, ruling: Pick<Ruling, 'names' | 'ordered' | 'wording'>): boolean {
  const text = plain(question);
  if (ruling.wording !== undefined) return saysTheSame(text, plain(ruling.wording));
  if (negations(text) > 0 || (ruling.ordered && REVERSAL.test(text))) return false;
  const positions = ruling.names.map((spellings) => firstPosition(text, spellings));
  if (positions.some((position) => position < 0)) return false;
  return !ruling.ordered || positions.every((position, index) => position >= (positions[index - 1] ?? 0));
}

function firstPosition(text: string, spellings: readonly string[]): number {
  const found = spellings.map((name) => wordPosition(text, plain(name))).filter((position) => position >= 0);
  return found.length === 0 ? -1 : Math.min(...found);
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
