// Before the server of a folder starts, what a crash left of unfinished writes is taken out of its
// append-only files: Valkey itself cuts such a file inside a transaction (aof-transactions.ts), and what it
// acknowledges then is lost with the start after. Called by `valkey-data.ts`; killed at any moment, it is
// simply run again.

import { copyFile, type FileHandle, link, open, readdir, readFile, rename, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Walked, walkAof } from './aof-walk.ts';

/** Files are there that a start would not read, or overwrite; the message says what to do. */
export class AofTrouble extends Error {
  override readonly name = 'AofTrouble';
}

export interface TornFile extends Walked {
  readonly file: string;
}

const manifest = 'appendonly.aof.manifest';

/**
 * The append-only files under `data` that a crash left torn. Reads them all; writes nothing.
 * @throws AofTrouble where the manifest does not name what is there.
 */
export async function tornFiles(data: string): Promise<TornFile[]> {
  const folder = join(data, 'appendonlydir');
  const names = await incrementalFiles(folder);
  await refuseUnnamed(folder, names);
  const torn: TornFile[] = [];
  for (const name of names) {
    const file = join(folder, name);
    const walked = await withFile(file, 'r', walkAof);
    const isWhole = walked === null || (walked.halves.length === 0 && walked.tornAt === null);
    // A server begins a new file only when the one before is whole. It refuses this one, and rightly.
    if (isWhole || (walked.cutInside && name !== names.at(-1))) continue;
    torn.push({ file, ...walked });
  }
  return torn;
}

/** Gives what was done, in sentences. No process may write to the file meanwhile. */
export async function mendFile(data: string, torn: TornFile): Promise<string[]> {
  const { file, size, halves, tornAt } = torn;
  const name = basename(file);
  const said: string[] = [];
  if (halves.length === 0) await withFile(file, 'r+', (handle) => cutBack(handle, tornAt ?? size));
  else {
    const kept = await leaveOut(data, torn);
    const bytes = halves.reduce((sum, { from, to }) => sum + to - from, 0);
    const where = halves.map(({ from }) => from).join(', ');
    said.push(
      `${name} had half a commit in it, left by an earlier crash (${bytes} bytes, at ${where}); it is taken out, since later commits were read as parts of it. ` +
        `The file as it was is ${kept}. Look at the rooms of that time: npx arena replay <room> --verify`,
    );
  }
  if (tornAt !== null) {
    said.push(
      `${name} ended in the middle of a write; its last ${size - tornAt} bytes, which were never acknowledged, are taken back`,
    );
  }
  return said;
}

/** One step of the file system: it happens or does not. */
async function cutBack(handle: FileHandle, at: number): Promise<void> {
  await handle.truncate(at);
  await handle.sync();
}

/** Writes a file without the halves in its place, and keeps the old one; gives the name of that. */
async function leaveOut(data: string, { file, halves, tornAt, size }: TornFile): Promise<string> {
  const fresh = join(data, `${basename(file)}.mending`);
  const kept = join(data, `${basename(file)}.before-mending`);
  const end = tornAt ?? size;
  await withFile(fresh, 'w', async (target) => {
    let from = 0;
    for (const half of [...halves, { from: end, to: end }]) {
      await copyRange(file, target, { from, to: half.from });
      from = half.to;
    }
    await target.sync();
  });
  await link(file, kept).catch((error: NodeJS.ErrnoException) =>
    // Kept by a mending that was killed; or a file system without links.
    error.code === 'EEXIST' ? undefined : copyFile(file, kept),
  );
  await rename(fresh, file);
  await withFile(dirname(file), 'r', (folder) => folder.sync());
  return kept;
}

async function copyRange(file: string, target: FileHandle, { from, to }: { from: number; to: number }) {
  if (from >= to) return;
  await withFile(file, 'r', async (source) => {
    for await (const part of source.createReadStream({ start: from, end: to - 1 })) await target.write(part);
  });
}

/** In the order in which they are loaded; none where there is no manifest yet. */
async function incrementalFiles(folder: string): Promise<string[]> {
  const text = await orNothing(readFile(join(folder, manifest), 'utf8'));
  const lines = (text ?? '').matchAll(/^file (\S+) seq \d+ type i\b/gm);
  return [...lines].map(([, name]) => name ?? '');
}

/**
 * A manifest that lost its end, or is gone, would have newer files left out, and written over.
 * @throws AofTrouble
 */
async function refuseUnnamed(folder: string, named: readonly string[]): Promise<void> {
  const newest = Math.max(0, ...named.map(sequenceOf));
  for (const name of (await orNothing(readdir(folder))) ?? []) {
    // An empty one is left by a server that was killed while it began it.
    if (sequenceOf(name) <= newest || (await stat(join(folder, name))).size === 0) continue;
    const line = `file ${name} seq ${sequenceOf(name)} type i`;
    throw new AofTrouble(
      `${join(folder, manifest)} does not name ${name}, whose events would be lost. Bring the manifest back from a backup; or, if only its end is missing, add: ${line}`,
    );
  }
}

/** 0 where it is another kind of file. */
const sequenceOf = (name: string): number => Number(/\.(\d+)\.incr\.aof$/.exec(name)?.[1] ?? 0);

/** Null where there is no such file. */
async function withFile<T>(
  file: string,
  flags: string,
  use: (handle: FileHandle) => Promise<T>,
): Promise<T | null> {
  const handle = await orNothing(open(file, flags, 0o600));
  if (handle === null) return null;
  try {
    return await use(handle);
  } finally {
    await handle.close();
  }
}

async function orNothing<T>(asked: Promise<T>): Promise<T | null> {
  return asked.catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
}
