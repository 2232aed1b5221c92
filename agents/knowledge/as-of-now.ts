// Brings what a data set says up to the present, by the list of `changes.ts`: called wherever a data set is
// read, for the first source and for the second alike, so that the new state of things is the fact and the
// old one a fake.

import { type Change, changes, unsettled } from './changes.ts';

type Of<K extends Change['kind']> = Extract<Change, { kind: K }>;

const of = <K extends Change['kind']>(kind: K): Of<K>[] =>
  changes.filter((change): change is Of<K> => change.kind === kind);

/** Three-letter codes of neighbours, as they are now. */
export function neighboursNow(code3: string, listed: readonly string[]): string[] {
  return [...new Set([...listed, ...across(code3, 1)])];
}

/** Digits of the countries whose outlines touch, as they would be drawn now. */
export function touchingNow(digits: string, drawn: ReadonlySet<string>): ReadonlySet<string> {
  const more = across(digits, 2);
  return more.length === 0 ? drawn : new Set([...drawn, ...more]);
}

function across(code: string, which: 1 | 2): string[] {
  return of('border').flatMap(({ between: [one, two] }) =>
    one[which] === code ? [two[which]] : two[which] === code ? [one[which]] : [],
  );
}

/** The change that made two countries neighbours, by their codes of two letters; null where none did. */
export function newBorder(one: string, two: string): Change | null {
  const codes = ({ between }: Of<'border'>) => between.map(([code]) => code);
  return of('border').find((change) => [one, two].every((code) => codes(change).includes(code))) ?? null;
}

export function newBorderOf(country: string): Change | null {
  return of('border').find(({ between }) => between.some(([code]) => code === country)) ?? null;
}

export function newCapital(country: string): Of<'capital'> | null {
  return of('capital').find((change) => change.country === country) ?? null;
}

export function capitalNow<T extends string | null | undefined>(country: string, listed: T): T | string {
  const change = newCapital(country);
  return listed === change?.was ? (change?.now ?? listed) : listed;
}

export function newCurrency(country: string): Of<'currency'> | null {
  return of('currency').find((change) => change.country === country) ?? null;
}

/** ISO 4217 codes. */
export function currenciesNow(country: string, listed: readonly string[]): string[] {
  const change = newCurrency(country);
  const { was, now } = change ?? {};
  return [...new Set(listed.map((code) => (code === was ? (now ?? code) : code)))];
}

export function newLanguage(country: string, language: string): Of<'language'> | null {
  return of('language').find((one) => one.country === country && one.language === language) ?? null;
}

/** Languages that lost their rank. */
export function languagesGivenUp(country: string): string[] {
  return of('language').flatMap((one) => (one.country === country && !one.official ? [one.language] : []));
}

export function languagesNow(country: string, listed: Iterable<string>): string[] {
  const gone = new Set(languagesGivenUp(country));
  const come = of('language').filter((one) => one.country === country && one.official);
  return [...new Set([...listed, ...come.map(({ language }) => language)])].filter((code) => !gone.has(code));
}

/** Whether nothing is asked about this. */
export function isUnsettled(predicate: string, subject: string, object: string): boolean {
  return unsettled.some(
    (one) =>
      (one.predicate === '*' || one.predicate === predicate) &&
      (one.country === subject || one.country === object) &&
      (one.object === undefined || one.object === object),
  );
}
