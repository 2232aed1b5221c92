// In which of two countries more people live. Facts: Unicode CLDR, which takes recent estimates; judge: the
// figures of `country-json`, some years older. Both must say the same by a wide margin, so that no census
// turns a fact round.

import { z } from 'zod';
import type { Difficulty } from '../../../core/claim.ts';
import { compared, pairsOf, type Side } from '../comparison.ts';
import { readJson } from '../data-file.ts';
import { roughly, upperFirst } from '../phrase.ts';
import type { LoadedSource, Ruling, Statement } from '../source.ts';
import { type Countries, type Country, loadCountries } from './countries.ts';

const RATIO_MIN = 1.3;
const RATIO_MAX = 2.4;
// For a pair in which the land misleads, less of a margin makes a better question.
const SURPRISE_RATIO_MIN = 1.15;
const SURPRISE_AREA_MIN = 5;
const PEOPLE_MIN = 300_000;
// In the years between the two a people may grow by so much, and hardly shrink: more is war, flight, or
// guests that one of them does not count.
const GROWN_MAX = 0.25;
const SHRUNK_MAX = 0.12;

interface People extends Side {
  readonly country: Country;
  /** By CLDR, and by `country-json`. */
  readonly people: number;
  readonly before: number;
}

export async function loadPopulations(): Promise<LoadedSource> {
  const nations = await readPeople(await loadCountries());
  const byCode = new Map(nations.map((nation) => [nation.key, nation]));
  return {
    statements: pairsOf(nations).flatMap((pair) => statements(...pair)),
    judge({ subject, object }): Ruling | null {
      const [first, second] = [byCode.get(subject), byCode.get(object)];
      if (!first || !second) return null;
      return {
        truth: first.before > second.before ? 'FACT' : 'FAKE',
        confidence: 0.93,
        explanation: explain(first, second),
        source: {
          name: 'country-json, population by country',
          url: 'https://github.com/samayo/country-json',
        },
        names: [first.country.spellings, second.country.spellings],
        ordered: true,
      };
    },
  };
}

async function readPeople({ all }: Countries): Promise<People[]> {
  const Territories = z.record(z.string(), z.object({ _population: z.string().optional() }));
  const File = z.object({ supplemental: z.object({ territoryInfo: Territories }) });
  const { territoryInfo } = (await readJson('cldr-core/supplemental/territoryInfo.json', File)).supplemental;
  const Rows = z.array(z.object({ country: z.string(), population: z.number().nullable() }));
  const rows = await readJson('country-json/src/country-by-population.json', Rows);
  const before = new Map(rows.map((row) => [row.country, row.population]));
  return all.flatMap((country): People[] => {
    const people = Number(territoryInfo[country.code]?._population ?? 0);
    const older = before.get(country.name) ?? 0;
    const grown = people / older - 1;
    if (people < PEOPLE_MIN || older === 0 || grown > GROWN_MAX || grown < -SHRUNK_MAX) return [];
    return [{ key: country.code, inText: country.inText, country, people, before: older }];
  });
}

function statements(one: People, two: People): Statement[] {
  const [more, less] = one.people > two.people ? [one, two] : [two, one];
  const ratio = Math.min(more.people / less.people, more.before / less.before);
  const known = one.country.fame === 0 && two.country.fame === 0;
  const together = one.country.subregion === two.country.subregion;
  const surprising =
    less.country.areaKm2 > SURPRISE_AREA_MIN * more.country.areaKm2 &&
    one.country.fame + two.country.fame < 3;
  const wide = ratio >= RATIO_MIN && ratio <= RATIO_MAX && (known || together);
  if (!wide && !(surprising && ratio >= SURPRISE_RATIO_MIN && ratio <= RATIO_MAX)) return [];
  const difficulty: Difficulty = surprising || !known ? 'hard' : ratio > 1.7 ? 'easy' : 'normal';
  return compared({
    ...{ predicate: 'more-people', more, less, difficulty, explain },
    kind: surprising ? 'more-people-on-less-land' : 'more-people',
    templates: (first, second) => [
      `more people live in ${first.inText} than in ${second.inText}`,
      `${first.inText} has more inhabitants than ${second.inText}`,
      `${first.inText} is home to more people than ${second.inText}`,
      `the population of ${first.inText} is larger than that of ${second.inText}`,
    ],
    source: () => ({ name: 'Unicode CLDR, territory information', url: 'https://cldr.unicode.org/' }),
  });
}

function explain(first: People, second: People): string {
  const [more, less] = first.people > second.people ? [first, second] : [second, first];
  const figures = `${upperFirst(more.inText)} has about ${roughly(more.people)} people, ${less.inText} about ${roughly(less.people)}.`;
  const land = less.country.areaKm2 / more.country.areaKm2;
  if (land < 2) return figures;
  return `${figures} By area it is the other way round: ${less.inText} is ${Math.round(land)} times as large.`;
}
