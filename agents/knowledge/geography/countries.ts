// The 193 members of the United Nations as `world-countries` describes them, with names that fit into English
// sentences and a rough idea of how well people know them. Shared by all sources about countries. Members
// only, so that no claim takes sides on who is a country.

import { z } from 'zod';
import type { Difficulty, Source } from '../../../core/claim.ts';
import { capitalNow, currenciesNow, languagesNow, neighboursNow } from '../as-of-now.ts';
import { once, readJson } from '../data-file.ts';
import { plain } from '../reading.ts';

/** 0 everybody knows it, 1 most have an idea, 2 few could find it on a map. */
export type Fame = 0 | 1 | 2;

/** How hard a question about a country is, by its fame. */
export const byFame: readonly [Difficulty, Difficulty, Difficulty] = ['easy', 'normal', 'hard'];

export interface Country {
  /** ISO 3166-1: two letters, three letters, three digits. */
  readonly code: string;
  readonly code3: string;
  readonly digits: string;
  /** As the data sets call it, and as it stands in a sentence ("the Netherlands"). */
  readonly name: string;
  readonly inText: string;
  readonly spellings: readonly string[];
  readonly capital: string | null;
  readonly subregion: string;
  readonly landlocked: boolean;
  /** Three-letter codes of members with a common land border, listed by both sides. */
  readonly neighbours: readonly string[];
  readonly areaKm2: number;
  /** ISO 4217 codes. */
  readonly currencies: readonly string[];
  /** Codes of its languages, as short as they come: "pt", "fil". */
  readonly languages: readonly string[];
  readonly domain: string | null;
  readonly callingCode: string | null;
  readonly fame: Fame;
}

export interface Countries {
  readonly all: readonly Country[];
  readonly byCode: ReadonlyMap<string, Country>;
  readonly byCode3: ReadonlyMap<string, Country>;
}

const Entry = z.object({
  name: z.object({ common: z.string(), official: z.string() }),
  cca2: z.string(),
  cca3: z.string(),
  ccn3: z.string(),
  unMember: z.boolean(),
  capital: z.array(z.string()),
  subregion: z.string(),
  landlocked: z.boolean(),
  borders: z.array(z.string()),
  area: z.number(),
  currencies: z.union([z.record(z.string(), z.unknown()), z.array(z.never())]),
  languages: z.union([z.record(z.string(), z.string()), z.array(z.never())]),
  tld: z.array(z.string()),
  idd: z.object({ root: z.string().optional(), suffixes: z.array(z.string()).optional() }),
});
type Entry = z.infer<typeof Entry>;

// Names as people write them, where the data set's own does not read well.
const OTHER_NAMES: Readonly<Record<string, string>> = {
  CD: 'Democratic Republic of the Congo',
  CG: 'Republic of the Congo',
  FM: 'Federated States of Micronesia',
  GE: 'country of Georgia',
  // The United Nations write Türkiye; players know the other name.
  TR: 'Turkey',
};

const WITH_THE = new Set(
  'AE BS CD CF CG DO FM GB GE GM KM MH MV NL PH SB US'.split(' '), // "the Netherlands", "the Gambia"
);

const WELL_KNOWN = new Set(
  (
    'AE AR AT AU BE BR CA CH CL CN CO CU CZ DE DK EG ES FI FR GB GR HU ID IE IL IN IQ IR IS IT JM JP KE KP KR ' +
    'MA MX NL NO NZ PE PH PK PL PT RO RU SA SE SG TH TR UA US VE VN ZA'
  ).split(' '),
);

const LITTLE_KNOWN = new Set(
  (
    'AG BB BF BI BJ BN BT CF CG CV DJ DM ER FM GA GD GM GN GQ GW GY KG KI KM KN LC LR LS MH MR MU MW NE NR PG ' +
    'PW SB SC SL SM SR ST SV SZ TD TG TJ TL TM TO TV VC VU WS BH BZ LA LI MD ME MK NA'
  ).split(' '),
);

export const loadCountries = once(async (): Promise<Countries> => {
  const entries = (await readJson('world-countries/countries.json', z.array(Entry))).filter(
    // An observer, which the data set counts as a member.
    (entry) => entry.unMember && entry.cca2 !== 'VA',
  );
  const borders = new Map(entries.map(({ cca3, borders: all }) => [cca3, new Set(neighboursNow(cca3, all))]));
  const all = entries.map((entry) => countryOf(entry, borders));
  return {
    all,
    byCode: new Map(all.map((country) => [country.code, country])),
    byCode3: new Map(all.map((country) => [country.code3, country])),
  };
});

function countryOf(entry: Entry, borders: ReadonlyMap<string, ReadonlySet<string>>): Country {
  const code = entry.cca2;
  const name = OTHER_NAMES[code] ?? entry.name.common;
  return {
    code,
    code3: entry.cca3,
    digits: entry.ccn3,
    name: entry.name.common,
    inText: WITH_THE.has(code) ? `the ${name}` : name,
    spellings: [name, entry.name.common, entry.name.official],
    capital: capitalNow(code, entry.capital[0] ?? null),
    subregion: entry.subregion,
    landlocked: entry.landlocked,
    neighbours: [...(borders.get(entry.cca3) ?? [])].filter((other) => borders.get(other)?.has(entry.cca3)),
    areaKm2: entry.area,
    currencies: currenciesNow(code, Object.keys(entry.currencies)),
    languages: languagesNow(code, Object.keys(entry.languages).map(shortCode)),
    domain: entry.tld[0] ?? null,
    callingCode: callingCode(entry),
    fame: WELL_KNOWN.has(code) ? 0 : LITTLE_KNOWN.has(code) ? 2 : 1,
  };
}

/** ISO 639-3 to the code that is in use: "por" to "pt". */
function shortCode(code: string): string {
  return Intl.getCanonicalLocales(code)[0] ?? code;
}

/** Digits after the plus sign; null where a country has several or shares one. */
function callingCode({ idd }: Entry): string | null {
  const [suffix, ...others] = idd.suffixes ?? [];
  return idd.root && suffix !== undefined && others.length === 0 ? `${idd.root}${suffix}`.slice(1) : null;
}

/** Whether two names are one name in other letters: "Sana'a" and "Sanaa", "Bogotá" and "Bogota". */
export function sameName(one: string, other: string): boolean {
  const letters = (text: string) => plain(text).replace(/[^a-z]/g, '');
  return letters(one) === letters(other);
}

/** The source of a claim about a country: the data set, and a page for people. */
export function sourceOf(country: Country): Source {
  const pages: Readonly<Record<string, string>> = { GE: 'Georgia (country)', IE: 'Republic of Ireland' };
  const page = pages[country.code] ?? country.name;
  return {
    name: `world-countries; read on at Wikipedia: ${page}`,
    url: `https://en.wikipedia.org/wiki/${encodeURI(page.replaceAll(' ', '_'))}`,
  };
}
