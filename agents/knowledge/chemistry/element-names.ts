// After whom or what elements are named. Facts and their wrong explanations: our own table; judge: the
// reference in it that the claim does not name, which is the page of the Royal Society of Chemistry.

import type { Difficulty } from '../../../core/claim.ts';
import { oneOf, sentence } from '../phrase.ts';
import { assertionOf, type LoadedSource, type Ruling, type Statement } from '../source.ts';
import { type Element, elementSource, loadElements } from './periodic-table.ts';

/**
 * What the element is named after, in words that fit after "named after", and what people may take for it.
 */
interface Naming {
  readonly after: string;
  readonly wrong: string;
  readonly why: string;
  readonly difficulty: Difficulty;
}

const named = (after: string, wrong: string, why: string, difficulty: Difficulty = 'normal'): Naming => ({
  ...{ after, wrong, why, difficulty },
});

const NAMINGS: Readonly<Record<string, Naming>> = {
  He: named(
    'the Sun',
    'the Moon',
    'Helios is the Greek Sun; in its light the element was found in 1868.',
    'easy',
  ),
  V: named(
    'a Norse goddess',
    'a Roman goddess',
    'Vanadis is another name of Freyja, the goddess of beauty.',
    'hard',
  ),
  Co: named('goblins', 'an island in Greece', 'German miners blamed the kobold for ore that gave no silver.'),
  Ga: named(
    'France',
    'the Roman god of fire',
    'Gallia is Latin for Gaul. Some saw a pun: its finder’s name, Lecoq, is gallus, the cock.',
  ),
  Ge: named(
    'Germany',
    'the Greek goddess of the Earth',
    'It was found in Freiberg in 1886; Mendeleev had left a gap for it.',
    'easy',
  ),
  Se: named(
    'the Moon',
    'the Sun',
    'Selene is the Greek Moon. Its sister element tellurium was already named after the Earth.',
  ),
  Sr: named(
    'a village in Scotland',
    'a city in France',
    'It was found in ore from the lead mines of Strontian.',
    'hard',
  ),
  Y: named(
    'a village in Sweden',
    'a river in Russia',
    'A quarry at Ytterby near Stockholm gave four elements their names.',
  ),
  Nb: named(
    'a daughter of Tantalus',
    'a lake in Canada',
    'Niobe is the daughter of Tantalus, and niobium is always found beside tantalum.',
    'hard',
  ),
  Ru: named(
    'lands of the Rus',
    'the colour ruby red',
    'Ruthenia is a Latin name for them; it was found in Kazan.',
    'hard',
  ),
  Rh: named('a rose', 'the island of Rhodes', 'Rhodon is Greek for rose: its salts are pink.', 'hard'),
  Pd: named(
    'an asteroid',
    'a Greek temple',
    'Pallas had just been discovered when the element was, in 1802.',
    'hard',
  ),
  In: named('the colour indigo', 'India', 'Its spectrum shows a bright line of that colour.'),
  Ce: named(
    'an asteroid',
    'the Latin word for wax',
    'Ceres, found in 1801, was new and famous; today it counts as a dwarf planet.',
    'hard',
  ),
  Eu: named('Europe', 'a Greek word for good', 'Its finder, a Frenchman, named it in 1901.', 'easy'),
  Ho: named('Stockholm', 'Holland', 'Holmia is the Latin name of the city.', 'hard'),
  Tm: named(
    'the far north',
    'a Scottish chemist',
    'Thule was the northern edge of the world to the ancients.',
    'hard',
  ),
  Lu: named('Paris', 'the Latin word for light', 'The Romans called the place Lutetia.', 'hard'),
  Hf: named('Copenhagen', 'Hannover', 'Hafnia is Latin for the city, where it was found in 1923.', 'hard'),
  Ta: named(
    'a man punished by the gods',
    'an island in the Pacific',
    'It cannot drink the acid it stands in, as Tantalus could not drink the water.',
    'hard',
  ),
  Re: named('the river Rhine', 'the city of Reims', 'Its three German finders named it after their home.'),
  Hg: named(
    'a Roman god',
    'a Greek philosopher',
    'Mercury, the messenger, was as quick as the liquid metal.',
    'easy',
  ),
  Po: named(
    'Poland',
    'the North Pole',
    'Marie Curie chose her native country, which was on no map at the time.',
    'easy',
  ),
  Fr: named('France', 'a chemist called Francis', 'Marguerite Perey found it in Paris in 1939.', 'easy'),
  Th: named('a Norse god', 'a Greek god', 'Thor gave it the name, long before anyone knew of its powers.'),
  U: named(
    'a planet',
    'the Ural mountains',
    'Uranus had been discovered eight years before the element.',
    'easy',
  ),
  Np: named('a planet', 'the city of Naples', 'It follows uranium as Neptune follows Uranus.', 'easy'),
  Pu: named(
    'a dwarf planet',
    'the Latin word for poison',
    'Pluto, found in 1930, was then a planet.',
    'easy',
  ),
  Am: named(
    'the Americas',
    'Amsterdam',
    'It stands below europium in the table, and was named to match.',
    'easy',
  ),
  Cm: named('a married couple', 'a Roman assembly', 'Marie and Pierre Curie gave their name to it.', 'easy'),
  Bk: named('a town in California', 'a Swedish chemist', 'It was made at Berkeley in 1949.'),
  Es: named(
    'a physicist',
    'a town in Germany',
    'It was found in 1952 and kept secret; when it was announced, Einstein had just died.',
    'easy',
  ),
  Fm: named('a builder of the first reactor', 'a French mathematician', 'It is Fermi, not Fermat.'),
  No: named(
    'the founder of a prize',
    'the northern lights',
    'Alfred Nobel invented dynamite and left his fortune to the prizes.',
    'easy',
  ),
  Rf: named(
    'the discoverer of the atomic nucleus',
    'a president of the United States',
    'Ernest Rutherford found that the atom is mostly empty.',
  ),
  Db: named('a town in Russia', 'a city in Ireland', 'Dubna, not Dublin, has the research institute.'),
  Sg: named(
    'a chemist who was alive at the time',
    'the town of Siegburg',
    'Glenn Seaborg could write his address in elements.',
  ),
  Hs: named('a German state', 'a German poet', 'It was made at Darmstadt, in Hesse.', 'hard'),
  Mt: named(
    'a woman who explained nuclear fission',
    'a meteorite',
    'Lise Meitner never got the Nobel Prize, but she got an element.',
  ),
  Ds: named('a city in Germany', 'a British mathematician', 'Six elements were made at Darmstadt.'),
  Rg: named(
    'the discoverer of X-rays',
    'a city in Bavaria',
    'Wilhelm Röntgen won the very first Nobel Prize in Physics.',
  ),
  Cn: named('an astronomer', 'the city of Copenhagen', 'Copernicus put the Sun in the middle.', 'easy'),
  Nh: named('Japan', 'the Latin word for nothing', 'Nihon is one of the ways to say Japan in Japanese.'),
  Mc: named('a region in Russia', 'a king of Macedonia', 'It was made near Moscow.'),
  Lv: named(
    'a town in California',
    'the Latin word for light in weight',
    'The Lawrence Livermore laboratory took part in making it.',
    'hard',
  ),
  Ts: named(
    'a state of the United States',
    'a playwright',
    'Laboratories in Tennessee made the target for it.',
  ),
  Og: named(
    'a physicist who was alive at the time',
    'a giant in the Bible',
    'Yuri Oganessian is the second person to live to see an element of that name.',
  ),
};

