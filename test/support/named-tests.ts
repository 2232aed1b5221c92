// Tests that papers name, by file and title: found in the files, so that a table of them cannot outlive them.

import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface NamedTest {
  readonly file: string;
  readonly title: string;
}

/** As papers write it: the path in backticks, then the title in quotes, with `…` where it is cut. */
export const namedIn = (text: string): NamedTest[] =>
  [...text.matchAll(/`(test\/[\w./-]+\.test\.ts)` “([^”]+)”/g)].map(([, file = '', title = '']) => ({
    file,
    title,
  }));

/** What is wrong with a reference; null where the file has a test of that title. */
export function whyNone({ file, title }: NamedTest): string | null {
  if (!existsSync(root + file)) return `${file} is not there`;
  const text = readFileSync(root + file, 'utf8');
  const titles = [...text.matchAll(/(?:^|[(,]\s*)(['"`])((?:(?!\1).)+)\1,/gm)].map(([, , said = '']) => said);
  const begun = title.endsWith('…') ? title.slice(0, -1).trimEnd() : null;
  const found = titles.some((said) => (begun === null ? said === title : said.startsWith(begun)));
  return found ? null : `${file} has no test “${title}”`;
}
