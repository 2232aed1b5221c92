// Which of two cities lies further north, or further east. Facts: our own table; judge: GeoNames. Only pairs
// that lie far apart and yet close in the one direction that is asked for: those surprise.

import type { Difficulty } from '../../../core/claim.ts';
import { compared, pairsOf, type Side } from '../comparison.ts';
import type { LoadedSource, Ruling, Statement } from '../source.ts';
import { type PlaceRow, placeRows } from './city-places.ts';
import { sameName } from './countries.ts';
import { type City, readCities } from './geonames.ts';

// Degrees. Cities are some tenths wide; beyond the greater number everybody knows.
const APART_MIN = 0.8;
const APART_MAX = 6;
// So far apart the other way that the pair is not simply neighbouring.
const ELSEWHERE_MIN = 18;
// The table and GeoNames agree on a place within so many degrees.
const AGREE_WITHIN = 0.3;
const POPULATION_MIN = 10_000;

interface Place extends Side {
  readonly north: number;
  readonly east: number;
  /** As GeoNames has it. */
  readonly second: City;
}

export async function loadCityPositions(): Promise<LoadedSource> {
  const places = await readPlaces();
  const byKey = new Map(places.map((place) => [place.key, place]));
  return {
    statements: pairsOf(places).flatMap(([one, two]) => [...northward(one, two), ...eastward(one, two)]),
    judge({ predicate, subject, object }): Ruling | null {
      const [first, second] = [byKey.get(subject), byKey.get(object)];
      if (!first || !second) return null;
      const northward = predicate === 'further-north';
      const [one, two] = [first.second, second.second];
      return {
        truth: (northward ? one.latitude > two.latitude : one.longitude > two.longitude) ? 'FACT' : 'FAKE',
        confidence: 0.95,
        explanation: northward ? explainNorth(first, second) : explainEast(first, second),
        source: { name: 'GeoNames, places of cities', url: 'https://www.geonames.org/' },
        names: [[first.inText], [second.inText]],
        ordered: true,
      };
    },
  };
}

async function readPlaces(): Promise<Place[]> {
  const byCountry = Map.groupBy(await readCities(), (city) => city.country);
  return placeRows().flatMap((row) => placeOf(row, byCountry.get(row.country) ?? []));
}

function placeOf({ name, north, east, written }: PlaceRow, cities: readonly City[]): Place[] {
  const near = cities.filter(
    (city) =>
      city.population >= POPULATION_MIN &&
      Math.abs(city.latitude - north) <= AGREE_WITHIN &&
      Math.abs(city.longitude - east) <= AGREE_WITHIN &&
      sameName(city.name, written),
  );
  const [second] = near.toSorted((one, two) => two.population - one.population);
  return second ? [{ key: name, inText: name, north, east, second }] : [];
}

function northward(one: Place, two: Place): Statement[] {
  const [more, less] = one.north > two.north ? [one, two] : [two, one];
  const apart = more.north - less.north;
  // Across the equator the answer is plain.
  const sameHalf = more.north * less.north > 0;
  if (!isBetween(apart) || !sameHalf || longitudeApart(one, two) < ELSEWHERE_MIN) return [];
  return compared({
    ...{ predicate: 'further-north', more, less, difficulty: difficultyOf(apart), explain: explainNorth },
    templates: (first, second) => [
      `${first.inText} lies further north than ${second.inText}`,
      `${first.inText} is north of ${second.inText}`,
      `the latitude of ${first.inText} is further north than that of ${second.inText}`,
    ],
    source: sourceOf,
  });
}

function eastward(one: Place, two: Place): Statement[] {
  const [more, less] = one.east > two.east ? [one, two] : [two, one];
  const apart = more.east - less.east;
  if (!isBetween(apart) || Math.abs(one.north - two.north) < ELSEWHERE_MIN) return [];
  return compared({
    ...{ predicate: 'further-east', more, less, difficulty: difficultyOf(apart), explain: explainEast },
    templates: (first, second) => [
      `${first.inText} lies further east than ${second.inText}`,
      `${first.inText} is east of ${second.inText}`,
      `the longitude of ${first.inText} is further east than that of ${second.inText}`,
    ],
    source: sourceOf,
  });
}

function isBetween(apart: number): boolean {
  return apart >= APART_MIN && apart <= APART_MAX;
}

function longitudeApart(one: Place, two: Place): number {
  const apart = Math.abs(one.east - two.east);
  return Math.min(apart, 360 - apart);
}

function difficultyOf(apart: number): Difficulty {
  return apart < 2 ? 'hard' : apart < 4.5 ? 'normal' : 'easy';
}

function explainNorth(first: Place, second: Place): string {
  const told = [first, second].map(({ inText, north }) => {
    return `${inText} is at ${Math.abs(north).toFixed(1)}° ${north < 0 ? 'south' : 'north'}`;
  });
  const km = Math.round((Math.abs(first.north - second.north) * 111) / 10) * 10;
  return `${told.join(', ')}: about ${km} km from one latitude to the other.`;
}

function explainEast(first: Place, second: Place): string {
  const told = [first, second].map(({ inText, east }) => {
    return `${inText} is at ${Math.abs(east).toFixed(1)}° ${east < 0 ? 'west' : 'east'}`;
  });
  const minutes = Math.round(Math.abs(first.east - second.east) * 4);
  return `${told.join(', ')}. The Sun stands highest there ${minutes} minutes apart.`;
}

function sourceOf(first: Place) {
  return {
    name: `own table of places; read on at Wikipedia: ${first.inText}`,
    url: `https://en.wikipedia.org/wiki/${encodeURI(first.inText.replaceAll(' ', '_'))}`,
  };
}
