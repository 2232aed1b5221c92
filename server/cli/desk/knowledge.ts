// `arena knowledge`: how many claims the embedded provider can make, by source, truth and difficulty, and a
// sample of them. The same seed prints the same sample.

import { createKnowledge } from '../../../agents/knowledge/knowledge.ts';
import { type Survey, surveyKnowledge } from '../../../agents/knowledge/survey.ts';
import type { Candidate } from '../../../core/claim.ts';
import { numberOption } from '../terminal/number-option.ts';
import { type Column, table } from '../terminal/output.ts';

export interface KnowledgeOptions {
  readonly json?: boolean;
  /** How many claims to print, in digits. */
  readonly sample?: string;
  readonly seed?: string;
  readonly topic?: string;
}

const sampleMax = 10_000;
// As many as one call of the researcher asks for, so that the sample has the mixture of a game.
const atOnce = 4;

/** Throws CannotStart for an option that is no whole number. */
export async function knowledgeCommand(
  options: KnowledgeOptions,
  print: (text: string) => void = (text) => process.stdout.write(text),
): Promise<void> {
  const count = wholeNumber('sample', options.sample ?? '0');
  const seed = wholeNumber('seed', options.seed ?? '1');
  const survey = await surveyKnowledge();
  const sample = await sampleOf(Math.min(count, sampleMax), seed, options.topic ?? null);
  if (options.json) print(`${JSON.stringify({ ...survey, sample })}\n`);
  else print(`${[...summary(survey), '', ...sample.flatMap(lines)].join('\n').trimEnd()}\n`);
}

const wholeNumber = (name: string, text: string): number =>
  numberOption(name, text, {
    what: 'a whole number',
    isSo: (value) => Number.isInteger(value) && value >= 0 && value < 2 ** 32,
  });

async function sampleOf(count: number, seed: number, topic: string | null): Promise<Candidate[]> {
  const knowledge = createKnowledge();
  const random = seeded(seed);
  const avoid = new Set<string>();
  const sample: Candidate[] = [];
  while (sample.length < count) {
    const found = await knowledge.candidates({ topic, difficulty: null, count: atOnce, avoid, random });
    if (found.length === 0) break;
    for (const { factKey } of found) avoid.add(factKey);
    sample.push(...found);
  }
  return sample.slice(0, count);
}

/** A small generator of numbers 0 <= x < 1 (splitmix32): enough to shuffle, no more. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
  };
}

function summary({ sources, total }: Survey): string[] {
  const counted = ['facts', ...['FACT', 'FAKE'].flatMap((truth) => [`${truth} easy`, 'normal', 'hard'])];
  const columns: readonly Column[] = [
    { title: 'topic' },
    { title: 'source' },
    ...counted.map((title): Column => ({ title, align: 'right' })),
  ];
  const rows = sources.map(({ topic, source, facts, counts }) => [
    ...[topic, source, facts],
    ...[counts.FACT, counts.FAKE].flatMap(({ easy, normal, hard }) => [easy, normal, hard]),
  ]);
  return [table(columns, rows), `${total.FACT} claims that are facts, ${total.FAKE} that are fakes`];
}

function lines({ claim, truth, difficulty, topic, explanation, source }: Candidate): string[] {
  return [
    `${truth}  ${claim}`,
    `      ${explanation}`,
    `      ${topic}, ${difficulty}. ${source.name} <${source.url}>`,
    '',
  ];
}
