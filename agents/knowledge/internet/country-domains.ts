// Which country an internet domain belongs to, and which calling code a country has. Facts:
// `world-countries`; judge: `country-json` for both, kept by other people. Fakes: the code of another country
// with a similar name, and the number next door.

import { z } from 'zod';
import { hash32 } from '../../../core/hash32.ts';
import { readJson } from '../data-file.ts';
import { byFame, type Countries, type Country, loadCountries, sourceOf } from '../geography/countries.ts';
import { aside } from '../geography/neighbours.ts';
import { oneOf, sentence, upperFirst } from '../phrase.ts';
import { type Asserted, assertionOf, type LoadedSource, type Ruling, type Statement } from '../source.ts';

// Domains that got a life of their own.
const DOMAIN_NOTES: Readonly<Record<string, string>> = {
  CO: 'Companies all over the world use it as short for "company".',
  DE: 'For a long time it had more addresses than any other country; the letters stand for Deutschland.',
  DJ: 'Disc jockeys like it.',
  DZ: 'The letters stand for Dzayer, the country in the local tongue.',
  EE: 'The letters stand for Eesti.',
  ES: 'The letters stand for España.',
  FM: 'Radio stations like it.',
  HR: 'The letters stand for Hrvatska.',
  IS: 'Short English sentences end well on it.',
  KH: 'The letters stand for Khmer.',
  LA: 'Los Angeles likes it.',
  LY: 'English words that end in -ly made it popular.',
  ME: 'English speakers read it as a word, and pay for it.',
  MN: 'Some use it for Minnesota.',
  NU: 'It means "now" in Swedish.',
  TO: 'English speakers read it as a word.',
  TV: 'The islands earn a good part of their budget by renting it out to television.',
  WS: 'It was sold as short for "web site".',
};

interface Codes {
  readonly countries: Countries;
  /** By ISO code, as `country-json` has them. */
  readonly domains: ReadonlyMap<string, string>;
  readonly callingCodes: ReadonlyMap<string, string>;
}

export async function loadCountryDomains(): Promise<LoadedSource> {
  const countries = await loadCountries();
  const codes: Codes = { countries, ...(await readSecond(countries)) };
  const { all } = countries;
  const withDomain = all.filter(({ code, domain }) => domain !== null && domain === codes.domains.get(code));
  const withCalling = all.filter(
    // The shared +1 of North America is no code of a country, and the codes of small islands nobody knows.
    ({ code, callingCode, fame }) =>
      callingCode !== null &&
      callingCode === codes.callingCodes.get(code) &&
      !callingCode.startsWith('1') &&
      fame < 2,
  );
  return {
    statements: [
      ...withDomain
        .filter(isWorthAsking)
        .flatMap((country) => domainStatements(country, withDomain, countries)),
      ...withCalling.flatMap((country) => callingStatements(country, withCalling)),
    ],
    judge: (asserted) => judge(asserted, codes),
  };
}

async function readSecond(countries: Countries) {
  const Domains = z.array(z.object({ country: z.string(), tld: z.string().nullable() }));
  const Calling = z.array(
    z.object({ country: z.string(), calling_code: z.union([z.number(), z.string()]).nullable() }),
  );
  const domains = await readJson('country-json/src/country-by-domain-tld.json', Domains);
  const calling = await readJson('country-json/src/country-by-calling-code.json', Calling);
  const codeOf = new Map(countries.all.map((country) => [country.name, country.code]));
  return {
    domains: new Map(domains.map((row) => [codeOf.get(row.country) ?? '', row.tld ?? ''])),
    callingCodes: new Map(
      calling.map((row) => [codeOf.get(row.country) ?? '', String(row.calling_code ?? '')]),
    ),
  };
}

function judge(
  { predicate, subject, object }: Asserted,
  { countries, domains, callingCodes }: Codes,
): Ruling | null {
  const country = countries.byCode.get(subject);
  const found = (predicate === 'domain' ? domains : callingCodes).get(subject);
  if (!country || !found) return null;
  return {
    truth: found === object ? 'FACT' : 'FAKE',
    confidence: 0.95,
    explanation:
      predicate === 'domain'
        ? explainDomain(country, object, countries)
        : explainCalling(country, object, countries),
    source: {
      name: predicate === 'domain' ? 'country-json, internet domains' : 'country-json, calling codes',
      url: 'https://github.com/samayo/country-json',
    },
    names: [country.spellings, [object, object.replace('.', '')]],
  };
}

