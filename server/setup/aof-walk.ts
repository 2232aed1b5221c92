// Reads one append-only file of Valkey and says what in it would not be loaded as it was acknowledged: a
// transaction that a crash cut in half. It looks at lengths and at three names of commands, never at data.

import type { FileHandle } from 'node:fs/promises';
import { createCommandReader } from './aof-commands.ts';
import { createTransactions, type Half } from './aof-transactions.ts';

export interface Walked {
  readonly size: number;
  /** Halves with acknowledged commands behind them, in order. */
  readonly halves: readonly Half[];
  /** What begins here was never acknowledged: a write that did not get to its end. */
  readonly tornAt: number | null;
  /** The last command itself is cut, or zeros stand where it should go on. */
  readonly cutInside: boolean;
}

const chunkBytes = 1 << 20;

/**
 * Reads the file once, from its beginning. Where something stands in it that no server writes, it is told as
 * whole: that is no crash, and the server refuses it with its own words.
 */
export async function walkAof(file: FileHandle): Promise<Walked> {
  const { size } = await file.stat();
  const transactions = createTransactions();
  const reader = createCommandReader();
  let buffer = Buffer.allocUnsafe(Math.min(chunkBytes, size));
  // Where in the file the buffer begins, how much of it is filled, and where in it the next command begins.
  let [base, filled, at] = [0, 0, 0];
  const ends = (cutInside: boolean) => ({ size, ...transactions.end(base + at, size), cutInside });
  while (base + at < size) {
    const found = reader.read(buffer, at, filled);
    if (found === 'command') {
      if (reader.name !== '') transactions.next(reader.name, reader.database, base + at);
      at = reader.end;
      continue;
    }
    if (found === 'strange') {
      if (await isZeroFrom(file, base + reader.end, size)) return ends(true);
      return { size, halves: [], tornAt: null, cutInside: false };
    }
    if (base + reader.end > size || base + filled === size) return ends(true);
    base += at;
    if (buffer.length < reader.end - at) buffer = Buffer.allocUnsafe(reader.end - at + chunkBytes);
    filled = await fill(file, buffer, base);
    at = 0;
  }
  return ends(false);
}

async function fill(file: FileHandle, buffer: Buffer, from: number): Promise<number> {
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, from + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}

/** After a power failure a file may have grown before its bytes were there. */
async function isZeroFrom(file: FileHandle, from: number, size: number): Promise<boolean> {
  const buffer = Buffer.alloc(chunkBytes);
  for (let at = from; at < size; ) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, at);
    if (bytesRead === 0) break;
    if (buffer.subarray(0, bytesRead).some((byte) => byte !== 0)) return false;
    at += bytesRead;
  }
  return true;
}
