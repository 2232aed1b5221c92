// Random bytes and ids, drawn many at once: each draw asks the system's generator, which costs more than all
// that is done with one.

import { randomFillSync } from 'node:crypto';
import { monotonicFactory } from 'ulid';

const pool = Buffer.alloc(4_096);
let drawn = pool.length;

/** Where the next `bytes` bytes begin in the pool. */
function draw(bytes: number): number {
  if (drawn + bytes > pool.length) {
    randomFillSync(pool);
    drawn = 0;
  }
  drawn += bytes;
  return drawn - bytes;
}

/** Random bytes as hexadecimal digits. */
export function randomHex(bytes: number): string {
  const at = draw(bytes);
  return pool.toString('hex', at, at + bytes);
}

/** ULIDs of this process, each greater than the one before. */
export const ulids: () => string = monotonicFactory(() => pool.readUInt8(draw(1)) / 256);
