// A wish of an operator that may be sent again, since its reply was lost: it is about what was there when it
// came first, and gives what it gave then.

import { z } from 'zod';
import { Fault } from '../../streams/engine.ts';
import type { Intent } from '../../streams/parts.ts';
import { dayMs, orFault } from '../../streams/parts.ts';
import type { Operator } from './operator.ts';

const Kept = z.object({ content: z.string(), asOf: z.number(), result: z.unknown().optional() });

/** Longer than anybody goes on asking. */
const keptMs = dayMs;

export const keyReused = (): Fault =>
  new Fault('key_reused', 'this key was sent before, with another wish', { retryable: false });

/**
 * Runs `work` as of the moment (ms) at which this wish came first; work that was broken off runs again, and
 * must leave alone what it did then.
 * @throws Fault `key_reused` when the key belongs to another wish.
 */
export async function once<T>(
  { connection, keys, log }: Pick<Operator, 'connection' | 'keys' | 'log'>,
  { key, content }: Intent,
  work: (asOf: number) => Promise<T>,
): Promise<T> {
  const name = keys.wish(key);
  const fresh = { content, asOf: await log.now(null) };
  const text = await orFault(() => connection.set(name, JSON.stringify(fresh), 'PX', keptMs, 'NX', 'GET'));
  const first = text === null ? fresh : Kept.parse(JSON.parse(text));
  if (first.content !== content) throw keyReused();
  // What this very function has kept.
  if ('result' in first) return first.result as T;
  const result = await work(first.asOf);
  await orFault(() => connection.set(name, JSON.stringify({ ...first, result }), 'PX', keptMs, 'XX'));
  return result;
}
