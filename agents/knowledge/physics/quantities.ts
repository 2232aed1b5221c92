// How large things are. Facts: our own table, after its first reference; judge: the number of the second
// reference. Fakes: the slips that people make, such as another unit, a power of ten, two digits exchanged.

import { oneOf } from '../phrase.ts';
import { assertionOf, type LoadedSource, type Ruling, type Statement } from '../source.ts';
import { earthlyQuantities } from './earthly-quantities.ts';
import type { Quantity } from './quantity.ts';
import { skyQuantities } from './sky-quantities.ts';

const quantities: readonly Quantity[] = [...skyQuantities, ...earthlyQuantities];

// What is said and what is known may differ by so much, because most values are rounded.
const TOLERANCE = 0.03;

export async function loadQuantities(): Promise<LoadedSource> {
  const byId = new Map(quantities.map((quantity) => [quantity.id, quantity]));
  return {
    statements: quantities.flatMap((quantity) =>
      [quantity.right, ...quantity.wrong.map(([text]) => text)].map((text) => statement(quantity, text)),
    ),
    judge({ subject, object }): Ruling | null {
      const quantity = byId.get(subject);
      const said = quantity && numberOf(quantity, object);
      if (!quantity || said === undefined) return null;
      return {
        truth: Math.abs(said / quantity.second - 1) <= TOLERANCE ? 'FACT' : 'FAKE',
        confidence: 0.95,
        explanation: explain(quantity, object),
        source: quantity.sources[1],
        names: [],
        wording: wordingOf(quantity, object),
      };
    },
  };
}

/** Value of a text of the table; undefined for any other text. */
function numberOf(quantity: Quantity, text: string): number | undefined {
  if (text === quantity.right) return quantity.value;
  return quantity.wrong.find(([wrong]) => wrong === text)?.[1];
}

function wordingOf(quantity: Quantity, text: string, wording = 0): string {
  return oneOf(quantity.wordings, `${quantity.id} ${text}`, wording).replace('{}', text);
}

function statement(quantity: Quantity, text: string): Statement {
  return {
    factKey: `quantity:${quantity.id}`,
    assertion: assertionOf('quantity', quantity.id, text),
    truth: text === quantity.right ? 'FACT' : 'FAKE',
    difficulty: quantity.difficulty,
    kind: 'quantity',
    write: (wording) => ({
      claim: wordingOf(quantity, text, wording),
      explanation: explain(quantity, text),
      source: quantity.sources[0],
    }),
  };
}

function explain(quantity: Quantity, text: string): string {
  return text === quantity.right ? quantity.why : `It is ${quantity.right}, not ${text}. ${quantity.why}`;
}
