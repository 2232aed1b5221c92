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
