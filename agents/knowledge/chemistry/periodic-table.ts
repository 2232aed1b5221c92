// The elements as two packages know them: `periodic-table` for the facts, `chemical-elements` for the judge.
// Names follow IUPAC (aluminium, caesium, sulfur); other spellings are understood.

import { z } from 'zod';
import type { Source } from '../../../core/claim.ts';
import { once, readJson } from '../data-file.ts';
import { upperFirst } from '../phrase.ts';
import { elementNotes } from './element-notes.ts';

export interface Element {
  readonly number: number;
  readonly symbol: string;
  /** Lower case, as in a sentence. */
  readonly name: string;
  readonly spellings: readonly string[];
  /** Standard atomic weight in u; null where only a mass number is given. */
  readonly mass: number | null;
  /** In kelvin. */
  readonly meltingPoint: number | null;
  /** One that people meet outside a laboratory. */
  readonly known: boolean;
}

const Row = z.object({
  atomicNumber: z.int(),
  symbol: z.string(),
  name: z.string(),
  // "55.845(2)": the uncertainty of the last digit; "[98]" or a number: no stable isotope, so no weight.
  atomicMass: z.union([z.string(), z.array(z.number()), z.number()]),
  meltingPoint: z.union([z.number(), z.string()]),
});

const IUPAC: Readonly<Record<string, string>> = { Al: 'aluminium', Cs: 'caesium', S: 'sulfur' };
const ALSO: Readonly<Record<string, string>> = { Al: 'aluminum', Cs: 'cesium', S: 'sulphur' };
const KNOWN = new Set(
  (
    'H He Li B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Ti Cr Mn Fe Co Ni Cu Zn As Br Kr Ag Cd Sn Sb I Xe Ba W Pt ' +
    'Au Hg Pb Bi Rn Ra U Pu'
  ).split(' '),
);

export const loadElements = once(async (): Promise<readonly Element[]> => {
  const rows = await readJson('periodic-table/data.json', z.array(Row));
  return rows.map(({ atomicNumber, symbol, name, atomicMass, meltingPoint }) => {
    const inText = IUPAC[symbol] ?? name.toLowerCase();
    const mass = typeof atomicMass === 'string' ? Number.parseFloat(atomicMass) : Number.NaN;
    return {
      number: atomicNumber,
      symbol,
      name: inText,
      spellings: [inText, ALSO[symbol] ?? inText],
      mass: Number.isFinite(mass) ? mass : null,
      meltingPoint: typeof meltingPoint === 'number' ? meltingPoint : null,
      known: KNOWN.has(symbol),
    };
  });
});

const SecondRow = z.object({
  number: z.int(),
  symbol: z.string(),
  name: z.string(),
  mass: z.number().nullable(),
});

export const loadSecondElements = once(async () => {
  const rows = await readJson('chemical-elements/elements.json', z.array(SecondRow));
  return rows.map(({ mass, ...row }) => ({ ...row, mass: mass ?? Number.NaN }));
});

/** The data set, and a page for people. */
export function elementSource(element: Element): Source {
  return {
    name: `periodic-table; read on at the Royal Society of Chemistry: ${element.name}`,
    url: `https://periodic-table.rsc.org/element/${element.number}/${element.name}`,
  };
}

/** The note on an element, naming it, for a sentence that has spoken of two. */
export function noteOn(element: Element): string {
  const note = elementNotes[element.symbol] ?? '';
  const name = upperFirst(element.name);
  if (/^Its? /.test(note)) return note.replace(/^Its /, `${name}: its `).replace(/^It /, `${name} `);
  return note.toLowerCase().includes(element.name) ? note : `${name}: ${note}`;
}
