// Numbers, symbols and weights of the chemical elements. Facts: `periodic-table`; judge: `chemical-elements`,
// whose masses are worked out from isotopes. Fakes: the number next door, the symbol one would expect (mostly
// that of another element), the lighter of two atoms for the heavier.

import { compared, pairsOf } from '../comparison.ts';
import { oneOf, sentence, withArticle } from '../phrase.ts';
import { type Asserted, assertionOf, type LoadedSource, type Ruling, type Statement } from '../source.ts';
import { elementNotes } from './element-notes.ts';
import { type Element, elementSource, loadElements, loadSecondElements, noteOn } from './periodic-table.ts';

// "No is the symbol of" reads like a denial.
const UNREADABLE = 'No';
// Two atoms closer than this in weight are a matter of definition; further apart than that, too easy.
const HEAVIER_MIN = 1.01;
const HEAVIER_MAX = 1.7;
const SECOND = {
  name: 'chemical-elements, masses from isotopes',
  url: 'https://github.com/cheminfo/mass-tools',
};

interface Table {
  readonly elements: readonly Element[];
  readonly bySymbol: ReadonlyMap<string, Element>;
}

export async function loadElementClaims(): Promise<LoadedSource> {
  const second = await loadSecondElements();
  const secondBySymbol = new Map(second.map((element) => [element.symbol, element]));
  // Both tables must know it by the same symbol, number and name, and agree on its mass within 0.1 u.
  const elements = (await loadElements()).filter((element) => {
    const other = secondBySymbol.get(element.symbol);
    return (
      other?.number === element.number && (element.mass === null || Math.abs(other.mass - element.mass) < 0.1)
    );
  });
  const table: Table = { elements, bySymbol: new Map(elements.map((element) => [element.symbol, element])) };
  return {
    statements: [
      ...elements.flatMap((element) => [...numbers(element, table), ...symbols(element, table)]),
      ...weights(table),
    ],
    judge: (asserted) => judge(asserted, table, secondBySymbol),
  };
}

function judge(
  { predicate, subject, object }: Asserted,
  table: Table,
  second: ReadonlyMap<string, { number: number; mass: number }>,
): Ruling | null {
  const element = table.bySymbol.get(subject);
  const looked = second.get(subject);
  if (!element || !looked) return null;
  if (predicate === 'heavier-atom') {
    const [other, otherLooked] = [table.bySymbol.get(object), second.get(object)];
    if (!other || !otherLooked) return null;
    return {
      truth: looked.mass > otherLooked.mass ? 'FACT' : 'FAKE',
      confidence: 0.95,
      explanation: explainWeight(element, other),
      source: SECOND,
      names: [element.spellings, other.spellings],
      ordered: true,
    };
  }
  const isNumber = predicate === 'atomic-number';
  return {
    truth: (isNumber ? looked.number === Number(object) : subject === object) ? 'FACT' : 'FAKE',
    confidence: 0.98,
    explanation: isNumber
      ? explainNumber(element, Number(object), table)
      : explainSymbol(element, object, table),
    source: SECOND,
    names: [element.spellings, [object]],
  };
}

function numbers(element: Element, table: Table): Statement[] {
  // The numbers of the others nobody can know, only look up.
  if (!element.known) return [];
  return [element.number - 1, element.number, element.number + 1]
    .filter((number) => table.elements.some((other) => other.number === number))
    .map((number) => {
      const assertion = assertionOf('atomic-number', element.symbol, String(number));
      const templates = [
        `${element.name} has the atomic number ${number}`,
        `the atomic number of ${element.name} is ${number}`,
        `${withArticle(`${element.name} atom`)} has ${number} proton${number === 1 ? '' : 's'}`,
        `${element.name} is element number ${number} of the periodic table`,
      ] as const;
      return {
        factKey: `atomic-number:${element.symbol}`,
        assertion,
        truth: number === element.number ? 'FACT' : 'FAKE',
        difficulty: element.number <= 10 ? 'easy' : element.number < 40 ? 'normal' : 'hard',
        kind: 'atomic-number',
        write: (wording) => ({
          claim: sentence(oneOf(templates, assertion, wording)),
          explanation: explainNumber(element, number, table),
          source: elementSource(element),
        }),
      };
    });
}

