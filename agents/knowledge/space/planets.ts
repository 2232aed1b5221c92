// The planets compared, and how long their days and years are. Facts: the rounded figures of NASA's fact
// sheets; judge: what follows from the radii, masses, turns and years of JPL by the laws of Kepler and
// Newton. Fakes: the comparison turned round, the day or year of the planet next door.

import type { Difficulty, Source } from '../../../core/claim.ts';
import { compared, pairsOf, type Side } from '../comparison.ts';
import { grouped, oneOf, sentence, upperFirst } from '../phrase.ts';
import { type Asserted, assertionOf, type LoadedSource, type Ruling, type Statement } from '../source.ts';
import { type Planet, planets, workedOut } from './planet-table.ts';

const NASA: Source = {
  name: 'NASA, planetary fact sheet',
  url: 'https://nssdc.gsfc.nasa.gov/planetary/factsheet/',
};
const JPL: Source = {
  name: 'JPL, physical parameters of the planets',
  url: 'https://ssd.jpl.nasa.gov/planets/phys_par.html',
};

type Measure =
  | 'mass'
  | 'diameter'
  | 'density'
  | 'gravity'
  | 'escape'
  | 'turn'
  | 'distance'
  | 'year'
  | 'speed';

interface Scale {
  readonly unit: string;
  readonly digits: number;
  readonly templates: (first: string, second: string) => readonly [string, ...string[]];
}

const SCALES: Readonly<Record<Measure, Scale>> = {
  mass: {
    ...{ unit: '× 10²⁴ kg', digits: 2 },
    templates: (a, b) => [`${a} has more mass than ${b}`, `${a} is heavier than ${b}`],
  },
  diameter: {
    ...{ unit: 'km across', digits: 0 },
    templates: (a, b) => [
      `${a} is larger across than ${b}`,
      `the diameter of ${a} is greater than that of ${b}`,
    ],
  },
  density: {
    ...{ unit: 'kg/m³', digits: 0 },
    templates: (a, b) => [`${a} is denser than ${b}`, `on average, ${a} is made of denser stuff than ${b}`],
  },
  gravity: {
    ...{ unit: 'm/s²', digits: 1 },
    templates: (a, b) => [
      `you would weigh more on ${a} than on ${b}`,
      `gravity pulls harder on ${a} than on ${b}`,
    ],
  },
  escape: {
    ...{ unit: 'km/s', digits: 1 },
    templates: (a, b) => [
      `a rocket needs more speed to escape from ${a} than from ${b}`,
      `it is harder to get away from the gravity of ${a} than from that of ${b}`,
    ],
  },
  turn: {
    ...{ unit: 'hours', digits: 1 },
    templates: (a, b) => [
      `${a} takes longer to turn once around itself than ${b}`,
      `one turn about its axis takes ${a} longer than ${b}`,
    ],
  },
  distance: {
    ...{ unit: 'million km', digits: 0 },
    templates: (a, b) => [
      `${a} is further from the Sun than ${b}`,
      `the orbit of ${a} lies outside that of ${b}`,
    ],
  },
  year: {
    ...{ unit: 'days', digits: 0 },
    templates: (a, b) => [
      `a year on ${a} is longer than a year on ${b}`,
      `${a} takes longer to go around the Sun than ${b}`,
    ],
  },
  speed: {
    ...{ unit: 'km/s', digits: 1 },
    templates: (a, b) => [
      `${a} moves faster around the Sun than ${b}`,
      `${a} is faster on its way around the Sun than ${b}`,
    ],
  },
};
const MEASURES = Object.keys(SCALES) as Measure[];
// Closer values depend on where one measures; order of the planets alone is for children.
const RATIO_MIN = 1.08;
const NEXT_DOOR_ONLY: ReadonlySet<Measure> = new Set(['distance', 'year', 'speed']);

interface Body extends Side {
  readonly planet: Planet;
}

export async function loadPlanets(): Promise<LoadedSource> {
  const sides = planets.map((planet) => ({ key: planet.name, inText: planet.name, planet }));
  return {
    statements: [
      ...MEASURES.flatMap((measure) => pairsOf(sides).flatMap(([one, two]) => comparison(measure, one, two))),
      ...planets.flatMap((planet, index) => [
        ...lengths('year-length', planet, index),
        ...lengths('day-length', planet, index),
      ]),
    ],
    judge,
  };
}

