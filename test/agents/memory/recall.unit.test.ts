import { describe, expect, test } from 'vitest';
import { createHashedEmbedder } from '../../../agents/memory/hashed-embedder.ts';
import { bestFirst, createRecall, expectedAccuracy } from '../../../agents/memory/recall.ts';
import { Fault } from '../../../streams/contract/fault.ts';
import { ownRecall, recallAt1 } from '../../bench/recall.ts';
import { played, rooms } from '../../server/stores/memory.contract.ts';
import { memoryInAMap, retractionsInASet } from '../../support/memory.ts';
import { newEmbeddedClaim } from '../../support/world.ts';

const [here, there] = rooms;
const embedder = createHashedEmbedder();
const { signal } = new AbortController();

const candidateOf = (claim: string) => ({ ...newEmbeddedClaim('FACT').candidate, claim });

/** A recall whose rooms have played these questions. */
async function recallAfter(
  history: readonly (readonly [room: typeof here, text: string, accuracy?: number])[],
) {
  const memory = memoryInAMap();
  for (const [index, [room, text, accuracy = 0.65]] of history.entries()) {
    const [embedding] = await embedder.embed([text], signal);
    if (embedding === undefined) throw new Error('no vector');
    const questions = [{ played: played(room, text, accuracy), embedding }];
    await memory.remember({ room, epoch: 'one', rev: index + 1, questions });
  }
  const blind: unknown[] = [];
  const retractions = retractionsInASet();
  const recall = createRecall({ memory, retractions, embedder, onBlind: (error) => blind.push(error) });
  return { recall, retractions, blind, memory };
}

const sifted = async (recall: ReturnType<typeof createRecall>, claims: readonly string[]) =>
  (await recall.sift(claims.map(candidateOf), here, signal)).map(({ claim }) => claim);

describe('a candidate', () => {
  const asked = 'The capital of Australia is Canberra.';
  const again = 'Canberra is the capital city of Australia.';
  const other = 'The chemical symbol of silver is Ag.';

  test('that was asked in other words comes last, or not at all', async () => {
    const { recall } = await recallAfter([[here, asked]]);
    expect((await sifted(recall, [again, other]))[0]).toBe(other);
    expect(await sifted(recall, [asked, other])).toEqual([other]);
  });

  test('that was asked in another room only is as good as new', async () => {
    const { recall } = await recallAfter([[there, asked]]);
    expect(await sifted(recall, [again, other])).toEqual([again, other]);
  });

  test('that repeats is still better than none', async () => {
    const { recall } = await recallAfter([[here, asked]]);
    expect(await sifted(recall, [asked])).toEqual([asked]);
  });

  test('about a retracted fact does not come', async () => {
    const { recall, retractions } = await recallAfter([]);
    const [bad, good] = [candidateOf(asked), candidateOf(other)];
    await retractions.add([bad.factKey]);
    expect(await recall.sift([bad, good], here, signal)).toEqual([good]);
  });

  test('is taken as it comes when the embedder fails, and somebody is told', async () => {
    const { memory, retractions } = await recallAfter([[here, asked]]);
    const broken = { ...embedder, embed: () => Promise.reject(new Error('down')) };
    const told: unknown[] = [];
    const recall = createRecall({
      memory,
      retractions,
      embedder: broken,
      onBlind: (error) => told.push(error),
    });
    expect(await sifted(recall, [again, other])).toEqual([again, other]);
    expect(await recall.askedAbout('capitals', here, signal)).toEqual([]);
    expect(told).toHaveLength(2);
  });

  test('waits for the store when that is away: the task is tried again', async () => {
    const { memory, retractions } = await recallAfter([]);
    const away = () => Promise.reject(new Fault('unavailable', 'away', { retryable: true }));
    const recall = createRecall({
      memory: { ...memory, nearest: away },
      retractions,
      embedder,
      onBlind: () => undefined,
    });
    await expect(recall.sift([candidateOf(asked)], here, signal)).rejects.toThrow('away');
  });
});

describe('how hard it is', () => {
  test('is guessed from what like it was, near ones counting more', () => {
    const likes = [
      { similarity: 0.8, accuracy: 1 },
      { similarity: 0.4, accuracy: 0.4 },
      { similarity: 0.1, accuracy: 0 },
      { similarity: 0.9, accuracy: null },
    ];
    expect(expectedAccuracy(likes)).toBeCloseTo((0.8 * 1 + 0.4 * 0.4) / 1.2, 10);
    expect(expectedAccuracy([])).toBeNull();
  });

  test('decides between candidates that are equally new: two of three should know', () => {
    const [easy, right, hard] = ['easy', 'right', 'hard'].map((name) => candidateOf(`This one is ${name}.`));
    if (!easy || !right || !hard) throw new Error('three');
    const seen = [
      { candidate: easy, repeat: 0, accuracy: 1 },
      { candidate: hard, repeat: 0, accuracy: 0.1 },
      { candidate: right, repeat: 0, accuracy: 0.6 },
    ];
    expect(bestFirst(seen)).toEqual([right, easy, hard]);
  });
});

// It reads all that there is to know: seconds, on a busy machine.
describe('our own embedder', { timeout: 60_000 }, () => {
  test('finds at least 96 of 100 of our own claims by other wordings', async () => {
    const { recall, queries } = await ownRecall(embedder);
    expect(queries).toBeGreaterThan(1_000);
    expect(recall).toBeGreaterThanOrEqual(0.96);
  });

  test('finds nothing where nothing is alike: the measure can fail', async () => {
    const asked = [
      { key: 'a', text: 'Sharks are older than trees.' },
      { key: 'b', text: 'Honey does not spoil.' },
    ];
    expect(await recallAt1(embedder, asked, [{ key: 'a', text: 'Honey keeps for centuries.' }])).toBe(0);
  });

  test('gives vectors of unit length, the same for the same text, and any text has one', async () => {
    const texts = ['Two is even.', 'Two is even.', '…', ''];
    const vectors = await embedder.embed(texts, signal);
    expect(vectors[0]).toEqual(vectors[1]);
    expect(Math.hypot(...(vectors[0] ?? []))).toBeCloseTo(1, 5);
    expect(vectors.map((vector) => vector.length)).toEqual(texts.map(() => embedder.dimensions));
  });

  test('names its space after the table it was made with', () => {
    const other = createHashedEmbedder({ word: { kind: 5 } });
    expect(other.space).toMatch(/^[a-z0-9_]+$/);
    expect(other.space).not.toBe(embedder.space);
  });
});
