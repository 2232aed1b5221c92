// Since when the later members of the euro have used it. Facts: our own table of the dates set by the
// European Union; judge: the periods of legal tender in Unicode CLDR. The founders are left out: for them
// 1999 (accounts) and 2002 (coins) are both right answers.

import { loadCountries } from '../geography/countries.ts';
import { oneOf, sentence } from '../phrase.ts';
import { assertionOf, type LoadedSource, type Ruling } from '../source.ts';
import { loadTender } from './currency-history.ts';

const SINCE: Readonly<Record<string, number>> = {
  SI: 2007,
  CY: 2008,
  MT: 2008,
  SK: 2009,
  EE: 2011,
  LV: 2014,
  LT: 2015,
  HR: 2023,
  BG: 2026,
};
const SHIFTS = [-3, -1, 0, 2] as const;
const NOTE =
  'Every member but Denmark is bound to join one day; a country must keep its prices steady first.';

export async function loadEuro(): Promise<LoadedSource> {
  const [{ byCode }, tender] = [await loadCountries(), await loadTender()];
  const explain = (name: string, code: string) =>
    sentence(`${name} has used the euro since 1 January ${SINCE[code]}`);
  const statements = Object.entries(SINCE).flatMap(([code, since]) =>
    SHIFTS.map((shift) => {
      const name = byCode.get(code)?.inText ?? code;
      const year = since + shift;
      const assertion = assertionOf('euro-since', code, String(year));
      const templates = [
        `${name} introduced the euro in ${year}`,
        `the euro replaced the old money of ${name} in ${year}`,
        `${name} joined the euro area in ${year}`,
      ] as const;
      return {
        factKey: `euro-since:${code}`,
        assertion,
        truth: shift === 0 ? ('FACT' as const) : ('FAKE' as const),
        difficulty: Math.abs(shift) > 2 ? ('normal' as const) : ('hard' as const),
        kind: 'euro-since',
        write: (wording?: number) => ({
          claim: sentence(oneOf(templates, assertion, wording)),
          explanation: `${explain(name, code)} ${NOTE}`,
          source: {
            name: 'European Commission, countries using the euro',
            url: 'https://economy-finance.ec.europa.eu/euro_en',
          },
        }),
      };
    }),
  );
  return {
    statements,
    judge({ subject, object }): Ruling | null {
      const country = byCode.get(subject);
      const from = tender
        .get(subject)
        ?.find((period) => period.code === 'EUR')
        ?.from?.slice(0, 4);
      if (!country || from === undefined || !(subject in SINCE)) return null;
      return {
        truth: from === object ? 'FACT' : 'FAKE',
        confidence: 0.96,
        explanation: `${explain(country.inText, subject)} ${NOTE}`,
        source: { name: 'Unicode CLDR, currencies by region', url: 'https://cldr.unicode.org/' },
        names: [country.spellings, [object]],
      };
    },
  };
}
