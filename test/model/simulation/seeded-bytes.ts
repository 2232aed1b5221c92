// Random bytes of a seed for what is drawn from the system's generator: laid over node:crypto, for as long as
// a simulated game takes.

import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { randomHex } from '../../../streams/contract/random.ts';
import type { Random } from '../../faults/random.ts';

const system = crypto.randomFillSync;
// As many as the engine draws at once: what it still has of them is forgotten with this.
const drawnAtOnce = 4_096;

/** Gives what takes it off again. */
export function seedBytes(random: Random): () => void {
  crypto.randomFillSync = ((bytes: Uint8Array) => {
    const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
    for (let at = 0; at < words.length; at += 1) words[at] = Math.floor(random.next() * 4_294_967_296);
    return bytes;
  }) as typeof system;
  syncBuiltinESMExports();
  randomHex(drawnAtOnce);
  return () => {
    crypto.randomFillSync = system;
    syncBuiltinESMExports();
    randomHex(drawnAtOnce);
  };
}
