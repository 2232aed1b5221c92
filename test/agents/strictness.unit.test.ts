// The rules for what models write, held against what is known to be sound: every claim of the knowledge with
// its explanation and source. A rule that refuses one of them is too strict.

import { expect, it } from 'vitest';
import { catalogue } from '../../agents/knowledge/catalogue.ts';
import { contradiction } from '../../agents/prompts/contradiction.ts';
import { tellsItsTruth, withoutLabel } from '../../agents/prompts/giveaway.ts';
import { plainOf, unfit } from '../../agents/prompts/plain-text.ts';
import { sourceOf } from '../../agents/prompts/sources.ts';

const loaded = await Promise.all(catalogue.map((source) => source.load()));
const claims = loaded.flatMap(({ statements }) =>
  statements.map((statement) => ({ ...statement.write(), truth: statement.truth })),
);

it.each<[string, (claim: (typeof claims)[number]) => string | null]>([
  ['contradict itself', ({ claim, explanation, truth }) => contradiction(claim, explanation, truth)],
  [
    'have an odd source',
    ({ source }) => {
      const sourced = sourceOf(source.name, source.url);
      return 'problem' in sourced ? `${sourced.problem}: ${source.url}` : sourced.note;
    },
  ],
  ['be unfit for readers', ({ claim, explanation }) => unfit(claim) ?? unfit(explanation)],
  ['need mending', ({ claim, explanation }) => (plainOf(`${claim} ${explanation}`).mended ? claim : null)],
  ['tell its truth', ({ claim }) => (tellsItsTruth(claim) ? claim : null)],
  ['have a label', ({ claim }) => (withoutLabel(claim) === claim ? null : claim)],
])('no sound claim is said to %s', (_, wrong) => {
  expect(claims.length).toBeGreaterThan(5_000);
  expect(claims.flatMap((claim) => wrong(claim) ?? [])).toEqual([]);
});
