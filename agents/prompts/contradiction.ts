// Does an explanation say the opposite of its verdict? Small models explain one thing and tick another. The
// rule is made to be seldom wrong rather than to catch all: it listens only to words about the statement
// itself ("The statement is false"), to a first word that judges ("False."), and to the statement said again
// with other numbers. "It is true that …, but" and words about other claims are left alone. Comparing any
// numbers of one unit was tried: it refused sound claims (about 454 grams, exactly 453.59) and caught none.

import type { Truth } from '../../core/claim.ts';

const statement = String.raw`\b(?:this|the|that|your) (?:given |above )?(?:statement|assertion)`;
const is = ` (?:is|was|must be) (?:(?:therefore|thus|hence|indeed|simply|actually|completely|entirely|in fact|clearly|definitely) )*`;
const falsely = String.raw`(?:false|fake|wrong|incorrect|untrue|inaccurate|a myth|a misconception|not (?:(?:entirely|quite|completely|fully|strictly) )?(?:true|correct|accurate|right|a fact)|only (?:partly|partially|half) (?:true|correct))\b`;
const truly = String.raw`(?:true|correct|accurate|factual|a fact|right|not (?:false|fake|wrong|incorrect|untrue|a myth))\b(?!,? (?:in part|only|except|if|but|that|when|for some))`;

const said: Readonly<Record<Truth, RegExp>> = {
  FAKE: new RegExp(
    `${statement}${is}${falsely}|^(?:this|the|that) claim${is}${falsely}|^(?:false|fake|incorrect|wrong|untrue)[.!,—–]|\\b(?:answer|verdict) is FAKE\\b`,
    'i',
  ),
  FACT: new RegExp(
    `${statement}${is}${truly}|^(?:this|the|that) claim${is}${truly}|^true[.!—–]|\\b(?:answer|verdict) is FACT\\b`,
    'i',
  ),
};

/** What is wrong, or null. `text` is the statement that the verdict is about. */
export function contradiction(text: string, explanation: string, truth: Truth): string | null {
  const spoken = truthSpoken(explanation) ?? truthRepeated(text, explanation);
  if (spoken === null || spoken === truth) return null;
  return `the explanation says ${spoken}, the verdict ${truth}`;
}

/** Null also where it says both. */
function truthSpoken(explanation: string): Truth | null {
  const [fact, fake] = [said.FACT.test(explanation), said.FAKE.test(explanation)];
  if (fact === fake) return null;
  return fact ? 'FACT' : 'FAKE';
}

/** The statement once more and nothing else: its own numbers confirm it, others correct it. */
function truthRepeated(text: string, explanation: string): Truth | null {
  const [one, other] = [skeletonOf(text), skeletonOf(explanation)];
  if (one.words !== other.words || one.words.split(' ').length < 3) return null;
  return one.numbers === other.numbers ? 'FACT' : 'FAKE';
}

function skeletonOf(text: string): { words: string; numbers: string } {
  const number = /\d+(?:\.\d+)?/g;
  const bare = text.toLowerCase().replace(/(\d)[,\u2009\u00A0](?=\d{3})/g, '$1');
  const words = bare
    .replace(number, '#')
    .replace(/[^\p{L}#]+/gu, ' ')
    .trim();
  return { words, numbers: (bare.match(number) ?? []).join(' ') };
}
