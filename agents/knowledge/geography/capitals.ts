// Capitals of countries. Facts: `world-countries`, where `countries-list` agrees. Judge: the capital that
// GeoNames marks (feature code PPLC), which is kept by other people from other records. Fakes: the city that
// people take for the capital, or the capital of a neighbour.

import { countries as listed } from 'countries-list';
import type { Difficulty } from '../../../core/claim.ts';
import { capitalNow, isUnsettled, newCapital } from '../as-of-now.ts';
import { oneOf, sentence } from '../phrase.ts';
import { assertionOf, type LoadedSource, type Ruling, type Statement } from '../source.ts';
import { capitalBaits } from './capital-baits.ts';
import { capitalNotes } from './capital-notes.ts';
import { byFame, type Countries, type Country, loadCountries, sameName, sourceOf } from './countries.ts';
import { readCities } from './geonames.ts';
import { aside } from './neighbours.ts';

// No claim is made about these, because the answer is not one undisputed city, or the name gives it away.
const EXCLUDED = new Set([
  ...['BO', 'ZA', 'SZ', 'LK', 'BJ', 'CI', 'TZ', 'MY', 'ME'], // two or more seats share the functions
  ...['CH', 'NR'], // none by law
  ...['IL', 'YE', 'SD'], // disputed, or the government had to leave it
  'KI', // an atoll; GeoNames and the others name different parts of it
  ...['MC', 'SG', 'SM', 'LU', 'GT', 'MX', 'PA', 'KW', 'DJ', 'AD', 'GW', 'ST'], // named like the country
]);

// The name in our claims, where the data set's own is not the usual one.
const WRITTEN_AS: Readonly<Record<string, string>> = { MN: 'Ulaanbaatar', US: 'Washington, D.C.' };

// One city under several names, in one list or the other.
const ALSO_CALLED: Readonly<Record<string, readonly string[]>> = {
  FM: ['Palikir', 'Palikir - National Government Center'],
  GD: ["St. George's", "Saint George's"],
  MM: ['Naypyidaw', 'Nay Pyi Taw'],
  MN: ['Ulan Bator'],
};

// Pairs that are mixed up again and again.
const MIXED_UP: Readonly<Record<string, string>> = {
  ...{ SK: 'SI', SI: 'SK', HU: 'RO', RO: 'HU', LT: 'LV', LV: 'EE', EE: 'LT', PY: 'UY', UY: 'PY' },
  ...{ AU: 'NZ', NO: 'SE', SE: 'DK', NE: 'NG', GY: 'SR', DM: 'DO', JM: 'BB' },
};

interface Capital {
  readonly country: Country;
  readonly city: string;
  readonly baits: readonly Bait[];
}

interface Bait {
  readonly city: string;
  /** Larger or far better known than the capital. */
  readonly tempting: boolean;
}

type Capitals = ReadonlyMap<string, Capital>;

export async function loadCapitals(): Promise<LoadedSource> {
  const countries = await loadCountries();
  const seats = new Map(
    (await readCities())
      .filter(({ feature }) => feature === 'PPLC')
      .map((city) => [city.country, capitalNow(city.country, city.name)]),
  );
  const capitals = new Map(
    countries.all
      .flatMap((country) => capitalOf(country, seats))
      .map((capital) => [capital.country.code, capital]),
  );
  return {
    statements: [...capitals.values()].flatMap((capital) => statementsOf(capital, countries, capitals)),
    judge({ subject, object }): Ruling | null {
      const capital = capitals.get(subject);
      const seat = seats.get(subject);
      if (!capital || !seat) return null;
      return {
        truth: isSame(subject, object, seat) ? 'FACT' : 'FAKE',
        confidence: 0.97,
        explanation: explain(capital, object, countries, capitals),
        source: { name: 'GeoNames', url: 'https://www.geonames.org/countries/' },
        names: [capital.country.spellings, [object, object.replace(/, D\.C\.$/, '')]],
      };
    },
  };
}

