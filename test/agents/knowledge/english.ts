// The slips that machine-made English is known for. Used by the test that reads every claim.

import { withArticle } from '../../../agents/knowledge/phrase.ts';

const NEEDS_THE =
  /(?<!\b[Tt]he )\b(Netherlands|Gambia|Bahamas|Philippines|Maldives|Comoros|Solomon Islands|Marshall Islands|United States|United Kingdom|United Arab Emirates|Dominican Republic|Central African Republic|Democratic Republic of the Congo|Federated States of Micronesia)\b/;
// Where another name begins or ends with one of those above.
const WITHOUT_THE = /Guinea-Bissau|Republic of the Congo/g;

/** What is wrong with a sentence, in words; empty when nothing is known to be. */
export function slipsIn(text: string): string[] {
  const slips: readonly (readonly [boolean, string])[] = [
    [/ {2,}/.test(text), 'two spaces'],
    [text !== text.trim(), 'space at an end'],
    // An internet domain begins with a point.
    [/\s([,;:!?]|\.(?![a-z]{2}\b))/.test(text), 'space before a mark'],
    [/\.\.|,,|;;|,\./.test(text), 'doubled mark'],
    [!/^["“(]?[\p{Lu}\p{N}\p{Emoji}]/u.test(text), 'small letter at the start'],
    [!/[.!?]["”)]?$/.test(text), 'no mark at the end'],
    [(text.match(/"/g)?.length ?? 0) % 2 !== 0, 'unbalanced quotes'],
    [(text.match(/\(/g)?.length ?? 0) !== (text.match(/\)/g)?.length ?? 0), 'unbalanced brackets'],
    [/\b(\p{L}+) \1\b/iu.test(text.replaceAll(/that that|had had/g, '')), 'word twice'],
    [/undefined|null|NaN|\[object/.test(text), 'hole in a template'],
    [/\bone (other )?countries\b|\b1 protons\b/.test(text), 'plural after one'],
    [NEEDS_THE.test(text.replaceAll(WITHOUT_THE, '')), 'missing "the"'],
    [/\b(in|of|from|with) The\b/.test(text.replaceAll('The Hague', '')), 'capital "The" inside'],
    [wrongArticle(text), 'wrong a or an'],
  ];
  return slips.filter(([found]) => found).map(([, slip]) => slip);
}

function wrongArticle(text: string): boolean {
  return [...text.matchAll(/(?:^|(?<=\. )|(?<=: )|\b(?=[a-z]))(an?) ([\p{L}-]+)/giu)].some(
    ([, article = '', noun = '']) => {
      // A single capital letter or an abbreviation is spoken letter by letter.
      if (/^[A-Z]{1,5}$/.test(noun)) return false;
      return withArticle(noun).split(' ')[0] !== article.toLowerCase();
    },
  );
}
