// Asking a server in the ways that it was learned to want, and learning them from its refusals: each refusal
// that names a part of the request changes that part, at once, a bounded number of times. What led to an
// answer is remembered for this server and model, and forgotten after a while, since servers are upgraded.

import { limits } from '../../core/limits.ts';
import { ModelFault, type Reply } from '../model.ts';
import { learn, namesOurs, untaught, type Ways } from './ways.ts';

export type Send = (ways: Ways) => Promise<Reply>;

/** One for each server and model. `clock` in ms, only for differences. */
export function createAdapting(clock: () => number): (send: Send) => Promise<Reply> {
  let known = untaught;
  let since = 0;
  const keep = (ways: Ways) => {
    if (ways === known) return;
    known = ways;
    since = clock();
  };
  return async (send) => {
    if (known !== untaught && clock() - since > limits.modelWaysKeptMs) known = untaught;
    let ways = known;
    let first: ModelFault | null = null;
    for (let refusals = 0; ; refusals += 1) {
      try {
        const reply = await send(ways);
        keep(ways);
        return ways.notes.length === 0 ? reply : { ...reply, notes: [...ways.notes, ...(reply.notes ?? [])] };
      } catch (error) {
        if (!(error instanceof ModelFault) || error.said === null) throw error;
        first ??= error;
        const next = learn(ways, error.said, error.message);
        // Where no way was taken, what was said of the first one tells most.
        if (next === null) throw namesOurs(error.said) ? first : error;
        if (refusals >= limits.modelRefusalsMax) throw first;
        ways = next;
      }
    }
  };
}
