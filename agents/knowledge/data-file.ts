// Reads a data file out of an installed package. Unlike `import`, it leaves nothing behind: what the caller
// does not keep is free again, which matters for files of several megabytes. Called by sources while they
// load.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { z } from 'zod';

const { resolve } = createRequire(import.meta.url);

/**
 * `specifier` like `world-countries/countries.json`. Throws when the file is missing or has another shape.
 */
export async function readJson<T>(specifier: string, schema: z.ZodType<T>): Promise<T> {
  const parsed = schema.safeParse(JSON.parse(await readFile(resolve(specifier), 'utf8')));
  if (!parsed.success) throw new Error(`${specifier} has another shape: ${parsed.error.message}`);
  return parsed.data;
}

export async function readBytes(specifier: string): Promise<Buffer> {
  return readFile(resolve(specifier));
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
