// Official languages of countries. Facts: `world-countries` where `countries-list` agrees; judge: Unicode
// CLDR's legal status. Fakes: a language next door, or the one that people presume; never one that any list
// mentions.

import { hash32 } from '../../../core/hash32.ts';
import { isUnsettled, languagesGivenUp, languagesNow, newLanguage } from '../as-of-now.ts';
import { byFame, type Countries, type Country, loadCountries, sourceOf } from '../geography/countries.ts';
import { listOf, oneOf, sentence } from '../phrase.ts';
import { type Asserted, assertionOf, type LoadedSource, type Ruling, type Statement } from '../source.ts';
import { languageName, listedLanguages, readSpoken, type Spoken } from './language-names.ts';

// No claim about these: no law names an official language, or one language goes by several names.
const EXCLUDED: ReadonlySet<string> = new Set([
  ...['AU', 'ER', 'MU', 'MX'],
  ...['NO', 'RS', 'ME', 'BA'], // one language under several names
]);

// What people presume, in countries whose history or neighbours suggest it.
const PRESUMED: Readonly<Record<string, readonly string[]>> = {
  ...{ BR: ['es'], AR: ['pt'], CL: ['pt'], UY: ['pt'], CO: ['pt'], BO: ['pt'], VE: ['pt'] },
  ...{ SR: ['en', 'es'], GY: ['es', 'nl'], HT: ['es'], CU: ['en'], JM: ['es'], TT: ['es'], BB: ['fr'] },
  ...{ MZ: ['en'], AO: ['en', 'es'], GW: ['fr'], CV: ['es'], ST: ['fr'], GQ: ['en'], TL: ['es'] },
  ...{
    EG: ['en'],
    ET: ['it', 'en'],
    LY: ['it'],
    SO: ['it'],
    CD: ['nl', 'pt'],
    TG: ['de'],
    GH: ['fr'],
    GM: ['fr'],
  },
  ...{ IR: ['ar'], TR: ['ar'], AF: ['ar'], PK: ['ar'], ID: ['nl', 'en'], PH: ['es'], VN: ['fr'], KH: ['fr'] },
  ...{ LA: ['fr'], MM: ['en'], TH: ['en'], NP: ['hi'], BT: ['hi'], MV: ['hi'], MN: ['ru', 'zh'], JP: ['zh'] },
  ...{
    EE: ['ru'],
    LV: ['ru'],
    LT: ['ru'],
    GE: ['ru'],
    AM: ['tr'],
    AZ: ['tr'],
    HU: ['de'],
    CZ: ['de'],
    PL: ['ru'],
  },
  ...{ IS: ['da'], FI: ['ru'], MT: ['it'], LU: ['nl'], BE: ['en'], CH: ['en'], AT: ['it'], IT: ['es'] },
  ...{ IE: ['gd'], NL: ['de'], SE: ['da'], PT: ['es'], ES: ['pt'], FR: ['en'], GR: ['tr'], BG: ['ru'] },
};
// Languages that reach across borders. Others may be official in a district of the neighbour without any list
// of countries saying so, as Swahili is in Rwanda and German in South Tyrol.
const FAR_REACHING: ReadonlySet<string> = new Set(['ar', 'en', 'es', 'fr', 'pt']);
// Official on an island or coast, or in use at court.
const IN_DOUBT: ReadonlySet<string> = new Set([
  'BD en',
  'CO en',
  'CR en',
  'HN en',
  'LK en',
  'NI en',
  'SS ar',
]);

interface Tongues {
  readonly countries: Countries;
  readonly spoken: ReadonlyMap<string, Spoken>;
  /** By country: official in both lists and in CLDR. */
  readonly agreed: ReadonlyMap<string, readonly string[]>;
}

export async function loadOfficialLanguages(): Promise<LoadedSource> {
  const [countries, spoken] = [await loadCountries(), await readSpoken()];
  const agreed = new Map(countries.all.map((country) => [country.code, officialIn(country, spoken)]));
  const tongues: Tongues = { countries, spoken, agreed };
  return {
    statements: tongues.countries.all.flatMap((country) => statementsOf(country, tongues)),
    judge: (asserted) => judge(asserted, tongues),
  };
}

function judge({ subject, object }: Asserted, tongues: Tongues): Ruling | null {
  const country = tongues.countries.byCode.get(subject);
  const spoken = tongues.spoken.get(subject);
  const name = languageName(object);
  if (!country || !spoken || !name || EXCLUDED.has(subject)) return null;
  return {
    truth: spoken.official.has(object) ? 'FACT' : 'FAKE',
    confidence: 0.92,
    explanation: explain(country, object, tongues),
    source: { name: 'Unicode CLDR, status of languages', url: 'https://cldr.unicode.org/' },
    names: [country.spellings, [name]],
  };
}

