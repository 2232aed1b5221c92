// Vectors as a model might give them: of any length, not of unit size, alike for texts that are alike.

import { createHashedEmbedder } from '../../agents/memory/hashed-embedder.ts';

const embedder = createHashedEmbedder();

/** Our own vectors folded to a length, and three times as long as they should be. */
export async function fakeVectors(texts: readonly string[], dimensions: number): Promise<number[][]> {
  const vectors = await embedder.embed(texts, new AbortController().signal);
  return vectors.map((vector) => {
    const folded = new Array<number>(dimensions).fill(0);
    for (const [index, value] of vector.entries())
      folded[index % dimensions] = (folded[index % dimensions] ?? 0) + 3 * value;
    return folded;
  });
}
