// The name of the fact behind a sentence that a model wrote, so that a room is not asked it twice. Data sets
// name their facts exactly; here the words have to do: which ones, not in which order, and not whether they
// are affirmed or denied.

import { createHash } from 'node:crypto';
import { limits } from '../core/limits.ts';

const small = new Set(
  (
    'a an the of in on at to by for from with than that this these those which who whom whose as and or but not no nor is are ' +
    'was were be been being has have had do does did it its he she they them his her their there can could will would may ' +
    'might must into about over under between during only also very more most all any some known called'
  ).split(' '),
);

/** `model:` and the words that carry meaning, sorted; the same for the usual rewordings of one sentence. */
export function factKeyOf(claim: string): string {
  const plain = claim.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const tokens = plain.replace(/(\d)[,\u2009'](?=\d{3})/g, '$1').match(/\d+(?:\.\d+)?|\p{L}+/gu) ?? [];
  const telling = tokens.filter((token) => token.length > 1 || /\d/.test(token)).filter((t) => !small.has(t));
  const key = `model:${[...new Set(telling.map(singular))].sort().join('-')}`;
  if (telling.length > 0 && key.length <= limits.factKeyCharsMax) return key;
  const hash = createHash('sha256').update(plain).digest('hex').slice(0, 16);
  return `${key.slice(0, limits.factKeyCharsMax - 17)}:${hash}`;
}

function singular(word: string): string {
  return word.length > 3 && word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word;
}
