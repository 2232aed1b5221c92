// All sources of claims, each loaded at its first use. One entry here and one file make a new source; topics,
// drawing, judging, the survey and the tests follow from this list.

import { isUnsettled } from './as-of-now.ts';
import type { Misconception } from './myths/misconception.ts';
import { type Asserted, type KnowledgeSource, type LoadedSource, readAssertion } from './source.ts';

const sources: readonly KnowledgeSource[] = [
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
    topic: 'Geography',
    name: 'areas',
    keywords: ['area', 'size', 'map', 'country', 'world'],
    predicates: ['larger-area'],
    weight: 1,
    load: async () => (await import('./geography/areas.ts')).loadAreas(),
  },
  {
    topic: 'Geography',
    name: 'populations',
    keywords: ['population', 'people', 'country', 'world'],
    predicates: ['more-people'],
    weight: 1,
    load: async () => (await import('./geography/populations.ts')).loadPopulations(),
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
  {
    topic: 'Languages',
    name: 'official languages',
    keywords: ['language', 'country', 'speak', 'law'],
    predicates: ['official-language'],
    weight: 2,
    load: async () => (await import('./languages/official-languages.ts')).loadOfficialLanguages(),
  },
  {
    topic: 'Languages',
    name: 'scripts',
    keywords: ['language', 'letter', 'alphabet', 'script', 'writing'],
    predicates: ['script'],
    weight: 2,
    load: async () => (await import('./languages/scripts.ts')).loadScripts(),
  },
  {
    topic: 'Internet',
    name: 'domains and calling codes',
    keywords: ['internet', 'domain', 'phone', 'telephone', 'web', 'country'],
    predicates: ['domain', 'calling-code'],
    weight: 2,
    load: async () => (await import('./internet/country-domains.ts')).loadCountryDomains(),
  },
  {
    topic: 'Internet',
    name: 'HTTP statuses',
    keywords: ['internet', 'web', 'http', 'server', 'programming', 'computer'],
    predicates: ['http-status'],
    weight: 1,
    load: async () => (await import('./internet/http-statuses.ts')).loadHttpStatuses(),
  },
  {
    topic: 'Geography',
    name: 'places of cities',
    keywords: ['city', 'cities', 'map', 'latitude', 'north', 'east', 'travel', 'world'],
    predicates: ['further-north', 'further-east'],
    weight: 2,
    load: async () => (await import('./geography/city-positions.ts')).loadCityPositions(),
  },
  {
    topic: 'Chemistry',
    name: 'melting points',
    keywords: ['melt', 'temperature', 'metal', 'element', 'chemist'],
    predicates: ['melts-hotter'],
    weight: 1,
    load: async () => (await import('./chemistry/melting-points.ts')).loadMeltingPoints(),
  },
  {
    topic: 'Space',
    name: 'planets',
    keywords: ['planet', 'space', 'astronomy', 'solar', 'sun', 'mars', 'jupiter'],
    predicates: [
      'planet-mass',
      'planet-diameter',
      'planet-density',
      'planet-gravity',
      'planet-escape',
      'planet-turn',
      'planet-distance',
      'planet-year',
      'planet-speed',
      'year-length',
      'day-length',
    ],
    weight: 3,
    load: async () => (await import('./space/planets.ts')).loadPlanets(),
  },
  {
    topic: 'Space',
    name: 'eclipses',
    keywords: ['eclipse', 'sun', 'moon', 'astronomy', 'space'],
    predicates: ['solar-eclipse', 'lunar-eclipse'],
    weight: 1,
    load: async () => (await import('./space/eclipses.ts')).loadEclipses(),
  },
  {
    topic: 'Space',
    name: 'moon nights',
    keywords: ['moon', 'astronomy', 'night', 'history', 'space'],
    predicates: ['moon-night'],
    weight: 1,
    load: async () => (await import('./space/moon-nights.ts')).loadMoonNights(),
  },
  {
    topic: 'Physics',
    name: 'quantities',
    keywords: ['physics', 'number', 'science', 'measure', 'unit', 'speed', 'universe'],
    predicates: ['quantity'],
    weight: 1,
    load: async () => (await import('./physics/quantities.ts')).loadQuantities(),
  },
  {
    topic: 'Emoji',
    name: 'emoji',
    keywords: ['emoji', 'unicode', 'smiley', 'phone', 'chat'],
    predicates: ['emoji-year', 'emoji-newer'],
    weight: 1,
    load: async () => (await import('./emoji/emoji.ts')).loadEmoji(),
  },
  {
    topic: 'Chemistry',
    name: 'names of elements',
    keywords: ['element', 'name', 'word', 'chemist', 'science'],
    predicates: ['element-name'],
    weight: 3,
    load: async () => (await import('./chemistry/element-names.ts')).loadElementNames(),
  },
  myths(
    'animals',
    ['animal', 'nature', 'wildlife', 'pet', 'dog', 'cat', 'bird', 'insect'],
    async () => (await import('./myths/animals.ts')).animals,
  ),
  myths(
    'creatures',
    ['animal', 'nature', 'wildlife', 'ocean', 'sea', 'dinosaur', 'fish'],
    async () => (await import('./myths/creatures.ts')).creatures,
  ),
  myths(
    'body',
    ['body', 'health', 'medicine', 'human', 'biology', 'doctor'],
    async () => (await import('./myths/body.ts')).body,
  ),
  myths(
    'mind',
    ['mind', 'brain', 'psychology', 'sleep', 'learning', 'einstein'],
    async () => (await import('./myths/mind.ts')).mind,
  ),
  myths(
    'space',
    ['space', 'astronomy', 'planet', 'star', 'moon', 'sun', 'nasa', 'universe'],
    async () => (await import('./myths/space.ts')).space,
  ),
  myths(
    'earth',
    ['earth', 'weather', 'nature', 'geology', 'climate', 'ocean'],
    async () => (await import('./myths/earth.ts')).earth,
  ),
  myths(
    'matter',
    ['physics', 'technology', 'science', 'invention', 'computer', 'machine', 'engineering'],
    async () => (await import('./myths/matter.ts')).matter,
  ),
  myths(
    'food',
    ['food', 'drink', 'plant', 'cooking', 'fruit', 'kitchen'],
    async () => (await import('./myths/food.ts')).food,
  ),
  myths(
    'history',
    ['history', 'war', 'emperor', 'ancient', 'king', 'people'],
    async () => (await import('./myths/history.ts')).history,
  ),
  myths(
    'words',
    ['word', 'language', 'book', 'film', 'literature', 'culture', 'movie'],
    async () => (await import('./myths/words.ts')).words,
  ),
  myths(
    'places',
    ['geography', 'place', 'map', 'travel'],
    async () => (await import('./myths/places.ts')).places,
  ),
];

export const catalogue: readonly KnowledgeSource[] = sources.map((source) => ({
  ...source,
  load: async () => settled(await source.load()),
}));

/** Without what is disputed or about to change, neither in claims nor in verdicts. */
function settled({ statements, judge }: LoadedSource): LoadedSource {
  const isSettled = ({ predicate, subject, object }: Asserted) => !isUnsettled(predicate, subject, object);
  return {
    statements: statements.filter(({ assertion }) => {
      const asserted = readAssertion(assertion);
      return asserted === null || isSettled(asserted);
    }),
    judge: (asserted) => (isSettled(asserted) ? judge(asserted) : null),
  };
}

/** One table of misconceptions, by theme; weighed by the topic as a whole. */
function myths(
  theme: string,
  keywords: readonly string[],
  table: () => Promise<readonly Misconception[]>,
): KnowledgeSource {
  return {
    topic: 'Myths',
    name: `myths about ${theme}`,
    keywords: ['myth', 'misconception', 'legend', ...keywords],
    predicates: [`myth-${theme}`],
    weight: 1,
    load: async () =>
      (await import('./myths/misconceptions.ts')).misconceptionClaims(`myth-${theme}`, await table()),
  };
}
