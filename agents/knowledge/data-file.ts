// Reads one of the extracts under `data/`. Called by sources while they load.

import { readFile } from 'node:fs/promises';
import type { z } from 'zod';

/** `name` like `world-countries/countries.json`. Throws when the file is missing or has another shape. */
export async function readJson<T>(name: string, schema: z.ZodType<T>): Promise<T> {
  const text = await readFile(new URL(`./data/${name}`, import.meta.url), 'utf8');
  const parsed = schema.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error(`${name} has another shape: ${parsed.error.message}`);
  return parsed.data;
}

/** Runs `load` once, at the first call; a failure is not kept. */
export function once<T>(load: () => Promise<T>): () => Promise<T> {
  let kept: Promise<T> | null = null;
  return () => {
    kept ??= load().catch((error: unknown) => {
      kept = null;
      throw error;
    });
    return kept;
  };
}
