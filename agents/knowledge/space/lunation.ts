// New moons, full moons and eclipses by the short series of Jean Meeus, "Astronomical Algorithms", chapters
// 47, 48 and 54. Shorter and quite another way than the package `astronomy-engine`, and so a second source
// for what that computes. Angles in degrees, days as Julian dates.

export interface MeeusEclipse {
  /** Julian date of the greatest eclipse. */
  readonly julian: number;
  /** Least distance of the shadow's axis, in radii of the Earth; the sign says on which side. */
  readonly gamma: number;
  /** Radius of the shadow's cone, likewise. */
  readonly u: number;
}

const MONTH = 29.530588861;
const FIRST_NEW_MOON = 2451550.09766;

function julianOf(date: Date): number {
  return date.getTime() / 86_400_000 + 2440587.5;
}

const sine = (degrees: number) => Math.sin((degrees * Math.PI) / 180);
const cosine = (degrees: number) => Math.cos((degrees * Math.PI) / 180);

/** The eclipse at the new moon (`full` false) or full moon nearest to the date; null where there is none. */
export function eclipseNear(date: Date, full: boolean): MeeusEclipse | null {
  const shift = full ? 0.5 : 0;
  const k = Math.round((julianOf(date) - FIRST_NEW_MOON) / MONTH - shift) + shift;
  const t = k / 1236.85;
  const sun = 2.5534 + 29.1053567 * k - 0.0000014 * t ** 2;
  const moon = 201.5643 + 385.81693528 * k + 0.0107582 * t ** 2 + 0.00001238 * t ** 3;
  const latitude = 160.7108 + 390.67050284 * k - 0.0016118 * t ** 2 - 0.00000227 * t ** 3;
  const node = 124.7746 - 1.56375588 * k + 0.0020672 * t ** 2 + 0.00000215 * t ** 3;
  if (Math.abs(sine(latitude)) > 0.36) return null;
  const e = 1 - 0.002516 * t - 0.0000074 * t ** 2;
  const f = latitude - 0.02665 * sine(node);
  const [first, second] = full ? [-0.4065, 0.1727] : [-0.4075, 0.1721];
  const julian =
    FIRST_NEW_MOON +
    MONTH * k +
    0.00015437 * t ** 2 +
    first * sine(moon) +
    second * e * sine(sun) +
    0.0161 * sine(2 * moon) -
    0.0097 * sine(2 * f) +
    0.0073 * e * sine(moon - sun) -
    0.005 * e * sine(moon + sun);
  return { julian, ...shadow({ sun, moon, f, e }) };
}

interface Angles {
  readonly sun: number;
  readonly moon: number;
  readonly f: number;
  readonly e: number;
}

function shadow({ sun, moon, f, e }: Angles): { gamma: number; u: number } {
  const p =
    0.207 * e * sine(sun) +
    0.0024 * e * sine(2 * sun) -
    0.0392 * sine(moon) +
    0.0116 * sine(2 * moon) -
    0.0073 * e * sine(moon + sun) +
    0.0067 * e * sine(moon - sun) +
    0.0118 * sine(2 * f);
  const q =
    5.2207 -
    0.0048 * e * cosine(sun) +
    0.002 * e * cosine(2 * sun) -
    0.3299 * cosine(moon) -
    0.006 * e * cosine(moon + sun) +
    0.0041 * e * cosine(moon - sun);
  const gamma = (p * cosine(f) + q * sine(f)) * (1 - 0.0048 * Math.abs(cosine(f)));
  const u =
    0.0059 +
    0.0046 * e * cosine(sun) -
    0.0182 * cosine(moon) +
    0.0004 * cosine(2 * moon) -
    0.0005 * cosine(sun + moon);
  return { gamma, u };
}

export type EclipseKind = 'total' | 'annular' | 'partial' | 'penumbral';

// A result so near to a border between two kinds that the short series cannot be trusted with it.
const GAMMA_MARGIN = 0.02;
const MAGNITUDE_MARGIN = 0.03;

/** Kind of a solar eclipse; null at the border of two kinds, and for those that change on their way. */
export function solarKind({ gamma, u }: MeeusEclipse): EclipseKind | null {
  const distance = Math.abs(gamma);
  if (distance > 1.5433 + u - GAMMA_MARGIN) return null;
  if (distance > 1.026 + GAMMA_MARGIN) return 'partial';
  if (distance > 0.9972 - GAMMA_MARGIN) return null;
  if (u < -0.0005) return 'total';
  return u > 0.0052 ? 'annular' : null;
}

/** Kind of a lunar eclipse; null at the border of two kinds. */
export function lunarKind({ gamma, u }: MeeusEclipse): EclipseKind | null {
  const umbral = (1.0128 - u - Math.abs(gamma)) / 0.545;
  const penumbral = (1.5573 + u - Math.abs(gamma)) / 0.545;
  if (Math.abs(umbral - 1) < MAGNITUDE_MARGIN || Math.abs(umbral) < MAGNITUDE_MARGIN) return null;
  if (umbral > 1) return 'total';
  if (umbral > 0) return 'partial';
  return penumbral > MAGNITUDE_MARGIN ? 'penumbral' : null;
}

/** Lit part of the Moon's disc, 0..1, good to about one hundredth. */
export function litFraction(date: Date): number {
  const t = (julianOf(date) - 2451545) / 36525;
  const elongation = 297.8501921 + 445267.1114034 * t;
  const sun = 357.5291092 + 35999.0502909 * t;
  const moon = 134.9633964 + 477198.8675055 * t;
  const angle =
    180 -
    elongation -
    6.289 * sine(moon) +
    2.1 * sine(sun) -
    1.274 * sine(2 * elongation - moon) -
    0.658 * sine(2 * elongation) -
    0.214 * sine(2 * moon) -
    0.11 * sine(elongation);
  return (1 + cosine(angle)) / 2;
}
