// Append-only files as Valkey writes them, for tests.

import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Walked, walkAof } from '../../server/setup/aof-walk.ts';

/** One command: its words, each with its length before it. */
export function command(...words: readonly string[]): string {
  const lines = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
  return `*${words.length}\r\n${lines.join('')}`;
}

/** A folder that is gone after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'arena-aof-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export const appendOnly = (data: string): string => join(data, 'appendonlydir');
export const incremental = (data: string, sequence = 1): string =>
  join(appendOnly(data), `appendonly.aof.${sequence}.incr.aof`);

/** Files with these contents, the first one the oldest, and the manifest that names them. */
export async function writeAof(data: string, ...contents: readonly (string | Buffer)[]): Promise<void> {
  await mkdir(appendOnly(data), { recursive: true });
  for (const [index, text] of contents.entries()) await writeFile(incremental(data, index + 1), text);
  const lines = contents.map(
    (_, index) => `file appendonly.aof.${index + 1}.incr.aof seq ${index + 1} type i\n`,
  );
  await writeFile(join(appendOnly(data), 'appendonly.aof.manifest'), lines.join(''));
}

export async function walked(file: string): Promise<Walked> {
  const handle = await open(file);
  try {
    return await walkAof(handle);
  } finally {
    await handle.close();
  }
}
