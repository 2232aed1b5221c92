// The words of the page in this person's language: the one chosen here before, else the browser's, else
// English. Choosing another one loads the page anew.

import type { Failure } from './client/wire.ts';
import { de } from './words/de.ts';
import { en, type Words } from './words/en.ts';

export const catalogues: Readonly<Record<string, Words>> = { en, de };
const key = 'arena:language';

export const language: string = chosen();
export const words: Words = catalogues[language] ?? en;

function chosen(): string {
  const wanted = [localStorage.getItem(key) ?? '', ...navigator.languages];
  return wanted.map((tag) => tag.slice(0, 2)).find((tag) => tag in catalogues) ?? 'en';
}

export function chooseLanguage(tag: string): void {
  localStorage.setItem(key, tag);
  location.reload();
}

/** A topic in words of this language; one that a host typed in theirs. */
export const topicName = (topic: string): string =>
  Object.hasOwn(words.topics, topic) ? (words.topics[topic] ?? topic) : topic;

/** What went wrong, in words of this language where there are some for it. */
export function said({ code, message, reason = '' }: Pick<Failure, 'code' | 'message' | 'reason'>): string {
  return textOf(words.nameProblems, reason) ?? textOf(words.errors, code) ?? message;
}

/** A newer server may know names that have no text here. */
const textOf = (texts: Readonly<Record<string, string>>, name: string): string | undefined => texts[name];
