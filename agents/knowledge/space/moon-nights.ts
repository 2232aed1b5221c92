// How the Moon looked on nights that history or the calendar remembers. Facts: `astronomy-engine`; judge: the
// short series of Meeus. Fakes: the opposite of what it was. Nights on which it was neither nearly full nor
// nearly dark are left out.

import { z } from 'zod';
import { readJson } from '../data-file.ts';
import { oneOf, sentence } from '../phrase.ts';
import { assertionOf, type LoadedSource, type Ruling, type Statement } from '../source.ts';
import { litFraction } from './lunation.ts';

// Lit part of the disc.
const FULL_MIN = 0.88;
const DARK_MAX = 0.12;
// Feasts that players may remember.
const FIRST_YEAR = 1980;
const LAST_YEAR = 2025;

interface Night {
  /** UTC, to the hour: `1912-04-15T05`. */
  readonly hour: string;
  /** As a sentence begins with it. */
  readonly when: string;
}

const HISTORY: readonly Night[] = [
  { hour: '1773-12-17T00', when: 'on the evening of the Boston Tea Party, 16 December 1773' },
  { hour: '1775-04-19T04', when: 'on the night of the ride of Paul Revere, 18 April 1775' },
  { hour: '1805-10-21T20', when: 'on the evening of the battle of Trafalgar, 21 October 1805' },
  { hour: '1815-06-18T21', when: 'on the evening of the battle of Waterloo, 18 June 1815' },
  { hour: '1865-04-15T03', when: 'when Abraham Lincoln was shot, on the evening of 14 April 1865' },
  { hour: '1871-10-09T02', when: 'when the Great Fire of Chicago broke out, on 8 October 1871' },
  { hour: '1883-08-27T03', when: 'when Krakatoa exploded, on 27 August 1883' },
  { hour: '1903-12-17T15', when: 'on the day of the first flight of the Wright brothers, 17 December 1903' },
  { hour: '1906-04-18T13', when: 'on the morning of the San Francisco earthquake, 18 April 1906' },
  { hour: '1911-12-14T15', when: 'on the day Amundsen reached the South Pole, 14 December 1911' },
  { hour: '1912-04-15T05', when: 'on the night the Titanic sank, 15 April 1912' },
  { hour: '1914-12-25T00', when: 'on the night of the Christmas truce, 24 December 1914' },
  { hour: '1918-11-11T18', when: 'on the evening of the armistice, 11 November 1918' },
  { hour: '1922-11-04T12', when: 'on the day the tomb of Tutankhamun was found, 4 November 1922' },
  { hour: '1927-05-21T03', when: 'on the night Lindbergh flew the Atlantic, 20 May 1927' },
  { hour: '1937-05-06T23', when: 'when the Hindenburg burned, on 6 May 1937' },
  { hour: '1938-10-31T01', when: 'on the night of "The War of the Worlds" on the radio, 30 October 1938' },
  { hour: '1944-06-06T03', when: 'on the night of the landings in Normandy, 6 June 1944' },
  { hour: '1953-05-29T06', when: 'on the day Mount Everest was first climbed, 29 May 1953' },
  { hour: '1957-10-04T20', when: 'on the evening Sputnik was launched, 4 October 1957' },
  { hour: '1961-04-12T06', when: 'on the day of the flight of Yuri Gagarin, 12 April 1961' },
  { hour: '1969-08-16T01', when: 'on the first evening of Woodstock, 15 August 1969' },
  { hour: '1977-08-16T20', when: 'on the day Elvis Presley died, 16 August 1977' },
  { hour: '1980-12-09T04', when: 'on the evening John Lennon was shot, 8 December 1980' },
  { hour: '1985-07-13T21', when: 'on the evening of Live Aid, 13 July 1985' },
  { hour: '1986-04-25T22', when: 'on the night of the Chernobyl accident, 26 April 1986' },
  { hour: '1989-11-09T22', when: 'on the night the Berlin Wall fell, 9 November 1989' },
  { hour: '1990-02-11T14', when: 'on the day Nelson Mandela was freed, 11 February 1990' },
  { hour: '1997-05-11T20', when: 'on the day a computer beat the chess champion Kasparov, 11 May 1997' },
  { hour: '2004-12-26T01', when: 'on the morning of the great Indian Ocean tsunami, 26 December 2004' },
  { hour: '2012-08-06T05', when: 'when the rover Curiosity landed on Mars, on 6 August 2012' },
];

