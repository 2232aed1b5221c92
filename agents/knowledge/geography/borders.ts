// Which countries share a land border. Facts: `world-countries`; judge: the outlines of Natural Earth. Fakes:
// two countries with another one between them. Each pair is told once, from one side or the other.

import { newBorder } from '../as-of-now.ts';
import { listOf, numberWord, oneOf, sentence, upperFirst } from '../phrase.ts';
import {
  type Asserted,
  assertionOf,
  type LoadedSource,
  pairKey,
  type Ruling,
  type Statement,
} from '../source.ts';
import { byFame, type Countries, type Country, loadCountries, sourceOf } from './countries.ts';
import { loadShapes, type Shapes } from './natural-earth.ts';
import { agreedNeighbours, neighbourhood } from './neighbours.ts';

// A list of more names than this nobody reads.
const NAMES_MAX = 6;
// Through these two everybody is close to everybody, so they alone make no plausible neighbours.
const GIANTS: ReadonlySet<string> = new Set(['RU', 'CN']);

interface Atlas {
  readonly countries: Countries;
  readonly shapes: Shapes;
}

export async function loadBorders(): Promise<LoadedSource> {
  const atlas: Atlas = { countries: await loadCountries(), shapes: await loadShapes() };
  return {
    statements: atlas.countries.all.flatMap((country) => pairsOf(country, atlas)),
    judge: (asserted) => judge(asserted, atlas),
  };
}

function judge({ subject, object }: Asserted, atlas: Atlas): Ruling | null {
  const [one, two] = [atlas.countries.byCode.get(subject), atlas.countries.byCode.get(object)];
  if (!one || !two || neighbourhood(one, two, atlas.shapes) === 'uncertain') return null;
  return {
    truth: atlas.shapes.neighbours(one.digits).has(two.digits) ? 'FACT' : 'FAKE',
    confidence: 0.96,
    explanation: explain(one, two, atlas),
    source: { name: 'Natural Earth, outlines of countries', url: 'https://www.naturalearthdata.com/' },
    names: [one.spellings, two.spellings],
  };
}

function pairsOf(country: Country, atlas: Atlas): Statement[] {
  const { byCode3 } = atlas.countries;
  const around = country.neighbours.flatMap((code3) => byCode3.get(code3) ?? []);
  const beyond = around.flatMap((next) => next.neighbours.flatMap((code3) => byCode3.get(code3) ?? []));
  return [...new Set([...around, ...beyond])].flatMap((other) => {
    const said = neighbourhood(country, other, atlas.shapes);
    if (country.code >= other.code || said === 'uncertain') return [];
    if (said === 'apart' && !plausible(country, other, atlas)) return [];
    return [statement(country, other, said === 'touch', atlas)];
  });
}

function plausible(one: Country, two: Country, atlas: Atlas): boolean {
  return one.subregion === two.subregion || between(one, two, atlas).some((next) => !GIANTS.has(next.code));
}

function statement(country: Country, other: Country, touch: boolean, atlas: Atlas): Statement {
  const sides = [
    [country, other],
    [other, country],
  ] as const;
  const [one, two] = oneOf(sides, `side ${country.code}${other.code}`);
  const assertion = assertionOf('border', one.code, two.code);
  const templates = [
    `${one.inText} shares a land border with ${two.inText}`,
    `${one.inText} and ${two.inText} share a land border`,
    `${one.inText} borders ${two.inText} by land`,
    `on the map, ${one.inText} and ${two.inText} touch each other`,
    `${one.inText} has a land border with ${two.inText}`,
  ] as const;
  return {
    factKey: pairKey('border', one.code, two.code),
    assertion,
    truth: touch ? 'FACT' : 'FAKE',
    difficulty: byFame[one.fame > two.fame ? one.fame : two.fame],
    kind: 'border',
    write: (wording) => ({
      claim: sentence(oneOf(templates, assertion, wording)),
      explanation: explain(one, two, atlas),
      source: sourceOf(one),
    }),
  };
}

function explain(one: Country, two: Country, atlas: Atlas): string {
  const told = [one, two].flatMap((country) => {
    const around = agreedNeighbours(country, atlas.countries, atlas.shapes) ?? [];
    return around.length > 0 ? [{ country, around }] : [];
  });
  const [shortest] = told.toSorted((a, b) => a.around.length - b.around.length);
  const all = shortest ? ` ${surroundings(shortest.country, shortest.around)}` : '';
  const change = newBorder(one.code, two.code);
  if (change !== null) return `${change.what}${all}`;
  if (one.neighbours.includes(two.code3)) {
    return `${upperFirst(one.inText)} and ${two.inText} are neighbours by land.${all}`;
  }
  const names = between(one, two, atlas).map((other) => other.inText);
  const verb = names.length === 1 ? 'lies' : 'lie';
  return `They never touch: between ${one.inText} and ${two.inText} ${verb} ${listOf(names)}.${all}`;
}

function surroundings(country: Country, around: readonly Country[]): string {
  if (around.length > NAMES_MAX) {
    return `${upperFirst(country.inText)} touches ${numberWord(around.length)} countries in all.`;
  }
  const names = listOf(around.map((other) => other.inText));
  return `${upperFirst(country.inText)} touches ${around.length === 1 ? 'only ' : ''}${names}.`;
}

function between(one: Country, two: Country, { countries }: Atlas): Country[] {
  const shared = one.neighbours.filter((code3) => two.neighbours.includes(code3));
  return (
    shared
      .flatMap((code3) => countries.byCode3.get(code3) ?? [])
      // Nobody travels by way of an island in the Arctic.
      .filter((next) => newBorder(one.code, next.code) === null && newBorder(next.code, two.code) === null)
  );
}
