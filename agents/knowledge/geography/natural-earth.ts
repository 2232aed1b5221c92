// Areas and neighbours of countries by the outlines of Natural Earth, drawn by cartographers and so
// independent of any list: two countries touch where their outlines share an arc; an area is what the
// outline encloses. A second source for borders and areas.

import { z } from 'zod';
import { touchingNow } from '../as-of-now.ts';
import { once, readJson } from '../data-file.ts';

export interface Shapes {
  /**
   * ISO digits of the countries (and disputed territories, by name) that share an arc with the one asked for.
   */
  neighbours(digits: string): ReadonlySet<string>;
  /** What the outlines enclose, in km²; null where a country has no shape at this scale. */
  areaKm2(digits: string): number | null;
}

const Outline = z.object({ areaKm2: z.number(), touching: z.array(z.string()) });

export const loadShapes = once(async (): Promise<Shapes> => {
  const outlines = await readJson('world-atlas/outlines.json', z.record(z.string(), Outline));
  return {
    neighbours: (digits) => touchingNow(digits, new Set(outlines[digits]?.touching)),
    areaKm2: (digits) => outlines[digits]?.areaKm2 ?? null,
  };
});
