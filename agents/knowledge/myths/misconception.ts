// One common misconception: what many believe, what is true instead, and two references that do not depend on
// each other. The tables beside this file hold them by theme; `misconceptions.ts` makes claims of them.

import type { Difficulty, Source } from '../../../core/claim.ts';

export interface Misconception {
  /** Names the fact for ever; never reuse one. */
  readonly id: string;
  /** What people believe: a whole sentence that is false. */
  readonly myth: string;
  /**
   * What is true instead: a whole sentence of its own, which must not need the other one to be understood.
   */
  readonly fact: string;
  /** Where the belief comes from, or how one found out; a person enjoys it after answering. */
  readonly why: string;
  readonly difficulty: Difficulty;
  /** The first is told with the claim, the second is the judge's. */
  readonly sources: readonly [Source, Source];
}

/** An article of the English Wikipedia, by its title. */
export function wiki(title: string): Source {
  return {
    name: `Wikipedia: ${title}`,
    url: `https://en.wikipedia.org/wiki/${encodeURI(title.replaceAll(' ', '_'))}`,
  };
}

/** A paper, by its digital object identifier. */
export function paper(name: string, doi: string): Source {
  return { name, url: `https://doi.org/${doi}` };
}

/** An article of the Encyclopaedia Britannica, by the path of its address. */
export function britannica(path: string): Source {
  return { name: 'Encyclopaedia Britannica', url: `https://www.britannica.com/${path}` };
}

export function page(name: string, url: string): Source {
  return { name, url };
}