function symbols(element: Element, table: Table): Statement[] {
  const all = [element.symbol, ...expectedSymbols(element, table)].filter((symbol) => symbol !== UNREADABLE);
  return all.map((symbol) => {
    const assertion = assertionOf('symbol', element.symbol, symbol);
    const templates = [
      `the chemical symbol of ${element.name} is ${symbol}`,
      `${symbol} is the chemical symbol of ${element.name}`,
      `in the periodic table, ${element.name} goes by the symbol ${symbol}`,
      `chemists write ${symbol} for ${element.name}`,
    ] as const;
    const plainSymbol = element.name.toLowerCase().startsWith(element.symbol.toLowerCase());
    return {
      factKey: `symbol:${element.symbol}`,
      assertion,
      truth: symbol === element.symbol ? 'FACT' : 'FAKE',
      difficulty: element.known ? (plainSymbol ? 'easy' : 'normal') : plainSymbol ? 'normal' : 'hard',
      kind: 'symbol',
      write: (wording) => ({
        claim: sentence(oneOf(templates, assertion, wording)),
        explanation: explainSymbol(element, symbol, table),
        source: elementSource(element),
      }),
    };
  });
}

/** Symbols that the letters of the name suggest: those of other elements first, at most two. */
function expectedSymbols(element: Element, { elements, bySymbol }: Table): string[] {
  const [initial = '', ...rest] = element.name;
  const suggested = rest.map((letter) => `${initial.toUpperCase()}${letter}`);
  const others = suggested.filter((symbol) => symbol !== element.symbol && bySymbol.has(symbol));
  const start = suggested[0] ?? '';
  // A made-up symbol only for the elements that everybody has heard of: Si for silver is bait, Ei for
  // einsteinium not.
  const invented =
    element.known && start !== element.symbol && !elements.some((other) => other.symbol === start);
  return [...new Set([...others, ...(invented ? [start] : [])])].slice(0, 2);
}

function weights({ elements }: Table): Statement[] {
  const known = elements.filter((element) => element.known && element.mass !== null);
  return pairsOf(known.map((element) => ({ key: element.symbol, inText: element.name, element }))).flatMap(
    ([one, two]) => {
      const [more, less] = (one.element.mass ?? 0) > (two.element.mass ?? 0) ? [one, two] : [two, one];
      const ratio = (more.element.mass ?? 0) / (less.element.mass ?? 1);
      if (ratio < HEAVIER_MIN || ratio > HEAVIER_MAX) return [];
      return compared({
        ...{ predicate: 'heavier-atom', more, less },
        difficulty: ratio > 1.4 ? 'easy' : ratio > 1.15 ? 'normal' : 'hard',
        templates: (first, second) => [
          `${withArticle(`${first.inText} atom`)} is heavier than ${withArticle(`${second.inText} atom`)}`,
          `a single atom of ${first.inText} weighs more than one of ${second.inText}`,
          `atoms of ${first.inText} have more mass than atoms of ${second.inText}`,
        ],
        explain: (first, second) => explainWeight(first.element, second.element),
        source: (first) => elementSource(first.element),
      });
    },
  );
}

function explainNumber(element: Element, said: number, { elements }: Table): string {
  const other = elements.find((candidate) => candidate.number === said);
  const taken = other && other !== element ? `; ${said} is ${other.name}` : '';
  return sentence(`${element.name} is number ${element.number}${taken}`).concat(
    ` ${elementNotes[element.symbol] ?? ''}`,
  );
}

function explainSymbol(element: Element, said: string, { bySymbol }: Table): string {
  const other = bySymbol.get(said);
  const taken =
    said === element.symbol ? '' : other ? `; ${said} is ${other.name}` : `; there is no element ${said}`;
  return sentence(`the symbol of ${element.name} is ${element.symbol}${taken}`).concat(
    ` ${elementNotes[element.symbol] ?? ''}`,
  );
}

function explainWeight(one: Element, two: Element): string {
  const masses = [one, two].map((element) => `${element.name} ${(element.mass ?? 0).toFixed(1)}`);
  // Three pairs stand in the table against the order of their weights.
  const inverted = (one.number - two.number) * ((one.mass ?? 0) - (two.mass ?? 0)) < 0;
  const oddity = inverted
    ? ' A rarity: the table puts the heavier one first, because it has fewer protons.'
    : '';
  return `In atomic mass units: ${masses.join(', ')}.${oddity} ${noteOn(one)}`;
}
