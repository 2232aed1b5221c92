// Our own tables against the data sets: every bait is a real city, every note has its country, every given-up
// currency really ended, and the exclusions keep disputed matters out.

import { describe, expect, it } from 'vitest';
import { catalogue } from '../../../agents/knowledge/catalogue.ts';
import { elementNotes } from '../../../agents/knowledge/chemistry/element-notes.ts';
import { loadElements } from '../../../agents/knowledge/chemistry/periodic-table.ts';
import { capitalBaits } from '../../../agents/knowledge/geography/capital-baits.ts';
import { capitalNotes } from '../../../agents/knowledge/geography/capital-notes.ts';
import { loadCountries, sameName } from '../../../agents/knowledge/geography/countries.ts';
import { readCities } from '../../../agents/knowledge/geography/geonames.ts';
import { loadShapes } from '../../../agents/knowledge/geography/natural-earth.ts';
import { loadTender } from '../../../agents/knowledge/money/currency-history.ts';
import { givenUp, units } from '../../../agents/knowledge/money/currency-units.ts';

const statementsOf = async (name: string) => {
  const source = catalogue.find((entry) => entry.name === name);
  if (!source) throw new Error(`no source ${name}`);
  return (await source.load()).statements;
};

// What GeoNames writes for some of our baits.
const LOCAL_NAMES: Readonly<Record<string, string>> = {
  Mutsamudu: 'Moutsamoudou',
  Fez: 'Fès',
  'Cap-Haïtien': 'Okap',
  'New York': 'New York City',
  Muharraq: 'Al Muharraq',
  Basra: 'Basrah',
  Karaganda: 'Karagandy',
  'Addu City': 'Hithadhoo',
  Baucau: 'Baukau',
  Antwerp: 'Antwerpen',
  Bruges: 'Brugge',
  Gomel: "Homyel'",
  Frankfurt: 'Frankfurt am Main',
  Aarhus: 'Århus',
  Seville: 'Sevilla',
  Mdina: 'Imdina',
  Gothenburg: 'Göteborg',
  Odesa: 'Odessa',
};

describe('capitals', () => {
  it('are tempted by real cities of the country that are not its capital', async () => {
    const cities = Map.groupBy(await readCities(() => true), (city) => city.country);
    const wrong = Object.entries(capitalBaits).flatMap(([code, baits]) =>
      baits.split(', ').filter((bait) => {
        const name = bait.replace('*', '');
        const found = (cities.get(code) ?? []).filter((city) =>
          sameName(city.name, LOCAL_NAMES[name] ?? name),
        );
        return found.length === 0 || found.some((city) => city.feature === 'PPLC');
      }),
    );
    expect(wrong).toEqual([]);
  });

  it('have notes only for countries about which claims are made', async () => {
    const asked = new Set((await statementsOf('capitals')).map(({ factKey }) => factKey.split(':')[1]));
    const codes = [...Object.keys(capitalNotes), ...Object.keys(capitalBaits)];
    expect(codes.filter((code) => !asked.has(code))).toEqual([]);
  });

  it('are not asked where the seat is disputed, shared or moving', async () => {
    const asked = new Set((await statementsOf('capitals')).map(({ factKey }) => factKey));
    for (const code of ['IL', 'BO', 'ZA', 'LK', 'ID', 'YE', 'NR'])
      expect(asked).not.toContain(`capital:${code}`);
    expect(asked.size).toBeGreaterThan(150);
  });
});

describe('borders', () => {
  it('leave out what depends on overseas or disputed land', async () => {
    const keys = (await statementsOf('borders')).map(({ factKey }) => factKey);
    expect(keys.filter((key) => /\b(FR|MA|IL|CY|RS)\b/.test(key))).toEqual([]);
    expect(keys).not.toContain('border:AF~IN');
    expect(keys).toContain('border:KP~RU');
  });

  it('measure countries on the sphere: outlines enclose what the land registers say', async () => {
    const [{ byCode }, shapes] = [await loadCountries(), await loadShapes()];
    for (const code of ['DE', 'BR', 'MN', 'KE', 'BO']) {
      const country = byCode.get(code);
      const ratio = (shapes.areaKm2(country?.digits ?? '') ?? 0) / (country?.areaKm2 ?? 1);
      expect(ratio).toBeGreaterThan(0.97);
      expect(ratio).toBeLessThan(1.03);
    }
  });
});

describe('currencies', () => {
  it('that are told as given up are no legal tender any more', async () => {
    const tender = await loadTender();
    for (const [country, { code }] of Object.entries(givenUp)) {
      const period = tender.get(country)?.find((entry) => entry.code === code);
      expect(period?.to, `${country} ${code}`).not.toBeNull();
      expect(period, `${country} ${code}`).toBeDefined();
    }
  });

  it('have a unit for every country whose lists agree', async () => {
    const asked = new Set((await statementsOf('currencies')).map(({ factKey }) => factKey.split(':')[1]));
    const tender = await loadTender();
    const missing = (await loadCountries()).all.filter(({ code, currencies }) => {
      const current = (tender.get(code) ?? []).filter(({ to }) => to === null).map((entry) => entry.code);
      const single = currencies.length === 1 && current.length === 1 && currencies[0] === current[0];
      return single && !asked.has(code) && !(currencies[0] && currencies[0] in units);
    });
    expect(missing.map(({ code }) => code)).toEqual([]);
  });
});

describe('elements', () => {
  it('have a note each', async () => {
    const symbols = (await loadElements()).map(({ symbol }) => symbol);
    expect(symbols).toHaveLength(118);
    expect(symbols.filter((symbol) => !elementNotes[symbol])).toEqual([]);
  });
});
