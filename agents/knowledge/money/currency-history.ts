// Which money is, or was, legal tender where: the dated records of Unicode CLDR. Second source for the claims
// about currencies and the euro.

import { z } from 'zod';
import { newCurrency } from '../as-of-now.ts';
import { once, readJson } from '../data-file.ts';

export interface Tender {
  readonly code: string;
  /** ISO dates; null: unknown, or still in use. */
  readonly from: string | null;
  readonly to: string | null;
}

const Period = z.object({
  _from: z.string().optional(),
  _to: z.string().optional(),
  _tender: z.string().optional(),
});
const File = z.object({
  supplemental: z.object({
    currencyData: z.object({ region: z.record(z.string(), z.array(z.record(z.string(), Period))) }),
  }),
});

/** By ISO code of the country. Units of account that nobody pays with are left out. */
export const loadTender = once(async (): Promise<ReadonlyMap<string, readonly Tender[]>> => {
  const file = await readJson('cldr-core/supplemental/currencyData.json', File);
  const regions = Object.entries(file.supplemental.currencyData.region);
  return new Map(
    regions.map(([country, periods]) => [
      country,
      periods
        .flatMap((period) => Object.entries(period))
        .filter(([, period]) => period._tender !== 'false')
        .map(([code, period]) => ({ code, from: period._from ?? null, to: period._to ?? null }))
        .map((tender) => endedBy(newCurrency(country), tender)),
    ]),
  );
});

/** What CLDR has not heard of yet: the old money ends when the new one begins. */
function endedBy(change: ReturnType<typeof newCurrency>, tender: Tender): Tender {
  return tender.code === change?.was && tender.to === null ? { ...tender, to: change.since } : tender;
}
