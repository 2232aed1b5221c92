// How many countries surround one, and who has no coast. Facts: `world-countries`; judge: the outlines of
// Natural Earth for the number, `country-json` for the coast. Fakes: one neighbour more or less, a coastal
// country in landlocked company.

import { z } from 'zod';
import { newBorderOf } from '../as-of-now.ts';
import { readJson } from '../data-file.ts';
import { listOf, numberWord, oneOf, sentence, upperFirst } from '../phrase.ts';
import { type Asserted, assertionOf, type LoadedSource, type Ruling, type Statement } from '../source.ts';
import { byFame, type Countries, type Country, loadCountries, sourceOf } from './countries.ts';
import { loadShapes, type Shapes } from './natural-earth.ts';
import { agreedNeighbours } from './neighbours.ts';

// More neighbours than these nobody counts.
const COUNTED_MAX = 9;
// Their only coast is that of the Caspian Sea, or they have one there as well: a matter of definition.
const CASPIAN: ReadonlySet<string> = new Set(['AZ', 'IR', 'KZ', 'RU', 'TM']);

interface Surroundings {
  readonly countries: Countries;
  readonly shapes: Shapes;
  /** By code: has no coast, as `country-json` has it. */
  readonly coastless: ReadonlyMap<string, boolean>;
}

export async function loadSurroundings(): Promise<LoadedSource> {
  const countries = await loadCountries();
  const known: Surroundings = {
    countries,
    shapes: await loadShapes(),
    coastless: await readCoastless(countries),
  };
  return {
    statements: countries.all.flatMap((country) => [...counts(country, known), ...coasts(country, known)]),
    judge: (asserted) => (asserted.predicate === 'landlocked' ? judgeCoast : judgeCount)(asserted, known),
  };
}

async function readCoastless(countries: Countries): Promise<Map<string, boolean>> {
  const Rows = z.array(z.object({ country: z.string(), landlocked: z.string().nullable() }));
  const rows = await readJson('country-json/src/country-by-landlocked.json', Rows);
  const answers = new Map(rows.map((row) => [row.country, row.landlocked]));
  return new Map(
    countries.all.flatMap(({ name, code }) => {
      const answer = answers.get(name) ?? null;
      return answer === null ? [] : [[code, answer === '1'] as const];
    }),
  );
}

function judgeCount({ subject, object }: Asserted, { countries, shapes }: Surroundings): Ruling | null {
  const country = countries.byCode.get(subject);
  const around = country && agreedNeighbours(country, countries, shapes);
  if (!country || !around) return null;
  return {
    truth: shapes.neighbours(country.digits).size === Number(object) ? 'FACT' : 'FAKE',
    confidence: 0.93,
    explanation: explainCount(country, around),
    source: { name: 'Natural Earth, outlines of countries', url: 'https://www.naturalearthdata.com/' },
    names: [country.spellings, [numberWord(Number(object)), object]],
  };
}

function judgeCoast({ subject, object }: Asserted, { countries, coastless }: Surroundings): Ruling | null {
  const country = countries.byCode.get(subject);
  const answer = coastless.get(subject);
  if (!country || answer === undefined || object !== 'yes') return null;
  return {
    truth: answer ? 'FACT' : 'FAKE',
    confidence: 0.96,
    explanation: explainCoast(country, countries),
    source: { name: 'country-json, landlocked countries', url: 'https://github.com/samayo/country-json' },
    names: [country.spellings, ['landlocked', 'cross another country']],
  };
}

function counts(country: Country, { countries, shapes }: Surroundings): Statement[] {
  const around = agreedNeighbours(country, countries, shapes) ?? [];
  if (around.length === 0 || around.length > COUNTED_MAX) return [];
  const numbers = around.length === 1 ? [1, 2] : [around.length - 1, around.length, around.length + 1];
  return numbers.map((number) => {
    const assertion = assertionOf('neighbours', country.code, String(number));
    const others = `${numberWord(number)} other ${number === 1 ? 'country' : 'countries'}`;
    const templates = [
      `${country.inText} has land borders with exactly ${others}`,
      `exactly ${others} ${number === 1 ? 'borders' : 'border'} ${country.inText} by land`.replace(
        ' other ',
        ' ',
      ),
      `on the map, ${country.inText} touches exactly ${others}`,
    ] as const;
    return {
      factKey: `neighbours:${country.code}`,
      assertion,
      truth: number === around.length ? 'FACT' : 'FAKE',
      difficulty: around.length > 2 || country.fame > 0 ? 'hard' : 'normal',
      kind: 'neighbours',
      write: (wording) => ({
        claim: sentence(oneOf(templates, assertion, wording)),
        explanation: explainCount(country, around),
        source: sourceOf(country),
      }),
    };
  });
}

function coasts(country: Country, { countries, coastless }: Surroundings): Statement[] {
  if (CASPIAN.has(country.code) || coastless.get(country.code) !== country.landlocked) return [];
  const inCompany = country.neighbours.some((code3) => countries.byCode3.get(code3)?.landlocked);
  // Nobody takes a country for landlocked whose beaches everybody knows.
  if (!country.landlocked && (!inCompany || country.fame === 0)) return [];
  const assertion = assertionOf('landlocked', country.code, 'yes');
  const templates = [
    `${country.inText} is landlocked`,
    `${country.inText} is one of the landlocked countries of the world`,
    `to reach the sea from ${country.inText}, you have to cross another country`,
  ] as const;
  return [
    {
      factKey: `landlocked:${country.code}`,
      assertion,
      truth: country.landlocked ? 'FACT' : 'FAKE',
      difficulty: byFame[country.fame],
      kind: 'landlocked',
      write: (wording) => ({
        claim: sentence(oneOf(templates, assertion, wording)),
        explanation: explainCoast(country, countries),
        source: sourceOf(country),
      }),
    },
  ];
}

function explainCount(country: Country, around: readonly Country[]): string {
  const names = around.map((other) => other.inText);
  const one = names.length === 1;
  const change = newBorderOf(country.code);
  const note = change === null ? '' : ` ${change.what}`;
  return `${upperFirst(country.inText)} borders ${one ? 'only ' : ''}${listOf(names)}${
    one ? '' : `: ${numberWord(names.length)} in all`
  }.${note}`;
}

function explainCoast(country: Country, countries: Countries): string {
  const around = country.neighbours.flatMap((code3) => countries.byCode3.get(code3) ?? []);
  const name = upperFirst(country.inText);
  if (!country.landlocked) {
    const inland = around.filter((other) => other.landlocked).map((other) => other.inText);
    const one = inland.length === 1;
    return `${name} has a coast; its neighbour${one ? '' : 's'} ${listOf(inland)} ${one ? 'has' : 'have'} none.`;
  }
  if (around.every((other) => other.landlocked)) {
    return `${name} is even landlocked twice: all its neighbours are, too. Only two countries in the world can say so.`;
  }
  const ways = around.filter((other) => !other.landlocked).map((other) => other.inText);
  return `${name} has no coast. The way to the sea leads through ${listOf(ways, 'or')}.`;
}