export async function loadElementNames(): Promise<LoadedSource> {
  const elements = new Map((await loadElements()).map((element) => [element.symbol, element]));
  const known = Object.entries(NAMINGS).flatMap(([symbol, naming]) => {
    const element = elements.get(symbol);
    return element ? [{ element, naming }] : [];
  });
  return {
    statements: known.flatMap(({ element, naming }) =>
      [naming.after, naming.wrong].map((said) => statement(element, naming, said)),
    ),
    judge({ subject, object }): Ruling | null {
      const element = elements.get(subject);
      const naming = NAMINGS[subject];
      if (!element || !naming || (object !== naming.after && object !== naming.wrong)) return null;
      return {
        truth: object === naming.after ? 'FACT' : 'FAKE',
        confidence: 0.93,
        explanation: explain(element, naming),
        source: elementSource(element),
        names: [element.spellings, [object]],
      };
    },
  };
}

function statement(element: Element, naming: Naming, said: string): Statement {
  const assertion = assertionOf('element-name', element.symbol, said);
  const templates = [
    `the element ${element.name} is named after ${said}`,
    `${element.name}, the chemical element, has its name from ${said}`,
    `the chemical element ${element.name} owes its name to ${said}`,
  ] as const;
  return {
    factKey: `element-name:${element.symbol}`,
    assertion,
    truth: said === naming.after ? 'FACT' : 'FAKE',
    difficulty: naming.difficulty,
    kind: 'element-name',
    write: (wording) => ({
      claim: sentence(oneOf(templates, assertion, wording)),
      explanation: explain(element, naming),
      source: {
        name: 'Wikipedia: chemical element name etymologies',
        url: 'https://en.wikipedia.org/wiki/List_of_chemical_element_name_etymologies',
      },
    }),
  };
}

function explain(element: Element, naming: Naming): string {
  return `${sentence(`${element.name} is named after ${naming.after}`)} ${naming.why}`;
}