/** Only where both lists and GeoNames mean the same city. */
function capitalOf(country: Country, seats: ReadonlyMap<string, string>): Capital[] {
  const { code } = country;
  const city = WRITTEN_AS[code] ?? country.capital;
  const seat = seats.get(code);
  const other = capitalNow(code, Object.entries(listed).find(([key]) => key === code)?.[1].capital);
  if (!city || !seat || !other || EXCLUDED.has(code)) return [];
  if (!isSame(code, city, other) || !isSame(code, city, seat)) return [];
  const change = newCapital(code);
  const known = [
    ...(change === null || change.renamed ? [] : [`${change.was}*`]),
    ...(capitalBaits[code]?.split(', ') ?? []),
  ];
  const baits = [...new Set(known)].map((bait) => ({
    city: bait.replace('*', ''),
    tempting: bait.endsWith('*'),
  }));
  return [{ country, city, baits }];
}

function isSame(code: string, one: string, other: string): boolean {
  const known = [WRITTEN_AS[code], ...(ALSO_CALLED[code] ?? [])];
  const isKnown = (name: string) =>
    known.some((spelling) => spelling !== undefined && sameName(spelling, name));
  return sameName(one, other) || (isKnown(one) && isKnown(other));
}

function statementsOf(capital: Capital, countries: Countries, capitals: Capitals): Statement[] {
  const { country, city, baits } = capital;
  const tempted = baits.some((bait) => bait.tempting);
  const usual = byFame[country.fame];
  const harder = country.fame === 0 ? 'normal' : 'hard';
  const next = neighbourCapital(capital, countries, capitals);
  const made = { countries, capitals };
  return [
    statement(capital, city, 'capital', tempted ? harder : usual, made),
    ...baits.map((bait) =>
      statement(capital, bait.city, 'capital-bait', bait.tempting ? harder : usual, made),
    ),
    ...(next === null ? [] : [statement(capital, next, 'capital-neighbour', usual, made)]),
  ];
}

function statement(
  capital: Capital,
  said: string,
  kind: string,
  difficulty: Difficulty,
  { countries, capitals }: { countries: Countries; capitals: Capitals },
): Statement {
  const { country } = capital;
  const assertion = assertionOf('capital', country.code, said);
  const templates = [
    `the capital of ${country.inText} is ${said}`,
    `${said} is the capital of ${country.inText}`,
    `${said} is the capital city of ${country.inText}`,
    `the capital city of ${country.inText} is called ${said}`,
  ] as const;
  return {
    factKey: `capital:${country.code}`,
    assertion,
    truth: said === capital.city ? 'FACT' : 'FAKE',
    difficulty,
    kind,
    write: (wording) => ({
      claim: sentence(oneOf(templates, assertion, wording)),
      explanation: explain(capital, said, countries, capitals),
      source: sourceOf(country),
    }),
  };
}

/** The capital people mix it up with, else one next door, else one in the same part of the world. */
function neighbourCapital(capital: Capital, countries: Countries, capitals: Capitals): string | null {
  const { country, city } = capital;
  const mixedUp = MIXED_UP[country.code];
  // Everybody knows where the famous ones are, so they make no plausible fake.
  const modest = countries.all.filter(({ code, fame }) => fame > 0 && !isUnsettled('capital', code, ''));
  const bordering = modest
    .filter((other) => country.neighbours.includes(other.code3))
    .map((other) => other.code);
  const near = modest.filter((other) => other.subregion === country.subregion).map((other) => other.code);
  const pool = mixedUp ? [mixedUp] : bordering.some((code) => capitals.has(code)) ? bordering : near;
  const [first, ...rest] = pool
    .flatMap((code) => capitals.get(code)?.city ?? [])
    .filter((name) => name !== city);
  return first === undefined ? null : oneOf([first, ...rest], `neighbour ${country.code}`);
}

function explain(capital: Capital, said: string, countries: Countries, capitals: Capitals): string {
  const { country, city } = capital;
  const note = newCapital(country.code)?.what ?? capitalNotes[country.code] ?? aside(country, countries);
  const owner = [...capitals.values()].find((other) => other.city === said && other.country !== country);
  const answer = owner
    ? `${said} is the capital of ${owner.country.inText}; that of ${country.inText} is ${city}`
    : said === city
      ? `${city} is the capital of ${country.inText}`
      : `the capital of ${country.inText} is ${city}, not ${said}`;
  return `${sentence(answer)} ${note}`.trim();
}