const FEASTS = [
  { date: '10-31', name: 'Halloween' },
  { date: '12-24', name: 'Christmas Eve' },
  { date: '12-31', name: "New Year's Eve" },
] as const;

type Look = 'full' | 'dark';

/** In a sentence: "the Moon was …". */
const LOOKS: Readonly<Record<Look, readonly [string, string]>> = {
  full: ['full or nearly so', 'a full disc, or nearly'],
  dark: ['new or nearly so', 'close to new and hardly lit'],
};

export async function loadMoonNights(): Promise<LoadedSource> {
  const litAt = await readJson('astronomy-engine/moon-lit.json', z.record(z.string(), z.number()));
  const nights = nightsAsked().flatMap((night) => {
    const lit = litAt[night.hour];
    const look = lit === undefined ? null : lookOf(lit);
    if (lit === undefined || look === null) return [];
    return look === lookOf(litFraction(dateOf(night.hour))) ? [{ night, lit, look }] : [];
  });
  const byHour = new Map(nights.map((entry) => [entry.night.hour, entry]));
  return {
    statements: nights.flatMap(({ night, lit, look }) => [
      statement(night, 'full', look, lit),
      statement(night, 'dark', look, lit),
    ]),
    judge({ subject, object }): Ruling | null {
      const entry = byHour.get(subject);
      const look = entry && lookOf(litFraction(dateOf(subject)));
      if (!entry || !look || (object !== 'full' && object !== 'dark')) return null;
      return {
        truth: look === object ? 'FACT' : 'FAKE',
        confidence: 0.94,
        explanation: explain(entry.night, entry.lit),
        source: { name: 'computed after Jean Meeus', url: 'https://aa.usno.navy.mil/data/MoonFraction' },
        names: [[dayIn(entry.night)], object === 'full' ? ['full'] : ['new']],
      };
    },
  };
}

export const nightsAsked = (): readonly Night[] => [...HISTORY, ...feasts()];

function feasts(): Night[] {
  const years = Array.from({ length: LAST_YEAR - FIRST_YEAR + 1 }, (_, index) => FIRST_YEAR + index);
  return years.flatMap((year) =>
    FEASTS.map(({ date, name }) => ({ hour: `${year}-${date}T22`, when: `on the night of ${name} ${year}` })),
  );
}

export function dateOf(hour: string): Date {
  return new Date(`${hour}:00:00Z`);
}

function lookOf(lit: number): Look | null {
  return lit >= FULL_MIN ? 'full' : lit <= DARK_MAX ? 'dark' : null;
}

/** The date or feast in its words: what a question must contain. */
function dayIn({ when }: Night): string {
  return /(\d{1,2} [A-Z]\p{L}+ \d{4}|[A-Z][\p{L}' ]+ \d{4})$/u.exec(when)?.[0] ?? when;
}

function statement(night: Night, said: Look, look: Look, lit: number): Statement {
  const assertion = assertionOf('moon-night', night.hour, said);
  const [first, second] = LOOKS[said];
  const templates = [
    `${night.when}, the Moon was ${first}`,
    `${night.when}, the Moon was ${second}`,
    `the Moon was ${first} ${night.when}`,
  ] as const;
  return {
    factKey: `moon-night:${night.hour}`,
    assertion,
    truth: said === look ? 'FACT' : 'FAKE',
    difficulty: 'hard',
    kind: HISTORY.includes(night) ? 'moon-in-history' : 'moon-on-a-feast',
    write: (wording) => ({
      claim: sentence(oneOf(templates, assertion, wording)),
      explanation: explain(night, lit),
      source: { name: 'computed with astronomy-engine', url: 'https://github.com/cosinekitty/astronomy' },
    }),
  };
}

function explain({ when }: Night, lit: number): string {
  const percent = Math.round(lit * 100);
  const look =
    lit >= FULL_MIN
      ? 'It rose around sunset and stood in the sky nearly all night.'
      : 'It stood close to the Sun, so the night was dark and full of stars wherever the sky was clear.';
  return `${sentence(`${when}, about ${percent} per cent of the disc was lit`)} ${look}`;
}
