// Eclipses, and how much of the Moon was lit, as `astronomy-engine` computes them. It takes two seconds for
// what is read in some milliseconds.

import {
  Body,
  Illumination,
  NextGlobalSolarEclipse,
  NextLunarEclipse,
  SearchGlobalSolarEclipse,
  SearchLunarEclipse,
} from 'astronomy-engine';
import { dateOf, nightsAsked } from '../../../../agents/knowledge/space/moon-nights.ts';

// Only eclipses of the past, so that a sentence stays true.
const firstDay = new Date(Date.UTC(1950, 0));
const lastYear = 2025;

/** Those of the Sun, then those of the Moon, in order of time. */
export function computedEclipses(): object[] {
  const found: object[] = [];
  let solar = SearchGlobalSolarEclipse(firstDay);
  for (; solar.peak.date.getUTCFullYear() <= lastYear; solar = NextGlobalSolarEclipse(solar.peak)) {
    const { latitude: north, longitude: east, kind, peak } = solar;
    const place = north === undefined || east === undefined ? null : { north, east };
    found.push({ body: 'solar', day: dayOf(peak.date), kind, place });
  }
  let lunar = SearchLunarEclipse(firstDay);
  for (; lunar.peak.date.getUTCFullYear() <= lastYear; lunar = NextLunarEclipse(lunar.peak)) {
    found.push({ body: 'lunar', day: dayOf(lunar.peak.date), kind: lunar.kind, place: null });
  }
  return found;
}

const dayOf = (date: Date): string => date.toISOString().slice(0, 10);

/** By hour: the lit part of the disc. */
export function computedMoons(): Record<string, number> {
  return Object.fromEntries(
    nightsAsked().map(({ hour }) => [hour, Illumination(Body.Moon, dateOf(hour)).phase_fraction]),
  );
}
