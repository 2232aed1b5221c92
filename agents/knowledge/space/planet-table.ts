// The eight planets: rounded figures as in the planetary fact sheets of NASA, and the few exact ones of
// another house (JPL) from which everything else can be worked out. Written by us. Read by the sources about
// planets.

export interface Planet {
  readonly name: string;
  /** NASA: 10^24 kg, km across at the equator, kg/m³, m/s², km/s, hours, 10^6 km, days, km/s. */
  readonly mass: number;
  readonly diameter: number;
  readonly density: number;
  readonly gravity: number;
  readonly escape: number;
  /** Hours for one turn against the stars, whichever way. */
  readonly turn: number;
  readonly distance: number;
  readonly year: number;
  readonly speed: number;
  /** JPL: mean radius in km, mass in 10^24 kg, turn in days, year in years of 365.25 days. */
  readonly jpl: {
    readonly radius: number;
    readonly mass: number;
    readonly turn: number;
    readonly year: number;
  };
  readonly note: string;
}

const row = (
  name: string,
  [mass, diameter, density, gravity, escapes, turn, distance, year, speed]: readonly number[],
  [radius, jplMass, jplTurn, jplYear]: readonly number[],
  note: string,
): Planet => ({
  ...{ name, mass: mass ?? 0, diameter: diameter ?? 0, density: density ?? 0, gravity: gravity ?? 0 },
  ...{
    escape: escapes ?? 0,
    turn: turn ?? 0,
    distance: distance ?? 0,
    year: year ?? 0,
    speed: speed ?? 0,
    note,
  },
  jpl: { radius: radius ?? 0, mass: jplMass ?? 0, turn: jplTurn ?? 0, year: jplYear ?? 0 },
});

export const planets: readonly Planet[] = [
  row(
    'Mercury',
    [0.33, 4879, 5429, 3.7, 4.3, 1407.6, 57.9, 88, 47.4],
    [2439.4, 0.330103, 58.6462, 0.2408467],
    'From one sunrise to the next, two of its years go by.',
  ),
  row(
    'Venus',
    [4.87, 12104, 5243, 8.9, 10.4, 5832.5, 108.2, 224.7, 35],
    [6051.8, 4.86731, 243.018, 0.61519726],
    'It turns so slowly that its day is longer than its year, and backwards at that.',
  ),
  row(
    'the Earth',
    [5.97, 12756, 5514, 9.8, 11.2, 23.9, 149.6, 365.2, 29.8],
    [6371.0084, 5.97217, 0.99726968, 1.0000174],
    'It is the densest of all the planets.',
  ),
  row(
    'Mars',
    [0.642, 6792, 3934, 3.7, 5, 24.6, 228, 687, 24.1],
    [3389.5, 0.641691, 1.02595676, 1.8808476],
    'Its day is only some forty minutes longer than ours.',
  ),
  row(
    'Jupiter',
    [1898, 142984, 1326, 23.1, 59.5, 9.9, 778.5, 4331, 13.1],
    [69911, 1898.125, 0.41354, 11.862615],
    'It has more mass than all the other planets together, and the shortest day.',
  ),
  row(
    'Saturn',
    [568, 120536, 687, 9, 35.5, 10.7, 1432, 10747, 9.7],
    [58232, 568.317, 0.44401, 29.447498],
    'It is the only planet that is less dense than water.',
  ),
  row(
    'Uranus',
    [86.8, 51118, 1270, 8.7, 21.3, 17.2, 2867, 30589, 6.8],
    [25362, 86.8099, 0.71833, 84.016846],
    'It lies on its side: each pole has over forty years of daylight, and then of night.',
  ),
  row(
    'Neptune',
    [102, 49528, 1638, 11, 23.5, 16.1, 4515, 59800, 5.4],
    [24622, 102.4092, 0.67125, 164.79132],
    'It was found in 1846 where calculation had said it must be.',
  ),
];

const GRAVITATION = 6.6743e-11;
const SUN_KG = 1.98841e30;
const YEAR_SECONDS = 365.25 * 86_400;

/** What the figures of JPL come to, in the units of the fact sheet. */
export function workedOut({ jpl }: Planet): Readonly<Record<string, number>> {
  const radius = jpl.radius * 1e3;
  const kilograms = jpl.mass * 1e24;
  const seconds = jpl.year * YEAR_SECONDS;
  // Kepler's third law gives the distance from the Sun.
  const distance = Math.cbrt((GRAVITATION * SUN_KG * seconds ** 2) / (4 * Math.PI ** 2));
  return {
    mass: jpl.mass,
    diameter: 2 * jpl.radius,
    density: kilograms / ((4 / 3) * Math.PI * radius ** 3),
    gravity: (GRAVITATION * kilograms) / radius ** 2,
    escape: Math.sqrt((2 * GRAVITATION * kilograms) / radius) / 1e3,
    turn: jpl.turn * 24,
    distance: distance / 1e9,
    year: jpl.year * 365.25,
    speed: (2 * Math.PI * distance) / seconds / 1e3,
  };
}
