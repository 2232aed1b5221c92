// `arena knowledge`: how many claims the embedded provider can make, by source, truth and difficulty, and a
// sample of them to read. The same seed prints the same sample.

import { createKnowledge } from '../../agents/knowledge/knowledge.ts';
import { type Survey, surveyKnowledge } from '../../agents/knowledge/survey.ts';
import type { Candidate } from '../../core/claim.ts';
import { CannotStart } from './explain.ts';

export interface KnowledgeOptions {
  readonly json?: boolean;
  /** How many claims to print, in digits. */
  readonly sample?: string;
  readonly seed?: string;
  readonly topic?: string;
}

const SAMPLE_MAX = 10_000;
// As many as one call of the researcher asks for, so that the sample has the mixture of a game.
const AT_ONCE = 4;

/** Throws CannotStart for an option that is no whole number. */
export async function knowledgeCommand(
  options: KnowledgeOptions,
  print: (text: string) => void = (text) => process.stdout.write(text),
): Promise<void> {
  const count = wholeNumber('sample', options.sample ?? '0');
  const seed = wholeNumber('seed', options.seed ?? '1');
  const survey = await surveyKnowledge();
  const sample = await sampleOf(Math.min(count, SAMPLE_MAX), seed, options.topic ?? null);
  if (options.json) print(`${JSON.stringify({ ...survey, sample }, null, 2)}\n`);
  else print(`${[...table(survey), '', ...sample.flatMap(lines)].join('\n').trimEnd()}\n`);
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new CannotStart(`--${name} must be a whole number, not "${text}"`);
  return Number(text);
}

async function sampleOf(count: number, seed: number, topic: string | null): Promise<Candidate[]> {
  const knowledge = createKnowledge();
  const random = seeded(seed);
  const avoid = new Set<string>();
  const sample: Candidate[] = [];
  while (sample.length < count) {
    const found = await knowledge.candidates({ topic, difficulty: null, count: AT_ONCE, avoid, random });
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

function table({ sources, total }: Survey): string[] {
  const heading = [
    'topic',
    'source',
    'facts',
    ...['FACT', 'FAKE'].flatMap((t) => [`${t} easy`, 'normal', 'hard']),
  ];
  const rows = sources.map(({ topic, source, facts, counts }) => [
    ...[topic, source, String(facts)],
    ...[counts.FACT, counts.FAKE].flatMap(({ easy, normal, hard }) => [easy, normal, hard].map(String)),
  ]);
  const widths = heading.map((cell, column) =>
    Math.max(...[heading, ...rows].map((row) => row[column]?.length ?? 0), cell.length),
  );
  const line = (row: string[]) =>
    row
      .map((cell, column) =>
        column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ');
  return [
    line(heading),
    ...rows.map(line),
    `${total.FACT} claims that are facts, ${total.FAKE} that are fakes`,
  ];
}

function lines({ claim, truth, difficulty, topic, explanation, source }: Candidate): string[] {
  return [
    `${truth}  ${claim}`,
    `      ${explanation}`,
    `      ${topic}, ${difficulty}. ${source.name} <${source.url}>`,
    '',
  ];
}
