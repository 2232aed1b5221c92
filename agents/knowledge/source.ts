// What a source of claims is: facts with their bent twins, and a judge that looks things up elsewhere.
// Every file that knows a data set implements `KnowledgeSource`; `catalogue.ts` lists them. Nothing is loaded
// before `load` is called, and a source keeps no more than its statements need.

import type { Difficulty, Source, Truth } from '../../core/claim.ts';

/** The parts of an assertion `predicate|subject|object`. */
export interface Asserted {
  readonly predicate: string;
  readonly subject: string;
  readonly object: string;
}

/** The words of a statement, made only when somebody asks for it. */
export interface Written {
  readonly claim: string;
  readonly explanation: string;
  readonly source: Source;
}

/**
 * One claim that could be made. `kind` groups claims of one shape, so that no shape crowds out the others.
 */
export interface Statement {
  readonly factKey: string;
  readonly assertion: string;
  readonly truth: Truth;
  readonly difficulty: Difficulty;
  readonly kind: string;
  /** `wording` (0 by default) counts on from the usual one of its templates, round and round. */
  write(wording?: number): Written;
}

/**
 * What the second source says of an assertion. `names` are the words a question must contain to be about it,
 * each with its other spellings; `ordered`: they must come in this order, for "A is larger than B". `wording`
 * is set where the assertion is a whole sentence: then the question must say the same in about the same
 * words.
 */
export interface Ruling extends Pick<Written, 'explanation' | 'source'> {
  readonly truth: Truth;
  /** 0..1 */
  readonly confidence: number;
  readonly names: readonly (readonly string[])[];
  readonly ordered?: boolean;
  readonly wording?: string;
}

export interface LoadedSource {
  readonly statements: readonly Statement[];
  /**
   * Looks the assertion up in the second source, never in the one the statements came from; null: not
   * covered.
   */
  judge(asserted: Asserted): Ruling | null;
}

export interface KnowledgeSource {
  /** Title that people choose from. Several sources may share one. */
  readonly topic: string;
  readonly name: string;
  /** Lower-case words of a free-text topic that mean this source. */
  readonly keywords: readonly string[];
  /** Predicates of its assertions; no two sources share one. */
  readonly predicates: readonly string[];
  /** How often it is drawn from, against the others of its topic. */
  readonly weight: number;
  load(): Promise<LoadedSource>;
}

export function assertionOf(predicate: string, subject: string, object: string): string {
  return `${predicate}|${subject}|${object}`;
}

/** Null for anything that is not of the form `predicate|subject|object`. */
export function readAssertion(assertion: string): Asserted | null {
  const parts = assertion.split('|');
  const [predicate, subject, object] = parts;
  if (parts.length !== 3 || !predicate || !subject || !object) return null;
  return { predicate, subject, object };
}

/** One key for a comparison, whichever way it is told: `pairKey('area', 'TJ', 'KG')` is `area:KG~TJ`. */
export function pairKey(predicate: string, one: string, other: string): string {
  return `${predicate}:${[one, other].sort().join('~')}`;
}
