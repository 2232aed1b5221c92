// The money of countries, by the name of its unit. Facts: `world-countries` where `countries-list` agrees;
// judge: what Unicode CLDR records as legal tender today. Fakes: the money next door, the euro where one
// expects it, and money that has been given up.

import { countries as listed } from 'countries-list';
import type { Difficulty } from '../../../core/claim.ts';
import { hash32 } from '../../../core/hash32.ts';
import { currenciesNow, newBorder, newCurrency } from '../as-of-now.ts';
import { byFame, type Countries, type Country, loadCountries, sourceOf } from '../geography/countries.ts';
import { oneOf, sentence } from '../phrase.ts';
import { type Asserted, assertionOf, type LoadedSource, type Ruling, type Statement } from '../source.ts';
import { loadTender, type Tender } from './currency-history.ts';
import { givenUp, units } from './currency-units.ts';

// Units of account in the lists that nobody pays with.
const FUNDS = new Set(['BOV', 'CHE', 'CHW', 'CLF', 'SVC', 'USN', 'UYI']);
// Names whose adjective is dropped at home ("dollar"), but needed where the money is a foreign one.
const AT_HOME: Readonly<Record<string, string>> = { USD: 'US', AUD: 'AU', CHF: 'CH' };

const FOREIGN_HOMES: Readonly<Record<string, string>> = {
  'US dollar': 'the United States',
  'Australian dollar': 'Australia',
  'Swiss franc': 'Switzerland',
  'East Caribbean dollar': 'some of the smaller islands of the Caribbean',
  'CFA franc': 'many West and Central African countries',
  euro: 'most of the European Union',
};
// Whose money everybody knows.
const TOO_KNOWN = new Set(['US', 'GB']);

interface Money {
  readonly country: Country;
  readonly code: string;
  readonly unit: string;
}

interface Purses {
  readonly countries: Countries;
  readonly byCountry: ReadonlyMap<string, Money>;
  readonly tender: ReadonlyMap<string, readonly Tender[]>;
}

export async function loadCurrencies(): Promise<LoadedSource> {
  const [countries, tender] = [await loadCountries(), await loadTender()];
  const all = countries.all.flatMap((country) => moneyOf(country, tender));
  const purses: Purses = {
    countries,
    tender,
    byCountry: new Map(all.map((money) => [money.country.code, money])),
  };
  return {
    statements: all.flatMap((money) => statementsOf(money, purses)),
    judge: (asserted) => judge(asserted, purses),
  };
}

function judge({ subject, object }: Asserted, purses: Purses): Ruling | null {
  const money = purses.byCountry.get(subject);
  if (!money) return null;
  const current = (purses.tender.get(subject) ?? []).filter((tender) => tender.to === null);
  return {
    truth: current.some((tender) => unitIn(tender.code, subject) === object) ? 'FACT' : 'FAKE',
    confidence: 0.95,
    explanation: explain(money, object, purses),
    source: { name: 'Unicode CLDR, currencies by region', url: 'https://cldr.unicode.org/' },
    names: [money.country.spellings, [object, `${object}s`]],
  };
}

/** Only countries with a single money on which both lists and CLDR agree; some lists are years behind. */
function moneyOf(country: Country, tender: ReadonlyMap<string, readonly Tender[]>): Money[] {
  const other = Object.entries(listed).find(([code]) => code === country.code)?.[1].currency ?? [];
  const usual = currenciesNow(country.code, other).filter((code) => !FUNDS.has(code));
  const current = (tender.get(country.code) ?? []).filter((period) => period.to === null);
  const [code] = country.currencies;
  const single = country.currencies.length === 1 && usual.length === 1 && current.length === 1;
  if (!single || code === undefined || code !== usual[0] || code !== current[0]?.code) return [];
  const unit = unitIn(code, country.code);
  return unit === null || TOO_KNOWN.has(country.code) ? [] : [{ country, code, unit }];
}

function unitIn(code: string, country: string): string | null {
  const unit = units[code]?.unit ?? null;
  return AT_HOME[code] === country && unit !== null ? (unit.split(' ').at(-1) ?? unit) : unit;
}

function statementsOf(money: Money, purses: Purses): Statement[] {
  const { country, unit } = money;
  const usual = byFame[country.fame];
  const old = oldUnitOf(country.code);
  const others = old === undefined ? expected(money, purses) : [old];
  return [unit, ...others].map((said) => statement(money, said, usual, purses));
}

/** What people paid with before. */
function oldUnitOf(country: string): string | undefined {
  return givenUp[country]?.unit ?? newCurrency(country)?.oldUnit ?? undefined;
}

/** Up to two other units that one would expect there: of the countries next door, else of the same region. */
function expected({ country, unit, code }: Money, { countries, byCountry }: Purses): string[] {
  const bordering = country.neighbours
    .flatMap((code3) => countries.byCode3.get(code3) ?? [])
    .filter((other) => newBorder(country.code, other.code) === null);
  const near = countries.all.filter((other) => other.subregion === country.subregion);
  const candidates = [...bordering, ...near].flatMap((other) => byCountry.get(other.code) ?? []);
  const different = candidates.filter((other) => kinOf(other.unit, other.code) !== kinOf(unit, code));
  const others = [...new Set(different.map((other) => other.unit))];
  const start = others.length === 0 ? 0 : hash32(`money ${country.code}`) % Math.min(others.length, 3);
  return [...others.slice(start), ...others.slice(0, start)].slice(0, 2);
}

/** "dollar" is no fake where one pays in East Caribbean dollars, nor "riyal" where one pays in rials. */
function kinOf(unit: string, code: string): string {
  return units[code]?.kin ?? unit.split(' ').at(-1) ?? unit;
}

function statement(money: Money, said: string, difficulty: Difficulty, purses: Purses): Statement {
  const { country, unit } = money;
  const assertion = assertionOf('currency', country.code, said);
  const templates = [
    `the official currency of ${country.inText} is the ${said}`,
    `the ${said} is the official currency of ${country.inText}`,
    `in ${country.inText}, the official money is the ${said}`,
    `prices in ${country.inText} are set in the official currency, the ${said}`,
  ] as const;
  return {
    factKey: `currency:${country.code}`,
    assertion,
    truth: said === unit ? 'FACT' : 'FAKE',
    difficulty,
    kind: 'currency',
    write: (wording) => ({
      claim: sentence(oneOf(templates, assertion, wording)),
      explanation: explain(money, said, purses),
      source: sourceOf(country),
    }),
  };
}

function explain({ country, code, unit }: Money, said: string, { byCountry }: Purses): string {
  const notes = units[code]?.notes;
  const note = notes ? oneOf(notes, country.code) : '';
  const here = `in ${country.inText} one pays with the ${unit}`;
  const change = newCurrency(country.code);
  if (change !== null) return `${sentence(here)} ${change.what}`;
  if (said === unit) return `${sentence(here)} ${note}`.trim();
  if (oldUnitOf(country.code) === said) return `The ${said} is history; ${here}. ${note}`.trim();
  const owners = [...byCountry.values()].filter((money) => money.unit === said).map((money) => money.country);
  const [home] = owners.toSorted((one, two) => distance(one, country) - distance(two, country));
  const where = FOREIGN_HOMES[said] ?? home?.inText;
  return `${where ? `The ${said} is the money of ${where}; ${here}.` : sentence(here)} ${note}`.trim();
}

/** Next door, in the same region, elsewhere; among those, the better known first. */
function distance(one: Country, other: Country): number {
  const near = other.neighbours.includes(one.code3) ? 0 : one.subregion === other.subregion ? 10 : 20;
  return near + one.fame;
}
