// Can a folder still be written to? Asked where a Valkey of ours ends: it says so in its log, and no more.

import { open, rm, statfs } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { getSystemErrorMap } from 'node:util';

// More than what is left where the last write found no room.
const probeBytes = 64 * 1_024;
const scarceBytes = 64 * 1_024 * 1_024;

export interface DiskLook {
  /** What the system says against a write; null where it takes it. */
  readonly refusal: string | null;
  readonly freeBytes: number;
  readonly allBytes: number;
}

/** Null where there is no such folder. */
export async function lookAtDisk(folder: string): Promise<DiskLook | null> {
  const room = await statfs(folder).catch(() => null);
  if (room === null) return null;
  const { bsize, bavail, blocks } = room;
  return { refusal: await refusalOf(folder), freeBytes: bsize * bavail, allBytes: bsize * blocks };
}

/** Writes, makes sure that it stands, and takes it away again. */
async function refusalOf(folder: string): Promise<string | null> {
  const file = join(folder, `.written-${process.pid}`);
  try {
    const handle = await open(file, 'w', 0o600);
    try {
      await handle.writeFile(Buffer.alloc(probeBytes));
      await handle.sync();
    } finally {
      await handle.close();
    }
    return null;
  } catch (error) {
    return saidBySystem(error);
  } finally {
    await rm(file, { force: true }).catch(() => undefined);
  }
}

/** "no space left on device" for ENOSPC, as the system has it. */
export function saidBySystem(error: unknown): string {
  const { errno } = error as NodeJS.ErrnoException;
  return getSystemErrorMap().get(errno ?? 0)?.[1] ?? String(error);
}

/** What is wrong with the disk under a folder, as a sentence without its full stop; null where nothing is. */
export async function diskTrouble(folder: string): Promise<string | null> {
  const look = await lookAtDisk(folder);
  if (look === null || look.refusal === null) return null;
  return `${resolve(folder)} takes nothing more: ${look.refusal} (${leftOf(look)})`;
}

export const leftOf = ({ freeBytes, allBytes }: DiskLook): string =>
  `${megabytes(freeBytes)} of ${megabytes(allBytes)} MB are free`;

export const isScarce = ({ freeBytes }: DiskLook): boolean => freeBytes < scarceBytes;

const megabytes = (bytes: number): string => (bytes / 1_048_576).toFixed(bytes < 10_485_760 ? 1 : 0);
