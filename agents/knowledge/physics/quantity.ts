// One quantity that people half remember: the value of one reference, the value of another, and wrong ones of
// the kind that people give. The tables beside this file hold them; `quantities.ts` makes claims of them.

import type { Difficulty, Source } from '../../../core/claim.ts';

export interface Quantity {
  readonly id: string;
  /** A sentence with `{}` where the value goes, in two wordings. */
  readonly wordings: readonly [string, string];
  /** As written in the sentence, and as a number: by the first reference, and by the second. */
  readonly right: string;
  readonly value: number;
  readonly second: number;
  /** Wrong values as written, with their numbers. */
  readonly wrong: readonly (readonly [text: string, value: number])[];
  readonly why: string;
  readonly difficulty: Difficulty;
  readonly sources: readonly [Source, Source];
}

export const nist: Source = {
  name: 'NIST, fundamental constants',
  url: 'https://physics.nist.gov/cuu/Constants/',
};
export const nistUnits: Source = {
  name: 'NIST, Special Publication 811',
  url: 'https://www.nist.gov/pml/special-publication-811',
};
export const bipm: Source = {
  name: 'BIPM, SI brochure',
  url: 'https://www.bipm.org/en/publications/si-brochure',
};
export const wiki = (title: string): Source => ({
  name: `Wikipedia: ${title}`,
  url: `https://en.wikipedia.org/wiki/${encodeURI(title.replaceAll(' ', '_'))}`,
});
export const nasa = (name: string, path: string): Source => ({
  name: `NASA: ${name}`,
  url: `https://science.nasa.gov/${path}`,
});
export const page = (name: string, url: string): Source => ({ name, url });
