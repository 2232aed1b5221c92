// Which countries touch, where `world-countries` and the shapes of Natural Earth agree. Used by the claims
// about borders, and by others for an aside about where a country lies.

import { newBorderOf } from '../as-of-now.ts';
import { grouped, listOf } from '../phrase.ts';
import type { Countries, Country } from './countries.ts';
import type { Shapes } from './natural-earth.ts';

// Where the answer depends on what one counts, in both directions.
const UNCERTAIN: Readonly<Record<string, string>> = {
  FR: 'touches Brazil and Suriname in French Guiana',
  NL: 'touches France on Saint Martin',
  ES: 'touches Morocco at Ceuta and Melilla, and Gibraltar',
  GB: 'has bases on Cyprus and holds Gibraltar',
  MA: 'holds most of Western Sahara, whose status is disputed',
  IL: 'has borders that its neighbours dispute',
  RS: 'does not recognise its border with Kosovo',
  CY: 'is divided, and touches British bases',
};

// Pairs that meet at, or nearly at, a single point, or whose claims overlap.
const UNCERTAIN_PAIRS = new Set([
  'BW~ZM', // 150 metres across the Zambezi
  'NA~ZW', // the same four corners
  'AF~IN', // through Kashmir, as India sees it
  'AE~QA', // parted by a treaty of 1974
  'BH~SA', // a causeway
  'MY~SG', // a causeway
  'DJ~SO', // through Somaliland
]);

export type Neighbourhood = 'touch' | 'apart' | 'uncertain';

export function neighbourhood(one: Country, other: Country, shapes: Shapes): Neighbourhood {
  const pair = [one.code, other.code].sort().join('~');
  if (one.code in UNCERTAIN || other.code in UNCERTAIN || UNCERTAIN_PAIRS.has(pair)) return 'uncertain';
  const listed = one.neighbours.includes(other.code3);
  const drawn = shapes.neighbours(one.digits).has(other.digits);
  return listed && drawn ? 'touch' : !listed && !drawn ? 'apart' : 'uncertain';
}

/** Everybody around a country; null where that is not beyond doubt. */
export function agreedNeighbours(country: Country, countries: Countries, shapes: Shapes): Country[] | null {
  if (country.code in UNCERTAIN) return null;
  const drawn = shapes.neighbours(country.digits);
  const around = country.neighbours.flatMap((code3) => countries.byCode3.get(code3) ?? []);
  const certain = around.every((other) => neighbourhood(country, other, shapes) !== 'uncertain');
  return certain && drawn.size === around.length ? around : null;
}

/**
 * Says where a country lies, in a sentence that can follow any other about it; empty where that is in doubt.
 */
export function aside(country: Country, countries: Countries): string {
  const around = country.neighbours.flatMap((code3) => countries.byCode3.get(code3) ?? []);
  if (country.code in UNCERTAIN || around.some((other) => other.code in UNCERTAIN)) return '';
  // "By land one leaves it for Greenland" helps nobody to find a country.
  if (newBorderOf(country.code) !== null) return '';
  const names = around.map((other) => other.inText);
  if (country.landlocked) return `The country has no coast; around it lie ${listOf(names)}.`;
  if (names.length === 1) return `Its only neighbour by land is ${names[0]}.`;
  if (names.length > 5) return `It has ${names.length} neighbours by land.`;
  if (names.length > 0) return `By land one leaves it for ${listOf(names, 'or')}.`;
  return `It has no neighbours by land, and measures about ${grouped(Math.round(country.areaKm2))} km².`;
}
