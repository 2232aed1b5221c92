// One remembered question as the server keeps it: JSON text with its vector, as a JSON document, a plain
// string, or in a hash with the vector beside it as little-endian float32.

import { z } from 'zod';
import { Difficulty, Truth } from '../../core/claim.ts';
import { RoomCode, RoundId } from '../../core/ids.ts';
import type { PlayedQuestion } from '../../core/memory.ts';
import type { Valkey } from '../../streams/parts.ts';
import { whyNot } from './modules.ts';
import { type Form, readStanding } from './standing.ts';

/** Where the questions stand. */
export interface Shelf {
  readonly connection: Valkey;
  readonly prefix: string;
}

const Kept = z.object({
  roundId: RoundId,
  room: RoomCode,
  at: z.number(),
  question: z.string(),
  topic: z.string(),
  difficulty: Difficulty,
  truth: Truth,
  factKey: z.string(),
  accuracy: z.number().nullable(),
  space: z.string(),
  embedding: z.array(z.number()).optional(),
});

export interface KeptQuestion {
  readonly played: PlayedQuestion;
  readonly space: string;
  readonly embedding: Float32Array;
  readonly form: Form;
}

// Float32 has no more digits than that.
const digits = 7;

/** The text of a question in this form, and its vector beside it, which a hash keeps apart. */
export function shelved(
  played: PlayedQuestion,
  { space, embedding, form }: Pick<KeptQuestion, 'space' | 'embedding' | 'form'>,
): { text: string; vector: Buffer } {
  const numbers = [...embedding].map((x) => Number(x.toPrecision(digits)));
  const vector = form === 'hash' ? {} : { embedding: numbers };
  return { text: JSON.stringify({ ...played, space, ...vector }), vector: bytesOf(embedding) };
}

export function bytesOf(vector: Float32Array): Buffer {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * 4);
  return bytes;
}

function vectorOf(bytes: Buffer): Float32Array {
  return Float32Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readFloatLE(index * 4));
}

/** Null where there is none, or one of another make or that we may not read: as if it had been forgotten. */
export async function readQuestion({ connection, prefix }: Shelf, id: string): Promise<KeptQuestion | null> {
  const standing = await readStanding(connection, prefix + id).catch(whyNot);
  if (standing === null || typeof standing === 'string' || standing.text === null) return null;
  const parsed = Kept.safeParse(jsonOf(standing.text));
  if (!parsed.success) return null;
  const { space, embedding, ...played } = parsed.data;
  const { form, vector } = standing;
  if (vector !== null) return { played, space, form, embedding: vectorOf(vector) };
  return embedding === undefined ? null : { played, space, form, embedding: Float32Array.from(embedding) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The cosine of two vectors of unit length. */
export function similarityOf(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}
