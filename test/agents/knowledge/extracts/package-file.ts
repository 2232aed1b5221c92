// Reads a file out of an installed package, as it was published.

import { readFile } from 'node:fs/promises';
import type { z } from 'zod';

const modules = new URL('../../../../node_modules/', import.meta.url);

/** `specifier` like `world-countries/countries.json`; what the schema does not name is left out. */
export async function readPackage<T>(specifier: string, schema: z.ZodType<T>): Promise<T> {
  return schema.parse(JSON.parse((await readPackageBytes(specifier)).toString('utf8')));
}

export const readPackageBytes = (specifier: string): Promise<Buffer> => readFile(new URL(specifier, modules));
