// What a machine can check of the documents and of the engine's words.

import type { Rule } from './tidy.ts';

/** A link of a document names a file that is there; one to a folder or a picture is not looked at. */
export const linksLeadSomewhere: Rule = (files) => {
  const paths = new Set(files.map(({ path }) => path));
  return files
    .filter(({ path }) => path.endsWith('.md'))
    .flatMap(({ path, text }) =>
      [...text.matchAll(/\]\(([\w./-]+\.(?:ts|tsx|mjs|lua|css|md))\)/g)]
        .map(([, link = '']) => new URL(link, `file:///${path}`).pathname.slice(1))
        .filter((linked) => !paths.has(linked))
        .map((linked) => `${path} links to ${linked}`),
    );
};

/**
 * What the engine's words were before ARCHITECTURE.md's glossary had one for each, and words that name
 * nobody.
 */
const oldWords =
  /\b(whoever|nobody|somebody|everybody|alarms|(?:door)?bells?|rings?|rung|gates?|doors?|outlets?|fitness|stuck|lifters?|seals|sealed|sealOf|loud|bury|buried|desks?|noted)\b/i;

export const engineSaysItsWords: Rule = (files) =>
  files
    .filter(({ path }) => path.startsWith('streams/'))
    .flatMap(({ path, text }) =>
      text
        .split('\n')
        .flatMap((line, index) => (oldWords.test(line) ? [`${path}:${index + 1} ${line.trim()}`] : [])),
    );
