// Which of two countries is larger in area. Facts: `world-countries`; judge: what the outlines of Natural
// Earth enclose. Only countries for which the two agree, and only pairs that are worth asking.

import type { Difficulty } from '../../../core/claim.ts';
import { compared, pairsOf, type Side } from '../comparison.ts';
import { grouped, upperFirst } from '../phrase.ts';
import type { LoadedSource, Ruling } from '../source.ts';
import { type Country, loadCountries, sourceOf } from './countries.ts';
import { loadShapes } from './natural-earth.ts';

// Outlines are rough and lakes are counted in or out, so the two may differ by so much.
const AGREE_WITHIN = 0.06;
// Closer than this they may swap places with the next survey; further apart nobody is in doubt.
const RATIO_MIN = 1.15;
const RATIO_MAX = 2.4;
// City states and small islands: their outlines are too rough.
const AREA_MIN_KM2 = 1_000;
// France, Norway and Denmark are counted with or without far islands; Russia, Ukraine, Morocco, Serbia,
// Somalia, Cyprus and Israel as one sees their borders.
const EXCLUDED: ReadonlySet<string> = new Set(['FR', 'NO', 'DK', 'RU', 'UA', 'MA', 'RS', 'SO', 'CY', 'IL']);

interface Land extends Side {
  readonly country: Country;
  readonly km2: number;
}

export async function loadAreas(): Promise<LoadedSource> {
  const [{ all, byCode }, shapes] = [await loadCountries(), await loadShapes()];
  const lands = all.flatMap((country): Land[] => {
    const drawn = shapes.areaKm2(country.digits);
    const km2 = country.areaKm2;
    const agree = drawn !== null && Math.abs(drawn / km2 - 1) <= AGREE_WITHIN;
    if (!agree || km2 < AREA_MIN_KM2 || EXCLUDED.has(country.code)) return [];
    return [{ key: country.code, inText: country.inText, country, km2 }];
  });
  const landOf = new Map(lands.map((land) => [land.key, land]));
  return {
    statements: pairsOf(lands).flatMap((pair) => statements(...pair)),
    judge({ subject, object }): Ruling | null {
      const [one, two] = [byCode.get(subject), byCode.get(object)];
      const [first, second] = [landOf.get(subject), landOf.get(object)];
      const drawn = [one, two].map((country) => shapes.areaKm2(country?.digits ?? '') ?? 0);
      if (!one || !two || !first || !second) return null;
      return {
        truth: (drawn[0] ?? 0) > (drawn[1] ?? 0) ? 'FACT' : 'FAKE',
        confidence: 0.93,
        explanation: explain(first, second),
        source: { name: 'Natural Earth, area within the outlines', url: 'https://www.naturalearthdata.com/' },
        names: [one.spellings, two.spellings],
        ordered: true,
      };
    },
  };
}

function statements(one: Land, two: Land) {
  const [more, less] = one.km2 > two.km2 ? [one, two] : [two, one];
  const ratio = more.km2 / less.km2;
  const together = one.country.subregion === two.country.subregion;
  const known = one.country.fame === 0 && two.country.fame === 0;
  if (ratio < RATIO_MIN || ratio > RATIO_MAX || !(together || known)) return [];
  const difficulty: Difficulty = !known ? 'hard' : ratio > 1.7 ? 'easy' : 'normal';
  return compared({
    ...{ predicate: 'larger-area', more, less, difficulty, explain },
    templates: (first, second) => [
      `${first.inText} is larger in area than ${second.inText}`,
      `${first.inText} covers more land than ${second.inText}`,
      `on the globe, ${first.inText} takes up more room than ${second.inText}`,
      `in square kilometres, ${first.inText} is bigger than ${second.inText}`,
    ],
    source: (first) => sourceOf(first.country),
  });
}

// How much of the larger country the smaller one fills, by how many times it goes into it at most.
const FILLS: readonly (readonly [ratioMax: number, words: string])[] = [
  [1.25, 'nearly all of it'],
  [1.5, 'about three quarters of it'],
  [1.8, 'about two thirds of it'],
  [Number.POSITIVE_INFINITY, 'about half of it'],
];

function explain(first: Land, second: Land): string {
  const [more, less] = first.km2 > second.km2 ? [first, second] : [second, first];
  const size = (land: Land) => `about ${grouped(Math.round(land.km2 / 100) * 100)} km²`;
  const [, share] = FILLS.find(([ratioMax]) => more.km2 / less.km2 <= ratioMax) ?? [0, 'part of it'];
  const sizes = `${upperFirst(more.inText)} measures ${size(more)}, ${less.inText} ${size(less)}.`;
  return `${sizes} Laid upon it, ${less.inText} would cover ${share}.`;
}
