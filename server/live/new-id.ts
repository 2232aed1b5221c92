// Ids that this process makes, one after the other. None is a secret. The library draws chance for each
// character, one call of the system each, at the first id of a millisecond: 42 us. So chance comes in stock.

import { randomFillSync } from 'node:crypto';
import { monotonicFactory } from 'ulid';

const stock = new Uint8Array(4_096);
let left = 0;

/** 0..1, in steps of a 256th: a character of an id has 32 values. */
function chance(): number {
  if (left === 0) {
    randomFillSync(stock);
    left = stock.length;
  }
  left -= 1;
  return (stock[left] ?? 0) / 256;
}

export const newId = monotonicFactory(chance);
