// Of which kind an eclipse was. Facts: computed by `astronomy-engine`; judge: the short series of Meeus.
// Fakes: the other kinds. Only eclipses of the past, so that a sentence stays true, and only those on which
// both agree.

import { z } from 'zod';
import { readJson } from '../data-file.ts';
import { oneOf, sentence } from '../phrase.ts';
import { type Asserted, assertionOf, type LoadedSource, type Ruling, type Statement } from '../source.ts';
import { type EclipseKind, eclipseNear, lunarKind, solarKind } from './lunation.ts';

const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);
const ENGINE = { name: 'computed with astronomy-engine', url: 'https://github.com/cosinekitty/astronomy' };
const MEEUS = {
  name: 'computed after Jean Meeus; compare NASA’s eclipse catalogues',
  url: 'https://eclipse.gsfc.nasa.gov/',
};

const Eclipse = z.object({
  body: z.enum(['solar', 'lunar']),
  /** UTC, `1999-08-11`. */
  day: z.string(),
  kind: z.enum(['total', 'annular', 'partial', 'penumbral']),
  /** Where a solar eclipse was greatest, in degrees north and east. */
  place: z.object({ north: z.number(), east: z.number() }).nullable(),
});
type Eclipse = z.infer<typeof Eclipse>;
type Body = Eclipse['body'];

export async function loadEclipses(): Promise<LoadedSource> {
  // From 1950 to 2025.
  const all = (await readJson('astronomy-engine/eclipses.json', z.array(Eclipse))).filter(
    (eclipse) => secondKind(eclipse.body, eclipse.day) === eclipse.kind,
  );
  const byKey = new Map(all.map((eclipse) => [`${eclipse.body} ${eclipse.day}`, eclipse]));
  return {
    statements: all.flatMap((eclipse) =>
      [eclipse.kind, ...otherKinds(eclipse)].map((kind) => statement(eclipse, kind)),
    ),
    judge({ predicate, subject, object }: Asserted): Ruling | null {
      const body = predicate === 'solar-eclipse' ? 'solar' : 'lunar';
      const eclipse = byKey.get(`${body} ${subject}`);
      const kind = secondKind(body, subject);
      if (!eclipse || !kind) return null;
      return {
        truth: kind === object ? 'FACT' : 'FAKE',
        confidence: 0.94,
        explanation: explain(eclipse),
        source: MEEUS,
        names: [[inWords(subject)], [object], [body, body === 'solar' ? 'sun' : 'moon']],
      };
    },
  };
}

function secondKind(body: Body, day: string): EclipseKind | null {
  const eclipse = eclipseNear(new Date(`${day}T12:00:00Z`), body === 'lunar');
  if (!eclipse) return null;
  return body === 'solar' ? solarKind(eclipse) : lunarKind(eclipse);
}

function otherKinds({ body, kind }: Eclipse): EclipseKind[] {
  const kinds: readonly EclipseKind[] = body === 'solar' ? ['total', 'annular'] : ['total', 'partial'];
  return kinds.filter((other) => other !== kind).slice(0, 1);
}

/** "11 August 1999". */
function inWords(day: string): string {
  const [year, month, date] = day.split('-').map(Number);
  return `${date} ${MONTHS[(month ?? 1) - 1]} ${year}`;
}

function statement(eclipse: Eclipse, kind: EclipseKind): Statement {
  const { body, day } = eclipse;
  const assertion = assertionOf(`${body}-eclipse`, day, kind);
  const star = body === 'solar' ? 'Sun' : 'Moon';
  const article = kind === 'annular' ? 'an' : 'a';
  const templates = [
    `the ${body} eclipse of ${inWords(day)} was ${kind}`,
    `on ${inWords(day)} there was ${article} ${kind} eclipse of the ${star}`,
    `astronomers list the ${body} eclipse of ${inWords(day)} as ${kind}`,
  ] as const;
  return {
    factKey: `${body}-eclipse:${day}`,
    assertion,
    truth: kind === eclipse.kind ? 'FACT' : 'FAKE',
    difficulty: day > '1990' && eclipse.kind === 'total' ? 'normal' : 'hard',
    kind: `${body}-eclipse`,
    write: (wording) => ({
      claim: sentence(oneOf(templates, assertion, wording)),
      explanation: explain(eclipse),
      source: ENGINE,
    }),
  };
}

const MEANINGS: Readonly<Record<Body, Readonly<Record<string, string>>>> = {
  solar: {
    total: 'the Moon covered the whole Sun, and the corona came out',
    annular: 'the Moon was too far away to cover the whole Sun, and a ring of it remained',
    partial: 'the Moon took only a bite out of the Sun, wherever one stood',
  },
  lunar: {
    total: 'the Moon went all the way into the shadow of the Earth and turned dark red',
    partial: 'only a part of the Moon went into the shadow of the Earth',
    penumbral: 'the Moon missed the dark core of the shadow and only grew a little dim',
  },
};

function explain({ body, day, kind, place }: Eclipse): string {
  const where = place ? ` The middle of it was seen at ${coordinates(place)}.` : '';
  return `The eclipse of ${inWords(day)} was ${kind}: ${MEANINGS[body][kind] ?? ''}.${where}`;
}

function coordinates({ north, east }: { north: number; east: number }): string {
  const [latitude, longitude] = [Math.round(Math.abs(north)), Math.round(Math.abs(east))];
  return `${latitude}° ${north < 0 ? 'south' : 'north'}, ${longitude}° ${east < 0 ? 'west' : 'east'}`;
}
