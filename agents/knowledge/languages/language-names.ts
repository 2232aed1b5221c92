// Names of languages in English, and which of them three lists call official where. Shared by the sources
// about languages.

import { countries as listed } from 'countries-list';
import { z } from 'zod';
import { languagesNow } from '../as-of-now.ts';
import { readJson } from '../data-file.ts';

// What Unicode calls otherwise than most people do.
const USUAL_NAMES: Readonly<Record<string, string>> = {
  bn: 'Bengali',
  dv: 'Maldivian',
  fa: 'Persian',
  fil: 'Filipino',
  ny: 'Chichewa',
  rn: 'Kirundi',
  st: 'Sotho',
  tzm: 'Tamazight',
};

const display = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' });

/** "Portuguese" for "pt"; null for a code without a name. */
export function languageName(code: string): string | null {
  return USUAL_NAMES[code] ?? display.of(code) ?? null;
}

const Territory = z.object({
  languagePopulation: z
    .record(
      z.string(),
      z.object({ _officialStatus: z.string().optional(), _populationPercent: z.string().optional() }),
    )
    .optional(),
});
const File = z.object({ supplemental: z.object({ territoryInfo: z.record(z.string(), Territory) }) });

export interface Spoken {
  /** Official by law in the whole country. */
  readonly official: ReadonlySet<string>;
  /** Official in any way or part, or spoken by more than a few. */
  readonly known: ReadonlySet<string>;
}

// A language of so many per cent of the people is no plausible fake: it may well be used by offices.
const SPOKEN_MIN_PERCENT = 10;

/** By ISO code of the country, as Unicode CLDR has it. */
export async function readSpoken(): Promise<ReadonlyMap<string, Spoken>> {
  const { territoryInfo } = (await readJson('cldr-core/supplemental/territoryInfo.json', File)).supplemental;
  return new Map(
    Object.entries(territoryInfo).map(([country, { languagePopulation }]) => {
      const languages = Object.entries(languagePopulation ?? {}).map(([code, facts]) => ({
        code: code.split('_')[0] ?? code,
        status: facts._officialStatus,
        percent: Number(facts._populationPercent ?? 0),
      }));
      const official = languages.filter(({ status }) => status === 'official').map(({ code }) => code);
      const known = languages.filter(({ status, percent }) => status || percent >= SPOKEN_MIN_PERCENT);
      return [
        country,
        { official: new Set(languagesNow(country, official)), known: new Set(known.map(({ code }) => code)) },
      ];
    }),
  );
}

/** Codes that `countries-list` gives for a country. */
export function listedLanguages(country: string): readonly string[] {
  return Object.entries(listed).find(([code]) => code === country)?.[1].languages ?? [];
}
