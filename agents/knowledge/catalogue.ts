// All sources of claims, each loaded at its first use. One entry here and one file make a new source; topics,
// drawing, judging, the survey and the tests follow from this list.

import type { KnowledgeSource } from './source.ts';

export const catalogue: readonly KnowledgeSource[] = [
  {
    topic: 'Geography',
    name: 'capitals',
    keywords: ['capital', 'city', 'country', 'world', 'travel'],
    predicates: ['capital'],
    weight: 3,
    load: async () => (await import('./geography/capitals.ts')).loadCapitals(),
  },
  {
    topic: 'Geography',
    name: 'borders',
    keywords: ['border', 'neighbour', 'map', 'coast', 'country', 'world'],
    predicates: ['border'],
    weight: 2,
    load: async () => (await import('./geography/borders.ts')).loadBorders(),
  },
  {
    topic: 'Geography',
    name: 'surroundings',
    keywords: ['coast', 'sea', 'landlocked', 'neighbour', 'map'],
    predicates: ['neighbours', 'landlocked'],
    weight: 2,
    load: async () => (await import('./geography/surroundings.ts')).loadSurroundings(),
  },
  {
    topic: 'Chemistry',
    name: 'elements',
    keywords: ['element', 'chemical', 'chemist', 'atom', 'metal', 'science'],
    predicates: ['atomic-number', 'symbol', 'heavier-atom'],
    weight: 3,
    load: async () => (await import('./chemistry/elements.ts')).loadElementClaims(),
  },
  {
    topic: 'Money',
    name: 'currencies',
    keywords: ['money', 'currency', 'currencies', 'bank', 'economy', 'finance', 'country'],
    predicates: ['currency'],
    weight: 4,
    load: async () => (await import('./money/currencies.ts')).loadCurrencies(),
  },
  {
    topic: 'Money',
    name: 'euro',
    keywords: ['euro', 'europe', 'money'],
    predicates: ['euro-since'],
    weight: 1,
    load: async () => (await import('./money/euro.ts')).loadEuro(),
  },
];