function officialIn(country: Country, spoken: ReadonlyMap<string, Spoken>): string[] {
  const alsoListed = languagesNow(country.code, listedLanguages(country.code));
  const legal = spoken.get(country.code)?.official;
  if (EXCLUDED.has(country.code)) return [];
  return country.languages.filter(
    (code) => alsoListed.includes(code) && legal?.has(code) && languageName(code),
  );
}

function statementsOf(country: Country, tongues: Tongues): Statement[] {
  const official = tongues.agreed.get(country.code) ?? [];
  const gone = languagesGivenUp(country.code);
  if (official.length === 0 && gone.length === 0) return [];
  // "French in France" is no question.
  const facts = official.filter((code) => !soundsLike(languageName(code) ?? '', country.name));
  const fakes = gone.length > 0 ? gone : expected(country, tongues);
  return [...facts, ...fakes].map((code) => statement(country, code, tongues));
}

function soundsLike(language: string, country: string): boolean {
  return (
    language.slice(0, 2) === country.slice(0, 2) ||
    country.toLowerCase().includes(language.slice(0, 4).toLowerCase())
  );
}

/** Up to two languages that no list mentions for the country: presumed ones first, then those next door. */
function expected(country: Country, tongues: Tongues): string[] {
  const mentioned = new Set([
    ...country.languages,
    ...listedLanguages(country.code),
    ...(tongues.spoken.get(country.code)?.known ?? []),
  ]);
  // Where colonial borders drew a line between two of them, people do get it wrong.
  const drawn = /Africa|America|Caribbean/.test(country.subregion) ? country.neighbours : [];
  const bordering = drawn.flatMap((code3) => tongues.countries.byCode3.get(code3) ?? []);
  const around = bordering
    .flatMap((other) => tongues.agreed.get(other.code) ?? [])
    .filter((code) => FAR_REACHING.has(code));
  const start = around.length === 0 ? 0 : hash32(`language ${country.code}`) % around.length;
  const candidates = [...(PRESUMED[country.code] ?? []), ...around.slice(start), ...around.slice(0, start)];
  return [...new Set(candidates)]
    .filter((code) => !mentioned.has(code) && languageName(code) && !IN_DOUBT.has(`${country.code} ${code}`))
    .slice(0, 2);
}

function statement(country: Country, code: string, tongues: Tongues): Statement {
  const language = languageName(code) ?? code;
  const assertion = assertionOf('official-language', country.code, code);
  const templates = [
    `${language} is an official language of ${country.inText}`,
    `in ${country.inText}, ${language} has the status of an official language`,
    `${language} has the rank of an official language in ${country.inText}`,
    `${country.inText} has ${language} as an official language`,
  ] as const;
  const truth = tongues.agreed.get(country.code)?.includes(code) ? 'FACT' : 'FAKE';
  return {
    factKey: `official-language:${country.code}:${code}`,
    assertion,
    truth,
    difficulty: byFame[country.fame],
    kind: 'official-language',
    write: (wording) => ({
      claim: sentence(oneOf(templates, assertion, wording)),
      explanation: explain(country, code, tongues),
      source: sourceOf(country),
    }),
  };
}

function explain(country: Country, code: string, tongues: Tongues): string {
  const language = languageName(code) ?? code;
  const official = tongues.agreed.get(country.code) ?? [];
  const others = official.filter((other) => other !== code).map((other) => languageName(other) ?? other);
  const homes = tongues.countries.all.filter(
    (other) =>
      other !== country &&
      tongues.agreed.get(other.code)?.includes(code) &&
      !isUnsettled('official-language', other.code, code),
  );
  const known = homes.toSorted((one, two) => one.fame - two.fame).map((other) => other.inText);
  const among = known.length > 3 ? `${known.slice(0, 3).join(', ')} and others` : listOf(known);
  const change = newLanguage(country.code, code);
  if (change !== null) return change.what;
  // A list that looks complete and is not would teach what is wrong.
  const listed = languagesNow(country.code, [...country.languages, ...listedLanguages(country.code)]);
  if (listed.some((other) => other !== code && !official.includes(other))) others.push('others');
  if (!official.includes(code)) {
    const verb = others.length === 1 && others[0] !== 'others' ? 'is' : 'are';
    return `In ${country.inText}, ${listOf(others)} ${verb} official. ${known.length > 0 ? `${language} is official in ${among}.` : ''}`.trim();
  }
  const beside = others.length === 0 ? '' : `, beside ${listOf(others)}`;
  const elsewhere = known.length === 0 ? '' : ` It has the same rank in ${among}.`;
  return `In ${country.inText}, ${language} is official${beside}.${elsewhere}`;
}