/** ".ug" for Uganda is no question, unless there is a story to it. */
function isWorthAsking({ code, name, domain }: Country): boolean {
  return code in DOMAIN_NOTES || domain !== `.${name.slice(0, 2).toLowerCase()}`;
}

/** The own domain, and that of another country which the letters of the name suggest. */
function domainStatements(country: Country, all: readonly Country[], countries: Countries): Statement[] {
  const letters = country.name.toLowerCase().replace(/[^a-z]/g, '');
  const suggested = [...letters.slice(1)].map((letter) => `.${letters.charAt(0)}${letter}`);
  const others = all.filter((other) => other !== country && other.domain && suggested.includes(other.domain));
  const order = others.toSorted(
    (one, two) => suggested.indexOf(one.domain ?? '') - suggested.indexOf(two.domain ?? ''),
  );
  return [country, ...order.slice(0, 1)].map((owner) => {
    const domain = owner.domain ?? '';
    const assertion = assertionOf('domain', country.code, domain);
    const templates = [
      `the internet domain ${domain} belongs to ${country.inText}`,
      `web addresses of ${country.inText} end in ${domain}`,
      `on the internet, the country domain of ${country.inText} is ${domain}`,
    ] as const;
    return {
      factKey: `domain:${country.code}`,
      assertion,
      truth: owner === country ? 'FACT' : 'FAKE',
      difficulty: byFame[country.fame],
      kind: 'domain',
      write: (wording) => ({
        claim: sentence(oneOf(templates, assertion, wording)),
        explanation: explainDomain(country, domain, countries),
        source: {
          name: 'IANA, root zone database',
          url: 'https://www.iana.org/domains/root/db',
        },
      }),
    };
  });
}

function explainDomain(country: Country, said: string, countries: Countries): string {
  const owner = countries.all.find((other) => other.domain === said && other !== country);
  const note = DOMAIN_NOTES[(owner ?? country).code] ?? aside(country, countries);
  const taken = owner ? `; ${said} belongs to ${owner.inText}` : '';
  return `${upperFirst(country.inText)} has ${country.domain}${taken}. ${note}`.trim();
}

/** The own code, and those of two neighbours or of the same region. */
function callingStatements(country: Country, all: readonly Country[]): Statement[] {
  const near = all.filter(
    (other) => other.subregion === country.subregion && other.callingCode !== country.callingCode,
  );
  const bordering = near.filter((other) => country.neighbours.includes(other.code3));
  const pool = [...new Set([...bordering, ...near].map((other) => other.callingCode ?? ''))];
  const start = pool.length === 0 ? 0 : hash32(`call ${country.code}`) % Math.min(pool.length, 3);
  const wrong = pool.slice(start, start + 1);
  return [country.callingCode ?? '', ...wrong].map((code) => {
    const assertion = assertionOf('calling-code', country.code, code);
    const templates = [
      `to call ${country.inText} from abroad, you dial +${code}`,
      `phone numbers in ${country.inText} begin with +${code}`,
      `the calling code of ${country.inText} is +${code}`,
    ] as const;
    return {
      factKey: `calling-code:${country.code}`,
      assertion,
      truth: code === country.callingCode ? 'FACT' : 'FAKE',
      difficulty: country.fame === 0 ? 'normal' : 'hard',
      kind: 'calling-code',
      write: (wording) => ({
        claim: sentence(oneOf(templates, assertion, wording)),
        explanation: explainCalling(country, code, { all }),
        source: sourceOf(country),
      }),
    };
  });
}

// The first digit of a calling code tells the part of the world.
const ZONES: Readonly<Record<string, string>> = {
  '2': 'most of Africa',
  '3': 'Europe',
  '4': 'Europe',
  '5': 'Latin America',
  '6': 'South-East Asia and the Pacific',
  '7': 'Russia and Kazakhstan',
  '8': 'East Asia',
  '9': 'the rest of Asia',
};

function explainCalling(country: Country, said: string, { all }: Pick<Countries, 'all'>): string {
  const own = country.callingCode ?? '';
  const owner = all.find((other) => other.callingCode === said && other !== country);
  const taken = said === own || !owner ? '' : `; +${said} is ${owner.inText}`;
  const zone = ZONES[own.charAt(0)] ?? 'other places';
  return `${upperFirst(country.inText)} has +${own}${taken}. The first digit ${own.charAt(0)} stands for ${zone}.`;
}