function judge({ predicate, subject, object }: Asserted): Ruling | null {
  const planet = planets.find(({ name }) => name === subject);
  if (!planet) return null;
  if (predicate === 'year-length' || predicate === 'day-length') {
    const meant = workedOut(planet)[predicate === 'year-length' ? 'year' : 'turn'] ?? 0;
    const said = planets.find(({ name }) => name === object);
    if (!said) return null;
    const ratio = (predicate === 'year-length' ? said.year : said.turn) / meant;
    return {
      truth: ratio > 0.97 && ratio < 1.03 ? 'FACT' : 'FAKE',
      confidence: 0.95,
      explanation: explainLength(predicate, planet, said),
      source: JPL,
      names: [[bare(planet)], [lengthOf(predicate, said)]],
    };
  }
  const measure = MEASURES.find((name) => predicateOf(name) === predicate);
  const other = planets.find(({ name }) => name === object);
  if (!measure || !other) return null;
  return {
    truth: (workedOut(planet)[measure] ?? 0) > (workedOut(other)[measure] ?? 0) ? 'FACT' : 'FAKE',
    confidence: 0.95,
    explanation: explain(measure, planet, other),
    source: JPL,
    names: [[bare(planet)], [bare(other)]],
    ordered: true,
  };
}

function predicateOf(measure: Measure): string {
  return `planet-${measure}`;
}

/** "Earth" for "the Earth", as a question may have it. */
function bare(planet: Planet): string {
  return planet.name.replace('the ', '');
}

function comparison(measure: Measure, one: Body, two: Body): Statement[] {
  const [more, less] = one.planet[measure] > two.planet[measure] ? [one, two] : [two, one];
  const ratio = more.planet[measure] / less.planet[measure];
  const [worked, other] = [workedOut(more.planet)[measure] ?? 0, workedOut(less.planet)[measure] ?? 0];
  const between = Math.abs(planets.indexOf(one.planet) - planets.indexOf(two.planet));
  if (ratio < RATIO_MIN || worked / other < RATIO_MIN || (NEXT_DOOR_ONLY.has(measure) && between > 2))
    return [];
  const difficulty: Difficulty = ratio < 1.5 ? 'hard' : ratio < 5 ? 'normal' : 'easy';
  return compared({
    ...{ predicate: predicateOf(measure), kind: 'planet', more, less, difficulty },
    templates: (first, second) => SCALES[measure].templates(first.inText, second.inText),
    explain: (first, second) => explain(measure, first.planet, second.planet),
    source: () => NASA,
  });
}

function explain(measure: Measure, first: Planet, second: Planet): string {
  const { unit, digits } = SCALES[measure];
  const told = [first, second].map((planet) => `${planet.name}: ${grouped(planet[measure], digits)} ${unit}`);
  return `${upperFirst(told.join(', '))}. About ${first.name}: ${first.note.charAt(0).toLowerCase()}${first.note.slice(1)}`;
}

/** The own length, and those of the planets before and after it. */
function lengths(predicate: 'year-length' | 'day-length', planet: Planet, index: number): Statement[] {
  const neighbours = [planets[index - 1], planet, planets[index + 1]].flatMap((other) => other ?? []);
  const told = neighbours.filter((other) => other === planet || !sameLength(predicate, other, planet));
  return told.map((said) => {
    const assertion = assertionOf(predicate, planet.name, said.name);
    const length = lengthOf(predicate, said);
    const templates =
      predicate === 'year-length'
        ? ([
            `a year on ${planet.name} lasts about ${length}`,
            `${planet.name} goes around the Sun once in about ${length}`,
          ] as const)
        : ([
            `${planet.name} turns once around itself in about ${length}`,
            `one turn of ${planet.name} about its axis takes about ${length}`,
          ] as const);
    return {
      factKey: `${predicate}:${bare(planet)}`,
      assertion,
      truth: said === planet ? 'FACT' : 'FAKE',
      difficulty: planet.name === 'the Earth' ? 'easy' : index < 4 ? 'normal' : 'hard',
      kind: predicate,
      write: (wording) => ({
        claim: sentence(oneOf(templates, assertion, wording)),
        explanation: explainLength(predicate, planet, said),
        source: NASA,
      }),
    };
  });
}

function sameLength(predicate: string, one: Planet, two: Planet): boolean {
  const ratio = predicate === 'year-length' ? one.year / two.year : one.turn / two.turn;
  return ratio > 0.8 && ratio < 1.25;
}

function lengthOf(predicate: string, planet: Planet): string {
  if (predicate === 'year-length') {
    return planet.year < 1000
      ? `${Math.round(planet.year)} Earth days`
      : `${Math.round(planet.year / 365.25)} Earth years`;
  }
  return planet.turn < 100
    ? `${Math.round(planet.turn)} hours`
    : `${Math.round(planet.turn / 24)} Earth days`;
}

function explainLength(predicate: string, planet: Planet, said: Planet): string {
  const what = predicate === 'year-length' ? 'year' : 'turn';
  const taken = said === planet ? '' : `; ${lengthOf(predicate, said)} is that of ${said.name}`;
  return `The ${what} of ${planet.name} takes about ${lengthOf(predicate, planet)}${taken}. ${planet.note}`;
}
