// Which of two elements melts at the higher temperature. Facts: our own table, in degrees Celsius as
// handbooks give them; judge: the package `periodic-table`, in kelvin. Only elements on which the two agree.

import type { Difficulty } from '../../../core/claim.ts';
import { compared, pairsOf, type Side } from '../comparison.ts';
import { grouped, upperFirst } from '../phrase.ts';
import type { LoadedSource, Ruling, Statement } from '../source.ts';
import { type Element, elementSource, loadElements, noteOn } from './periodic-table.ts';

// Carbon and arsenic turn into gas without melting, helium freezes only under pressure, and phosphorus,
// sulfur and tin have several forms: they are left out.
export const meltingCelsius: Readonly<Record<string, number>> = {
  ...{
    H: -259.2,
    Li: 180.5,
    Be: 1287,
    N: -210,
    O: -218.8,
    F: -219.7,
    Ne: -248.6,
    Na: 97.8,
    Mg: 650,
    Al: 660.3,
  },
  ...{ Si: 1414, Cl: -101.5, Ar: -189.3, K: 63.5, Ca: 842, Ti: 1668, V: 1910, Cr: 1907, Mn: 1246, Fe: 1538 },
  ...{
    Co: 1495,
    Ni: 1455,
    Cu: 1084.6,
    Zn: 419.5,
    Ga: 29.8,
    Ge: 938.3,
    Br: -7.2,
    Kr: -157.4,
    Rb: 39.3,
    Sr: 777,
  },
  ...{
    Zr: 1855,
    Nb: 2477,
    Mo: 2623,
    Rh: 1964,
    Pd: 1554.9,
    Ag: 961.8,
    Cd: 321.1,
    In: 156.6,
    Sb: 630.6,
    I: 113.7,
  },
  ...{
    Xe: -111.7,
    Cs: 28.4,
    Ba: 727,
    Ta: 3017,
    W: 3422,
    Re: 3186,
    Os: 3033,
    Ir: 2446,
    Pt: 1768.3,
    Au: 1064.2,
  },
  ...{ Hg: -38.8, Tl: 304, Pb: 327.5, Bi: 271.4, U: 1132 },
};
const ZERO_IN_KELVIN = 273.15;
const AGREE_WITHIN = 0.01;
// Kelvin: closer than this two samples may differ as much, and beyond the ratio nobody is in doubt.
const APART_MIN = 25;
const CLEAR_RATIO = 1.3;
const RATIO_MAX = 2;

interface Melting extends Side {
  readonly element: Element;
  readonly celsius: number;
  /** By the second source. */
  readonly kelvin: number;
}

export async function loadMeltingPoints(): Promise<LoadedSource> {
  const all = (await loadElements()).flatMap((element): Melting[] => {
    const celsius = meltingCelsius[element.symbol];
    const kelvin = element.meltingPoint;
    if (celsius === undefined || kelvin === null) return [];
    const agree = Math.abs(celsius + ZERO_IN_KELVIN - kelvin) <= Math.max(AGREE_WITHIN * kelvin, 1);
    return agree ? [{ key: element.symbol, inText: element.name, element, celsius, kelvin }] : [];
  });
  const bySymbol = new Map(all.map((melting) => [melting.key, melting]));
  return {
    statements: pairsOf(all).flatMap(([one, two]) => statements(one, two)),
    judge({ subject, object }): Ruling | null {
      const [first, second] = [bySymbol.get(subject), bySymbol.get(object)];
      if (!first || !second) return null;
      return {
        truth: first.kelvin > second.kelvin ? 'FACT' : 'FAKE',
        confidence: 0.94,
        explanation: explain(first, second),
        source: {
          name: 'periodic-table, melting points',
          url: 'https://github.com/andrejewski/periodic-table',
        },
        names: [first.element.spellings, second.element.spellings],
        ordered: true,
      };
    },
  };
}

function statements(one: Melting, two: Melting): Statement[] {
  const [more, less] = one.celsius > two.celsius ? [one, two] : [two, one];
  const apart = more.celsius - less.celsius;
  const ratio = (more.celsius + ZERO_IN_KELVIN) / (less.celsius + ZERO_IN_KELVIN);
  if ((apart < APART_MIN && ratio < CLEAR_RATIO) || ratio > RATIO_MAX) return [];
  const known = one.element.known && two.element.known;
  const difficulty: Difficulty = !known || ratio < 1.2 ? 'hard' : ratio < 1.6 ? 'normal' : 'easy';
  return compared({
    ...{ predicate: 'melts-hotter', more, less, difficulty, explain },
    templates: (first, second) => [
      `${first.inText} melts at a higher temperature than ${second.inText}`,
      `it takes more heat to reach the melting point of ${first.inText} than that of ${second.inText}`,
      `the melting point of ${first.inText} is higher than that of ${second.inText}`,
      `${first.inText} is still solid at the temperature at which ${second.inText} melts`,
    ],
    source: (first) => elementSource(first.element),
  });
}

function explain(first: Melting, second: Melting): string {
  const told = [first, second].map(({ inText, celsius }) => `${inText} melts at ${degrees(celsius)}`);
  return `${upperFirst(told.join(', '))}. ${noteOn(first.element)}`;
}

function degrees(celsius: number): string {
  const rounded = Math.round(celsius);
  return `${rounded < 0 ? 'minus ' : ''}${grouped(Math.abs(rounded))} °C`;
}
