// One remembered question as the server keeps it: JSON text with its vector, as a JSON document, a plain
// string, or in a hash with the vector beside it as little-endian float32.

import { z } from 'zod';
import { Difficulty, Truth } from '../../core/claim.ts';
import { RoomCode, RoundId } from '../../core/ids.ts';
import type { Neighbour, PlayedQuestion } from '../../core/memory.ts';
import type { Valkey } from '../../streams/engine.ts';

export type ShelfKind = 'json' | 'hash' | 'string';

/** Where the questions stand. */
export interface Shelf {
  readonly connection: Valkey;
  readonly prefix: string;
  readonly kind: ShelfKind;
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
}

// Float32 has no more digits than that.
const digits = 7;

/** `embedding` null where it stands beside the text. */
export function textOf(
  played: PlayedQuestion,
  { space, embedding }: { space: string; embedding: Float32Array | null },
): string {
  const vector =
    embedding === null ? {} : { embedding: [...embedding].map((x) => Number(x.toPrecision(digits))) };
  return JSON.stringify({ ...played, space, ...vector });
}

export function bytesOf(vector: Float32Array): Buffer {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * 4);
  return bytes;
}

function vectorOf(bytes: Buffer): Float32Array {
  return Float32Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readFloatLE(index * 4));
}

/** Null where there is none, or one of another kind or make: then it is as if it had been forgotten. */
export async function readQuestion(shelf: Shelf, id: string): Promise<KeptQuestion | null> {
  const { connection, prefix, kind } = shelf;
  const key = prefix + id;
  if (kind === 'hash') {
    const [doc, embedding] = await connection.hmgetBuffer(key, 'doc', 'embedding');
    return doc && embedding ? keptOf(String(doc), vectorOf(embedding)) : null;
  }
  const call = kind === 'json' ? connection.call('JSON.GET', key) : connection.get(key);
  const text = await call.catch((error: unknown) => {
    if (/WRONGTYPE/.test(String(error))) return null;
    throw error;
  });
  return typeof text === 'string' ? keptOf(text, null) : null;
}

function keptOf(text: string, beside: Float32Array | null): KeptQuestion | null {
  const parsed = Kept.safeParse(JSON.parse(text));
  if (!parsed.success) return null;
  const { space, embedding, ...played } = parsed.data;
  const vector = beside ?? (embedding === undefined ? null : Float32Array.from(embedding));
  return vector === null ? null : { played, space, embedding: vector };
}

/** The cosine of two vectors of unit length. */
export function similarityOf(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}

export async function neighbourOf(
  shelf: Shelf,
  id: string,
  embedding: Float32Array,
): Promise<Neighbour | null> {
  const kept = await readQuestion(shelf, id);
  if (kept === null) return null;
  return { ...kept.played, similarity: similarityOf(kept.embedding, embedding) };
}
